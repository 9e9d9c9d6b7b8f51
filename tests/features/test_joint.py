"""All parts at once: what the network is given, and what it makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from detector.features import affinity, coherence
from detector.features.joint import MOST, PLACES, Joint, inputs, inputs_of, views_of
from detector.features.matcher import Matcher
from detector.features.reading import Reading

PAGE = """<html><title>Council repairs the old bridge - Wendmill Gazette</title><body>
<nav><a href="/">Home</a> <a href="/council">Council</a> <a href="/river">River and bridge</a></nav>
<h1>Council repairs the old bridge</h1>
<p>The council of Wendmill agreed on Tuesday evening to repair the old bridge over the river, which lorries have avoided since the flood.</p>
<footer>© 2024 Wendmill Gazette</footer></body></html>"""


def test_a_place_is_the_unit_mean_of_its_parts_and_unknown_without_them() -> None:
    east, north = np.eye(2, dtype=np.float32)
    found = views_of({"nav": east, "breadcrumb": north, "outbound0": north}, None, east, "outbound", 2)
    assert np.allclose(found[PLACES.index("menu")], np.sqrt(0.5)) and np.allclose(found[PLACES.index("content")], east)
    assert np.allclose(found[PLACES.index("outward")], north)
    assert np.isnan(found[[PLACES.index(name) for name in ("home", "lists", "title", "hidden", "name")]]).all()


def test_inputs_say_what_is_missing_and_multiply_with_the_main_text() -> None:
    views = np.full((1, len(PLACES), 2), np.nan, dtype=np.float16)
    views[0, PLACES.index("content")], views[0, PLACES.index("title")] = (1.0, 0.0), (1.0, 0.0)
    row = inputs_of(views)
    assert row.shape == (1, inputs(2)) and row.dtype == np.float32 and not np.isnan(row).any()
    assert row[0, -len(PLACES) :].tolist() == [float(name not in ("content", "title")) for name in PLACES]
    # Eight times a coordinate; of products of two such, half, and none with what is missing.
    assert sorted(row[0, : -len(PLACES)][row[0, : -len(PLACES)] != 0].tolist()) == [8.0, 8.0, 32.0]


def test_odds_are_those_of_the_network_bounded_and_unknown_without_a_main_text() -> None:
    rng = np.random.default_rng(3)
    network = Joint(*(rng.normal(size=size).astype(np.float32) for size in ((inputs(2), 5), (5,), (5,), (1,))))
    views = rng.normal(size=(4, len(PLACES), 2)).astype(np.float32) * 0.2
    views[3] = np.nan
    units = np.maximum(0, inputs_of(views) @ network.hidden + network.hidden_bias)
    wanted = np.clip(units @ network.output + network.bias, -MOST, MOST)
    found = network.odds(views)
    assert np.allclose(found[:3], wanted[:3], atol=1e-4) and np.isnan(found[3])
    loud = replace(network, bias=np.array([1e6], dtype=np.float32))
    assert (loud.odds(views[:3]) == MOST).all()


def test_both_tiers_read_a_page_in_their_own_space(reading: Callable[..., Reading], matcher: Matcher) -> None:
    found = reading(PAGE, "https://wendmill-gazette.example/a")
    words, meaning = affinity.views(found, matcher), coherence.views(found, matcher)
    assert words.shape[1] == 64 and meaning.shape[1] == matcher.basis.shape[1]
    for views in (words, meaning):
        known = ~np.isnan(views[:, 0])
        assert known[[PLACES.index(name) for name in ("home", "menu", "title", "content", "name")]].all()
        assert np.allclose(np.linalg.norm(views[known], axis=1), 1.0, atol=1e-3)
    assert matcher.joint_words is not None and matcher.joint_meaning is not None
    assert affinity.extract(found).values["affinity.joint"] == matcher.joint_words.odds(words[None])[0]
    assert coherence.extract(found).values["coherence.joint"] == matcher.joint_meaning.odds(meaning[None])[0]
