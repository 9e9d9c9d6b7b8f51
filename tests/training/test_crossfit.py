"""Calibration and thresholds: shipped ones are chosen on every fold, reported figures on the other folds alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detector.errors import CorpusError
from detector.features.joint import PLACES
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.registry import NAMES
from detector.features.suspects import MEASURES
from detector.features.wordvectors import DIMENSIONS
from detector.training import crossfit, fit, intruders, joint, tiers, train
from detector.training.corpus import FOLDS
from detector.training.crossfit import OutOfFold, choose, cross_fitted
from detector.training.fit import RATES, Settings
from detector.training.pool import Sample
from detector.training.progress import Lines
from detector.training.rows import Extracted, Readers
from detector.verdict import LABELS

PAGES = 1_500


def samples() -> list[Sample]:
    """Half real clean pages, half composed bad ones, in turn over labels, folds and languages."""
    bad = list(map(str, LABELS[1:]))
    return [
        Sample(f"r{number}", "", True, None, "clean", f"g{number}", number % FOLDS, "real", ("en", "de")[number % 3 == 0], {"rendering": "text", "kind": "news" if number % 7 == 0 else "org"})
        if number < PAGES // 2
        else Sample(f"c{number}", "", True, None, bad[number % 3], f"g{number}", number % FOLDS, "transplant", "en", {"rendering": "html"})
        for number in range(PAGES)
    ]  # fmt: skip


def suspects_of(made: list[Sample], rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """Two blocks a page; on bad pages the first is foreign, and its first measure says so more often than not."""
    found = []
    for sample in made:
        rows = rng.uniform(size=(2, len(MEASURES))).astype(np.float32)
        rows[0, MEASURES.index("role")] = rows[1, MEASURES.index("role")] = 0
        foreign = np.array([sample.label != "clean", False])
        rows[:, MEASURES.index("spam_hits")] += foreign * 0.5
        found.append((rows, foreign))
    return found


def views_of(made: list[Sample], rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of both tiers, drawn."""
    words, meaning = (rng.normal(size=(len(made), len(PLACES), dimensions)).astype(np.float16) for dimensions in (DIMENSIONS, 16))
    return words, meaning


@pytest.fixture(scope="module")
def scored() -> OutOfFold:
    """Probabilities that overlap, so that there is something to choose."""
    made = samples()
    targets = fit.codes([sample.label for sample in made])
    rng = np.random.default_rng(11)
    odds = rng.normal(size=(PAGES, 4)) + 1.5 * np.eye(4)[targets]
    raw = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    return crossfit.out_of_fold(made, raw, targets, np.ones(PAGES))


def test_a_fold_has_no_say_in_what_it_is_counted_with(scored: OutOfFold) -> None:
    """Other scores for every page of a fold but one leave that one's probability and flags as they were."""
    probabilities, flags = cross_fitted(scored)
    rng = np.random.default_rng(12)
    for fold in range(FOLDS):
        own = np.flatnonzero(scored.folds == fold)
        raw = scored.raw.copy()
        raw[own[1:]] = rng.dirichlet(np.ones(4), size=len(own) - 1)
        again, flags_again = cross_fitted(replace(scored, raw=raw))
        assert (again[own[0]] == probabilities[own[0]]).all()
        assert [flags_again[name][own[0]] for name in RATES] == [flags[name][own[0]] for name in RATES]


def test_a_fold_is_counted_with_the_choice_of_the_others(scored: OutOfFold) -> None:
    """To the bit, for every operating point; the same on every run."""
    probabilities, flags = cross_fitted(scored)
    for fold in range(FOLDS):
        held = scored.folds == fold
        choice = choose(scored.part(~held))
        assert (probabilities[held] == choice.calibration.apply(scored.raw[held])).all()
        for name, threshold in choice.points.items():
            assert (flags[name][held] == (1 - probabilities[held, 0] >= threshold)).all()


def test_a_fold_unlike_the_others_shows_in_the_rate(scored: OutOfFold) -> None:
    """Thresholds chosen on the rows that are counted would hold the rate whatever comes; cross-fitted, a bad surprise is seen."""
    raw = scored.raw.copy()
    odd = (scored.folds == 2) & scored.original
    raw[odd] = raw[odd][:, [1, 0, 2, 3]]
    shifted = replace(scored, raw=raw)
    choice = choose(shifted)
    in_sample = 1 - choice.calibration.apply(raw)[scored.original, 0] >= choice.points["high-recall"]
    _, flags = cross_fitted(shifted)
    assert in_sample.mean() <= 0.05 < flags["high-recall"][scored.original].mean()


def test_the_shipped_choice_is_of_all_folds_and_the_metrics_are_not(topic_model: TopicModel, matcher: Matcher) -> None:
    """`fit_all` ships what `choose` makes of every row and reports what `cross_fitted` flags."""
    made = samples()
    rng = np.random.default_rng(13)
    # A few coarse columns tell something, the rest nothing: quick to bin.
    matrix = np.zeros((PAGES, len(NAMES)))
    matrix[:, :6] = np.round(rng.normal(size=(PAGES, 6)) + fit.codes([sample.label for sample in made])[:, None] * 0.3, 1)
    config = train.Config("x", "1", 3, Path(), Path(), 0, 0, Settings(rounds=3, max_leaf_nodes=4))
    trained = train.fit_all(
        made,
        Extracted(matrix.copy(), suspects_of(made, np.random.default_rng(14)), views_of(made, np.random.default_rng(15))),
        Readers(topic_model, matcher),
        config,
        Lines(),
    )
    # The block model and the networks fill their columns first, of the same rows.
    intruders.fit(made, suspects_of(made, np.random.default_rng(14)), matrix, config.settings.real_weight, 3)
    targets = fit.codes([sample.label for sample in made])
    real = np.array([sample.recipe == "real" for sample in made])
    news = np.array([sample.choices.get("kind") == "news" for sample in made])
    weights = np.where(real, config.settings.real_weight, config.settings.composed_weight) * np.where(
        real & news, config.settings.news_weight, 1.0
    )
    weights = fit.language_balance(targets, weights, [sample.language for sample in made])
    folds = np.array([sample.fold for sample in made])
    joint.fit(views_of(made, np.random.default_rng(15)), matrix, targets > 0, weights, folds, 3)
    first, both = fit.out_of_fold(matrix, targets, weights, folds, config.settings, 3, Lines())
    rows = crossfit.out_of_fold(made, both, targets, weights)
    band = tiers.choose_band(first, both, targets, rows.original)
    rows = replace(rows, raw=tiers.mixed(first, both, band))
    assert trained.fitted.band == band
    assert trained.fitted.operating_points == choose(rows).points
    assert trained.fitted.tiers["never"] == crossfit.points(replace(rows, raw=first), choose(rows).calibration)
    _, flags = cross_fitted(rows)
    for name, told in trained.metrics["operating_points"].items():
        assert told["false_positive_rate"] == round(float(flags[name][rows.original].mean()), 4)


def test_a_validation_set_alone_is_calibrated_on(scored: OutOfFold) -> None:
    """Its rows have no weight in training; the others' scores then leave the calibration as it is, and choose the thresholds."""
    apart = np.arange(PAGES) % 4 == 0
    split = replace(scored, apart=apart, weights=np.where(apart, 0.0, 1.0), original=scored.original & ~apart)
    found = choose(split)
    own = split.part(apart)
    alone = fit.calibrate(own.raw, own.targets, np.ones(len(own.raw)))
    assert (found.calibration.slope == alone.slope).all() and (found.calibration.intercept == alone.intercept).all()
    raw = split.raw.copy()
    raw[~apart] = raw[~apart][::-1]
    again = choose(replace(split, raw=raw))
    assert (again.calibration.slope == found.calibration.slope).all() and again.points != found.points


def test_too_few_pages_to_choose_on_are_named(scored: OutOfFold) -> None:
    """A label that stands in one fold alone, or no real clean page in the others."""
    spam = scored.targets == 3
    with pytest.raises(CorpusError, match="spam"):
        cross_fitted(scored.part(~spam | (scored.folds == 1)))
    with pytest.raises(CorpusError, match="real clean"):
        cross_fitted(replace(scored, original=scored.original & (scored.folds == 1)))
