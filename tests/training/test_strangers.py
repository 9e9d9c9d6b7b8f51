"""Whether a main text is another page's: learned from real pages whose texts have changed places."""

from __future__ import annotations

import numpy as np

from detector.features.joint import PLACES
from detector.features.registry import NAMES
from detector.training import joint, strangers
from detector.training.corpus import FOLDS
from detector.training.metrics import area_under_curve

PAGES, SIZE = 1_500, 8
HOME, CONTENT, MENU = PLACES.index("home"), PLACES.index("content"), PLACES.index("menu")


def pages() -> tuple[np.ndarray, list[str], list[str]]:
    """Unit vectors of all places, a page's identity near its main text; three pages a host, two languages."""
    rng = np.random.default_rng(5)
    views = rng.normal(size=(PAGES, len(PLACES), SIZE))
    views[:, HOME] = views[:, CONTENT] + 0.3 * views[:, HOME]
    views /= np.linalg.norm(views, axis=2, keepdims=True)
    return views.astype(np.float16), [f"host{number // 3}" for number in range(PAGES)], ["en", "de"] * (PAGES // 2)


def test_pages_keep_everything_but_text_and_title_and_nothing_of_their_own_host_is_given() -> None:
    views, groups, languages = pages()
    hosts = np.unique(groups, return_inverse=True)[1]
    strange, own = strangers.pairs(views, hosts, np.array(languages), 2_000, 3)
    assert strange.shape == own.shape and 1_900 < len(strange) <= 2_000
    whole = ~np.isnan(strange[:, :, 0]).any(axis=1)
    for row in strange[whole][:50]:
        keeper = np.flatnonzero((views[:, HOME] == row[HOME]).all(axis=1))[0]
        giver = np.flatnonzero((views[:, CONTENT] == row[CONTENT]).all(axis=1))[0]
        assert groups[keeper] != groups[giver] and (views[keeper, MENU] == row[MENU]).all()
    assert not np.isnan(own[:, CONTENT]).any() and 0.15 < np.isnan(own[:, HOME, 0]).mean() < 0.25


def test_a_strangers_text_is_told_out_of_fold() -> None:
    views, groups, languages = pages()
    matrix, folds = np.full((PAGES, len(NAMES)), np.nan), np.arange(PAGES) // 3 % FOLDS
    bad = np.zeros(PAGES, dtype=bool)
    bad[::10] = True
    seen = views.copy()
    seen[bad, CONTENT] = np.roll(views[bad, CONTENT], 3, axis=0)
    networks = strangers.fit((seen, seen), matrix, ~bad, groups, languages, folds, 7)
    found = matrix[:, joint.STRANGERS[0]]
    assert area_under_curve(found, bad) > 0.9 and len(networks) == 2
    assert np.isnan(matrix[:, joint.COLUMNS[0]]).all()


def test_without_pages_to_compare_a_text_has_even_odds() -> None:
    views, groups, languages = pages()
    for real in (np.zeros(PAGES, dtype=bool), np.array(groups) == "host1"):
        matrix = np.full((PAGES, len(NAMES)), np.nan)
        strangers.fit((views, views), matrix, real, groups, languages, np.arange(PAGES) % FOLDS, 7)
        assert (matrix[:, list(joint.STRANGERS)] == 0.0).all()
