"""Parts against the main text: what is read of a page, and what is said of a part that has nothing to do with it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from detector.features import affinity
from detector.features.matcher import MOST, Matcher
from detector.features.reading import Reading
from detector.features.registry import NAMES
from detector.features.wordvectors import words_of

PAGE = """<html><title>Council repairs the old bridge - Wendmill Gazette</title><body>
<nav><a href="/">Home</a> <a href="/council">Council</a> <a href="/river">River and bridge</a></nav>
<h1>Council repairs the old bridge</h1>
<p>The council of Wendmill agreed on Tuesday evening to repair the old bridge over the river, which lorries have avoided since the flood.</p>
<p>Masons from the quarry will begin in April, and the bus company has asked for a timetable before the summer holidays begin.</p>
<p>Nobody at the meeting spoke against the plan, although two members wondered who would pay for the temporary ferry this year.</p>
<footer>© 2024 Wendmill Gazette</footer></body></html>"""


def values(found: Reading) -> dict[str, float]:
    result = affinity.extract(found).values
    return {name.split(".", 1)[1]: value for name, value in result.items()}


def test_words_that_menu_and_text_share_are_counted_by_their_rarity(reading: Callable[..., Reading], matcher: Matcher) -> None:
    found = reading(PAGE, "https://wendmill-gazette.example/a")
    menu = set(words_of("Home Council River and bridge"))
    inside = {word for word in menu if word in words_of(found.headline + "\n" + found.body)}
    assert {"council", "river", "bridge"} <= inside
    shared = matcher.words.rarities(sorted(inside)).sum()
    total = matcher.words.rarities(sorted(menu)).sum()
    assert values(found)["menu_share"] == pytest.approx(shared / total)
    assert values(found)["menu_shared"] == pytest.approx(np.log10(1 + shared))


def test_a_menu_of_other_matter_shares_nothing(reading: Callable[..., Reading]) -> None:
    tiles = PAGE.replace("Council</a>", "Tiles</a>").replace("River and bridge", "Grout").replace("Home", "Adhesives")
    assert values(reading(tiles))["menu_shared"] == 0.0


def test_what_is_not_there_is_unknown(reading: Callable[..., Reading]) -> None:
    found = values(reading("The council agreed on Tuesday evening to repair the old bridge over the river.", text=True))
    assert np.isnan([found["nav_fit"], found["footer_fit"], found["domain_fit"], found["chunk_fit"], found["menu_share"]]).all()


def test_each_paragraph_is_held_against_the_others() -> None:
    chunks = np.eye(4, dtype=np.float32)
    others = affinity.rests(chunks)
    assert others.shape == (4, 4)
    np.testing.assert_allclose(others[0], np.array([0, 1, 1, 1]) / np.sqrt(3), rtol=1e-6)


def test_fits_are_bounded_and_their_sum_is_total(reading: Callable[..., Reading]) -> None:
    found = values(reading(PAGE, "https://wendmill-gazette.example/a"))
    fits = [found[f"{part}_fit"] for part in affinity.PARTS if not np.isnan(found[f"{part}_fit"])]
    assert fits and all(-MOST <= fit <= MOST for fit in fits)
    assert found["total_fit"] == pytest.approx(sum(fits)) and found["least_fit"] == min(fits)


def test_the_row_holds_the_family() -> None:
    assert f"{affinity.NAME}.home_fit" in NAMES
