"""The band between the tiers, weights by language, and what rows of weight zero may do: nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.features.registry import FAMILY_COLUMNS, NAMES
from detector.model.artefact import Band
from detector.training import fit, tiers
from detector.training.fit import LEAST, MOST, RATES, Settings, threshold_for
from detector.training.progress import Lines


def probabilities(rng: np.random.Generator, targets: np.ndarray, sharpness: float) -> np.ndarray:
    """Probabilities (n, 4) of a model that knows the targets the better, the larger `sharpness` is."""
    odds = rng.normal(size=(len(targets), 4)) + sharpness * np.eye(4)[targets]
    exponent = np.exp(odds)
    return exponent / exponent.sum(axis=1, keepdims=True)


def recall(raw: np.ndarray, targets: np.ndarray, original: np.ndarray) -> float:
    scores = 1.0 - raw[:, 0]
    return float((scores[targets > 0] >= threshold_for(scores[original], RATES["default"])).mean())


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), first_knows=st.floats(0.5, 5), both_know=st.floats(0.5, 6))
def test_the_band_loses_at_most_half_a_point(seed: int, first_knows: float, both_know: float) -> None:
    """Whatever the tiers know: recall at `default` is within half a point of reading the meaning of every page."""
    rng = np.random.default_rng(seed)
    targets = np.repeat([0, 1, 2, 3], [900, 200, 200, 200])
    original = targets == 0
    first, both = (probabilities(rng, targets, sharpness) for sharpness in (first_knows, both_know))
    band = tiers.choose_band(first, both, targets, original)
    assert 0.0 <= band.low <= band.high <= 1.0
    assert recall(tiers.mixed(first, both, band), targets, original) >= recall(both, targets, original) - 0.005


def test_a_second_tier_that_adds_nothing_is_asked_of_few() -> None:
    """The cheapest band that will do, by real clean pages inside it."""
    targets = np.repeat([0, 1], [2000, 500])
    first = probabilities(np.random.default_rng(4), targets, 6.0)
    band = tiers.choose_band(first, first, targets, targets == 0)
    widest = Band(0.0, 1.0)
    assert band.holds(first[targets == 0]).mean() < 0.25 < widest.holds(first[targets == 0]).mean() == 1.0


def test_without_bad_or_real_clean_pages_every_page_is_asked() -> None:
    """Nothing to choose on: the safe band."""
    raw = np.full((4, 4), 0.25)
    assert tiers.choose_band(raw, raw, np.zeros(4, dtype=int), np.ones(4, dtype=bool)) == (0.0, 1.0)
    assert tiers.choose_band(raw, raw, np.ones(4, dtype=int), np.zeros(4, dtype=bool)) == (0.0, 1.0)


def test_mixed_takes_the_second_tier_inside_the_band_ends_included() -> None:
    first = np.array([[0.9, 0.1, 0, 0], [0.5, 0.5, 0, 0], [0.25, 0.75, 0, 0], [0.0, 1.0, 0, 0]])
    both = np.full((4, 4), 0.25)
    found = tiers.mixed(first, both, Band(0.5, 0.75))
    np.testing.assert_array_equal(found, [first[0], both[1], both[2], first[3]])


LANGUAGES = st.lists(st.tuples(st.sampled_from(["en", "th", "de"]), st.booleans(), st.floats(0.1, 5)), min_size=4, max_size=200)


@given(pages=LANGUAGES)
def test_weights_move_within_their_limits_and_stay_positive(pages: list[tuple[str, bool, float]]) -> None:
    """By at most MOST and at least LEAST, bad and clean in opposite directions, alike within a language and side."""
    languages, bad, weights = [page[0] for page in pages], np.array([page[1] for page in pages]), np.array([page[2] for page in pages])
    before = weights.copy()
    factors = fit.language_balance(bad.astype(int), weights, languages) / weights
    np.testing.assert_array_equal(weights, before)
    assert ((factors >= min(LEAST, 1 / MOST) - 1e-9) & (factors <= max(MOST, 1 / LEAST) + 1e-9)).all()
    for language in set(languages):
        own = np.array([other == language for other in languages])
        for side in (bad, ~bad):
            assert np.ptp(factors[own & side]) < 1e-9 if (own & side).any() else True
        if (own & bad).any() and (own & ~bad).any():
            assert factors[own & bad][0] * factors[own & ~bad][0] == pytest.approx(1.0)


def test_a_language_of_mostly_bad_pages_says_less_after_balancing() -> None:
    """Thai pages, nine of ten bad: the proportion moves towards that of all, and one like all the others keeps its weights."""
    languages = ["th"] * 1000 + ["en"] * 3000
    targets = np.array([1] * 900 + [0] * 100 + [1, 0, 0] * 1000)
    weights = np.ones(len(targets))
    found = fit.language_balance(targets, weights, languages)
    thai, bad = np.array([language == "th" for language in languages]), targets > 0

    def share(weights: np.ndarray, own: np.ndarray) -> float:
        return float(weights[own & bad].sum() / weights[own].sum())

    assert share(weights, thai) == 0.9
    assert share(found, ~thai) < share(found, thai) < 0.8
    even = fit.language_balance(np.array([1, 0, 0] * 1000), np.ones(3000), ["en"] * 3000)
    np.testing.assert_allclose(even, 1.0)


def test_rows_of_weight_zero_are_scored_and_train_nothing() -> None:
    """Other rows' probabilities do not know of them: whatever their values and labels, and whether they are there at all."""
    rng = np.random.default_rng(8)
    count, more = 400, 60
    matrix = np.zeros((count + more, len(NAMES)))
    targets = rng.integers(0, 4, size=count + more)
    matrix[:, :5] = np.round(rng.normal(size=(count + more, 5)) + targets[:, None] * 0.4, 1)
    matrix[:, FAMILY_COLUMNS["coherence"][0]] = np.round(rng.normal(size=count + more), 1)
    folds = np.arange(count + more) % 5
    weights = np.array([1.0] * count + [0.0] * more)
    how = Settings(rounds=3, max_leaf_nodes=4)
    with_them = fit.out_of_fold(matrix, targets, weights, folds, how, 3, Lines())
    without = fit.out_of_fold(matrix[:count], targets[:count], weights[:count], folds[:count], how, 3, Lines())
    matrix[count:] = matrix[count:][::-1] + 3
    changed = fit.out_of_fold(matrix, (targets + 1) % 4 * (weights == 0) + targets * (weights > 0), weights, folds, how, 3, Lines())
    for tier in (0, 1):
        np.testing.assert_array_equal(with_them[tier][:count], without[tier])
        np.testing.assert_array_equal(changed[tier][:count], without[tier])
        np.testing.assert_allclose(with_them[tier][count:].sum(axis=1), 1.0)
    assert (with_them[0] != with_them[1]).any()


def test_trees_ask_no_feature_that_is_withheld() -> None:
    """Not even one that tells everything; without it the answer is the same whatever stands there."""
    rng = np.random.default_rng(3)
    rows = rng.random((400, len(NAMES)))
    teller = NAMES.index("structure.body_link_density")
    targets = np.where(rows[:, teller] > 0.5, rng.integers(1, 4, size=400), 0)
    for withheld, told in (((), True), (("structure.body_link_density",), False)):
        model = fit.fitted(rows, targets, np.ones(400), Settings(rounds=8, kind_rounds=2, withheld=withheld), 1)
        other = rows.copy()
        other[:, teller] = 1.0 - other[:, teller]
        changed = np.abs(model.predict_proba(rows)[:, 0] - model.predict_proba(other)[:, 0]).max() > 1e-9
        assert changed == told


def test_a_language_that_is_wronged_lifts_the_threshold() -> None:
    """Just above the first page that is too many, and never below where it stood; of a small language chance would decide."""
    scores = np.concatenate([[0.99, 0.98, 0.97, 0.96], np.full(296, 0.1), [0.95] * 20])
    languages = ["sk"] * 300 + ["lt"] * 20
    assert fit.threshold_by_group(scores, languages, 0.5) == pytest.approx(0.96, abs=1e-4)
    assert fit.threshold_by_group(scores, languages, 0.98) == 0.98
    assert fit.threshold_by_group(scores, languages, 0.5, 0.005) == pytest.approx(0.98, abs=1e-4)
