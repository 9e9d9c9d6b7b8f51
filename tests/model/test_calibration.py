"""Calibrated probabilities are probabilities."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from detector.model.calibration import Calibration, log_odds

CALIBRATION = Calibration(np.array([1.3, 0.8, 1.0, 1.1]), np.array([0.4, -0.3, 0.0, 0.2]))


def distribution(weights: list[float]) -> np.ndarray:
    values = np.array(weights) + 1e-12
    return (values / values.sum())[None, :]


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_rows_sum_to_one(weights: list[float]) -> None:
    """Whatever the trees say, certainty included: four numbers from 0 to 1 that sum to one."""
    result = CALIBRATION.apply(distribution(weights))
    assert np.isfinite(result).all()
    assert ((result >= 0) & (result <= 1)).all()
    assert abs(result.sum() - 1.0) < 1e-12


def test_the_identity_changes_nothing_where_there_is_nothing_to_change() -> None:
    """Slope one and no intercept leave the probability of clean as it is."""
    rows = np.array([[0.7, 0.1, 0.1, 0.1], [0.2, 0.5, 0.2, 0.1]])
    np.testing.assert_allclose(Calibration(np.ones(4), np.zeros(4)).apply(rows)[:, 0], rows[:, 0])


def test_more_clean_before_is_more_clean_after() -> None:
    """A positive slope keeps the order of pages, so operating points mean the same."""
    clean = np.linspace(0.001, 0.999, 200)
    rows = np.stack([clean, *[(1 - clean) / 3] * 3], axis=1)
    assert (np.diff(CALIBRATION.apply(rows)[:, 0]) > 0).all()


def test_a_row_has_the_same_answer_in_any_company() -> None:
    """To the last bit, alone or among others."""
    rows = np.random.default_rng(0).dirichlet(np.ones(4), size=300)
    together = CALIBRATION.apply(rows)
    for index in (0, 17, 299):
        np.testing.assert_array_equal(CALIBRATION.apply(rows[index : index + 1])[0], together[index])


def test_log_odds_are_finite_at_the_ends() -> None:
    """Certainty is clipped at one in a million."""
    assert np.isfinite(log_odds(np.array([0.0, 0.5, 1.0]))).all()
    assert log_odds(np.array([0.5]))[0] == 0.0
