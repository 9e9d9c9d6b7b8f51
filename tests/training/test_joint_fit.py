"""Fitting the networks that read all parts at once: out of fold, and what they can learn."""

from __future__ import annotations

import numpy as np

from detector.features.joint import PLACES
from detector.features.registry import NAMES
from detector.training import joint
from detector.training.corpus import FOLDS
from detector.training.metrics import area_under_curve

PAGES, SIZE = 1_000, 8


def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors of all places; a page is bad when its menu points away from its main text."""
    rng = np.random.default_rng(5)
    views = rng.normal(size=(PAGES, len(PLACES), SIZE))
    views /= np.linalg.norm(views, axis=2, keepdims=True)
    bad = rng.random(PAGES) < 0.5
    menu, content = PLACES.index("menu"), PLACES.index("content")
    views[:, menu] = np.where(bad[:, None], -1, 1) * views[:, content]
    return views.astype(np.float16), bad


def fit(views: np.ndarray, bad: np.ndarray, weights: np.ndarray) -> np.ndarray:
    matrix = np.full((PAGES, len(NAMES)), np.nan)
    joint.fit((views, views), matrix, bad, weights, np.arange(PAGES) % FOLDS, 7)
    others = np.setdiff1d(np.arange(len(NAMES)), joint.COLUMNS)
    assert np.isnan(matrix[:, others]).all()
    found: np.ndarray = matrix[:, list(joint.COLUMNS)]
    return found


def test_what_no_part_says_alone_is_learned_from_two() -> None:
    views, bad = drawn()
    found = fit(views, bad, np.ones(PAGES))
    assert area_under_curve(found[:, 0], bad) > 0.9
    assert (found[:, 0] == found[:, 1]).all()


def test_a_row_has_no_say_in_its_own_answer() -> None:
    views, bad = drawn()
    found = fit(views, bad, np.ones(PAGES))
    turned = bad.copy()
    turned[::FOLDS] = ~turned[::FOLDS]
    again = fit(views, turned, np.ones(PAGES))
    assert (found[::FOLDS] == again[::FOLDS]).all() and not (found[1::FOLDS] == again[1::FOLDS]).all()


def test_rows_of_weight_zero_are_answered_and_never_trained_on() -> None:
    views, bad = drawn()
    weights = np.ones(PAGES)
    weights[:100] = 0.0
    turned = bad.copy()
    turned[:100] = ~turned[:100]
    found = fit(views, bad, weights)
    assert (found == fit(views, turned, weights)).all() and not np.isnan(found[:100]).any()


def test_new_rows_are_filled_by_the_networks_given() -> None:
    views, bad = drawn()
    matrix = np.full((PAGES, len(NAMES)), np.nan)
    networks = joint.fit((views, views), matrix, bad, np.ones(PAGES), np.arange(PAGES) % FOLDS, 7)
    new = np.full((3, len(NAMES)), np.nan)
    joint.fill(new, [0, 2], (views[:2], views[:2]), networks)
    assert np.isnan(new[1]).all()
    assert new[[0, 2]][:, joint.COLUMNS[0]].tolist() == networks[0].odds(views[:2]).tolist()
