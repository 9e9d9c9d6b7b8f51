"""Calibration and operating points chosen on out-of-fold probabilities, and figures that are cross-fitted over them.

The model's own probabilities are out of fold, but a sigmoid and a threshold fitted on the very rows that a figure counts would still
flatter it: the false-positive rate at a threshold chosen for 0.5 % is 0.5 % by construction. So a fold is counted with the calibration
and the thresholds that were chosen on the other folds. What is shipped is chosen on all folds; the figures stand for it, being measured
on choices from four fifths of the rows. (A fold's rows had a part in training the models that scored the other folds; what crosses over
from there is a sigmoid and three numbers.)

Where a validation set is at hand, calibration is fitted on it alone: a model is surer of pages that its own composer made than of any others. The
prior of the probabilities is then that set's share of bad pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.errors import CorpusError
from detector.model.calibration import Calibration
from detector.training.fit import RATES, calibrate, threshold_by_group, threshold_for
from detector.training.pool import Sample
from detector.training.validation import is_validation
from detector.verdict import LABELS


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen on probabilities that no model saw: a calibration, and thresholds by name."""

    calibration: Calibration
    points: dict[str, float]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Rows with the probabilities of a model that saw nothing of their fold.

    `raw` (n, 4) uncalibrated, `targets` label codes, `weights`, `folds` (n,); `original` marks the real clean pages as found, which
    thresholds are chosen on; `apart` the pages of the validation set, of weight zero, where it can be calibrated on; `languages` and `kinds` (`news` or `other`) are the groups that
    thresholds must not wrong.
    """

    raw: np.ndarray
    targets: np.ndarray
    weights: np.ndarray
    folds: np.ndarray
    original: np.ndarray
    apart: np.ndarray
    languages: np.ndarray
    kinds: np.ndarray

    def part(self, kept: np.ndarray) -> OutOfFold:
        """The rows where `kept` is true."""
        return OutOfFold(*(getattr(self, name)[kept] for name in self.__slots__))


def out_of_fold(samples: list[Sample], raw: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> OutOfFold:
    """The samples' rows as choices are made on them."""
    original = [
        sample.recipe == "real" and sample.choices.get("rendering") in ("html+url", "text") and "-" not in sample.id for sample in samples
    ]
    return OutOfFold(
        raw,
        targets,
        weights,
        np.array([sample.fold for sample in samples]),
        np.array(original),
        _calibrates(samples),
        np.array([sample.language.split("-")[0] for sample in samples]),
        np.array(["news" if sample.choices.get("kind") == "news" else "other" for sample in samples]),
    )


def _calibrates(samples: list[Sample]) -> np.ndarray:
    """The validation set's samples, none of them where a label of it stands in one fold alone: held out, that fold would leave none to calibrate on."""
    apart = np.array([is_validation(sample) for sample in samples])
    folds = {str(label): {sample.fold for sample in samples if is_validation(sample) and sample.label == label} for label in LABELS}
    return apart if min(map(len, folds.values())) > 1 else np.zeros(len(samples), dtype=bool)


def choose(rows: OutOfFold) -> Choice:
    """Calibration on the validation set's rows, or on all where there are none; thresholds on the real clean pages.

    Raises:
        CorpusError: a label, or a real clean page, is missing.
    """
    missing = [str(label) for code, label in enumerate(LABELS) if not (rows.targets[rows.weights > 0] == code).any()]
    if missing or not rows.original.any():
        what = f"no page of {', '.join(missing)}" if missing else "no real clean page"
        raise CorpusError(f"{what} is left when a fold is held out; the corpus or [compose] is too small to choose thresholds on")
    apart = rows.part(rows.apart)
    if len(apart.targets):
        calibration = calibrate(apart.raw, apart.targets, np.ones(len(apart.targets)))
    else:
        # Left out, not only weighed nought: a row more moves the last bits of the optimiser's answer.
        taught = rows.part(rows.weights > 0)
        calibration = calibrate(taught.raw, taught.targets, taught.weights)
    return Choice(calibration, points(rows, calibration))


def points(rows: OutOfFold, calibration: Calibration) -> dict[str, float]:
    """Thresholds by name on the real clean pages' calibrated flag probabilities."""
    scores = 1.0 - calibration.apply(rows.raw[rows.original])[:, 0]
    found = {name: threshold_for(scores, rate) for name, rate in RATES.items()}
    # News is what most positives are made from, and would pay for the others. Held to the rate of all (half a percent, five pages of a thousand) the
    # threshold hung on a single page, and 8 of 100 written bad pages more were missed for three news pages less.
    for groups in (rows.languages, rows.kinds):
        found["default"] = threshold_by_group(scores, groups[rows.original].tolist(), found["default"])
    found["high-precision"] = max(found["high-precision"], found["default"])
    return found


def cross_fitted(rows: OutOfFold) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(calibrated probabilities (n, 4), {operating point: flags (n,)}), each fold's by what `choose` made of the others.

    Rows of weight zero have a say in the calibration alone, and only those of a validation set.

    Raises:
        CorpusError: as `choose`.
    """
    probabilities = np.empty_like(rows.raw)
    flags = {name: np.zeros(len(rows.raw), dtype=bool) for name in RATES}
    for fold in np.unique(rows.folds):
        held = rows.folds == fold
        choice = choose(rows.part(~held & (rows.apart | (rows.weights > 0))))
        probabilities[held] = choice.calibration.apply(rows.raw[held])
        for name, threshold in choice.points.items():
            flags[name][held] = 1.0 - probabilities[held, 0] >= threshold
    return probabilities, flags
