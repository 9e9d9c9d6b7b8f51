"""The staged estimator: what it answers, and that more of what honest pages teach never speaks against a page."""

from __future__ import annotations

import numpy as np

from detector.features.registry import NAMES, SCHEMA
from detector.training import fit
from detector.training.fit import Settings
from detector.training.staged import StagedClassifier, directions


def rows_and_targets(count: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """The flag depends on a fit the wrong way round: more of it, more often bad."""
    rng = np.random.default_rng(6)
    rows = rng.normal(size=(count, len(SCHEMA)))
    targets = np.where(rows[:, NAMES.index("affinity.home_fit")] + rng.normal(size=count) > 0.5, rng.integers(1, 4, size=count), 0)
    return rows, targets


def small() -> StagedClassifier:
    rows, targets = rows_and_targets()
    return fit.estimator(Settings(rounds=15, kind_rounds=5, max_leaf_nodes=6), 1).fit(rows, targets, np.ones(len(rows)))


def test_probabilities_are_four_that_sum_to_one_and_the_first_is_the_flags() -> None:
    found, (rows, _) = small(), rows_and_targets()
    probabilities = found.predict_proba(rows)
    assert probabilities.shape == (len(rows), 4)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-12)
    np.testing.assert_array_equal(1.0 - probabilities[:, 0], 1.0 - (1.0 - found.flag.predict_proba(rows)[:, 1]))


def test_a_kind_that_was_never_seen_has_no_probability() -> None:
    rows, targets = rows_and_targets()
    found = fit.estimator(Settings(rounds=5, kind_rounds=5), 1).fit(rows, np.where(targets == 3, 2, targets), np.ones(len(rows)))
    assert not found.predict_proba(rows)[:, 3].any()


def test_a_better_fit_never_raises_the_flag() -> None:
    """Whatever training pages say: features with a direction are held to it over their whole range."""
    found, (rows, _) = small(), rows_and_targets(40)
    for name in ("affinity.home_fit", "affinity.menu_share", "coherence.total_match"):
        column = NAMES.index(name)
        assert directions()[column] == -1
        flags = []
        for value in np.linspace(-3, 3, 13):
            moved = rows.copy()
            moved[:, column] = value
            flags.append(1.0 - found.predict_proba(moved)[:, 0])
        assert (np.diff(np.array(flags), axis=0) <= 1e-12).all()


def test_what_the_networks_say_never_lowers_the_flag() -> None:
    found, (rows, _) = small(), rows_and_targets(40)
    for name in ("affinity.joint", "coherence.joint"):
        column = NAMES.index(name)
        assert directions()[column] == 1
        flags = []
        for value in np.linspace(-3, 3, 13):
            moved = rows.copy()
            moved[:, column] = value
            flags.append(1.0 - found.predict_proba(moved)[:, 0])
        assert (np.diff(np.array(flags), axis=0) >= -1e-12).all()


def test_gaps_and_mismatch_scores_have_no_direction() -> None:
    free = {name for name, direction in zip(NAMES, directions(), strict=True) if direction == 0}
    assert {"affinity.chunk_gap", "affinity.mismatch", "structure.characters", "coherence.lead_spam"} <= free
