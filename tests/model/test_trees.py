"""Trees as arrays answer as scikit-learn does, and a row's answer does not depend on its company."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from detector.model.trees import Trees, from_estimator

TOLERANCE = 1e-9


def data(rows: int, features: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, features))
    targets = (values[:, 0] > 0).astype(int) * 2 + (values[:, 1] + 0.3 * rng.normal(size=rows) > 0)
    values[rng.random(values.shape) < 0.2] = np.nan
    return values, targets


@pytest.mark.parametrize(
    "settings",
    [
        {"max_iter": 25},
        {"max_iter": 3, "max_leaf_nodes": 2},
        {"max_iter": 6, "max_depth": 12, "min_samples_leaf": 1, "max_leaf_nodes": 200},
        {"max_iter": 5, "max_features": 0.3, "l2_regularization": 2.0},
    ],
)
def test_probabilities_equal_those_of_scikit_learn(settings: dict[str, float]) -> None:
    """Four classes, a fifth of the values unknown: equal to 1e-9 on rows seen and unseen, on rows of NaN, infinity and thresholds."""
    values, targets = data(500, 12, 1)
    estimator = HistGradientBoostingClassifier(random_state=0, **settings).fit(values, targets)
    trees = from_estimator(estimator)
    unseen, _ = data(300, 12, 2)
    edges = np.full((4, 12), np.nan)
    edges[1], edges[2], edges[3] = np.inf, -np.inf, 0.0
    on_thresholds = np.resize(trees.threshold[np.isfinite(trees.threshold)], (20, 12))
    for rows in (values, unseen, edges, on_thresholds):
        assert np.abs(trees.probabilities(rows) - estimator.predict_proba(rows)).max() <= TOLERANCE


def test_missing_values_that_training_never_saw_go_where_scikit_learn_sends_them() -> None:
    """A feature always known in training may be unknown later."""
    values, targets = data(400, 6, 3)
    estimator = HistGradientBoostingClassifier(max_iter=10, random_state=0).fit(np.nan_to_num(values), targets)
    assert np.abs(from_estimator(estimator).probabilities(values) - estimator.predict_proba(values)).max() <= TOLERANCE


def test_trees_without_a_split_answer_the_prior() -> None:
    """A model that found nothing to split on still answers."""
    values, targets = data(60, 4, 4)
    estimator = HistGradientBoostingClassifier(max_iter=2, min_samples_leaf=60).fit(values, targets)
    assert np.abs(from_estimator(estimator).probabilities(values) - estimator.predict_proba(values)).max() <= TOLERANCE


@pytest.fixture(scope="module")
def trees_and_rows() -> tuple[Trees, np.ndarray]:
    values, targets = data(400, 10, 5)
    return from_estimator(HistGradientBoostingClassifier(max_iter=20, random_state=0).fit(values, targets)), values


def test_a_row_has_the_same_answer_in_any_company(trees_and_rows: tuple[Trees, np.ndarray]) -> None:
    """To the last bit: alone, in a batch, in another order, in another chunk."""
    trees, rows = trees_and_rows
    together = trees.probabilities(rows)
    order = np.random.default_rng(0).permutation(len(rows))
    np.testing.assert_array_equal(trees.probabilities(rows[order]), together[order])
    for size in (1, 7, 63, 64, 65):
        np.testing.assert_array_equal(trees.probabilities(rows[100 : 100 + size]), together[100 : 100 + size])


def test_a_row_of_a_single_sum_has_the_same_answer_in_any_company() -> None:
    """Two classes have one sum a row; alone, such a row must not be summed in another order."""
    values, targets = data(200, 10, 6)
    trees = from_estimator(HistGradientBoostingClassifier(max_iter=60, random_state=0).fit(values, targets > 1))
    together = trees.sums(values)
    assert together.shape == (200, 1)
    np.testing.assert_array_equal(np.concatenate([trees.sums(row[None]) for row in values]), together)


def test_probabilities_are_a_distribution(trees_and_rows: tuple[Trees, np.ndarray]) -> None:
    """Rows sum to one, none is negative, and no rows give no answers."""
    trees, rows = trees_and_rows
    result = trees.probabilities(rows)
    assert result.shape == (len(rows), 4)
    assert (result > 0).all()
    np.testing.assert_allclose(result.sum(axis=1), 1.0, atol=1e-12)
    assert trees.probabilities(rows[:0]).shape == (0, 4)
