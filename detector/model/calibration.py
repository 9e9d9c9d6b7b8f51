"""Calibration: a sigmoid a class on the log-odds (Platt 1999), fitted on families that the trees never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Calibration:
    """`slope`, `intercept` float64 (classes,). The first class (clean) fixes the flag; the bad three share the rest."""

    slope: np.ndarray
    intercept: np.ndarray

    def apply(self, probabilities: np.ndarray) -> np.ndarray:
        """Calibrated probabilities, shape (n, classes), rows sum to one."""
        clipped = np.clip(probabilities, _EDGE, 1 - _EDGE)
        each = 1.0 / (1.0 + np.exp(-(self.slope * np.log(clipped / (1 - clipped)) + self.intercept)))
        clean = each[:, :1]
        bad = each[:, 1:]
        total = bad[:, :1] + bad[:, 1:2] + bad[:, 2:3]
        return np.concatenate([clean, bad / total * (1.0 - clean)], axis=1)


def log_odds(probabilities: np.ndarray) -> np.ndarray:
    """log(p / (1 - p)), clipped at one in a million."""
    clipped = np.clip(probabilities, _EDGE, 1 - _EDGE)
    result: np.ndarray = np.log(clipped / (1 - clipped))
    return result


@dataclass(frozen=True, slots=True)
class Offsets:
    """Log-odds by language (ISO 639-1) that a page's being clean is given in advance, 0 or more.

    A model is surer of some languages than it should be, most where it saw few clean pages. Moving the threshold for all of them would let
    the largest pay for the smallest; so the language itself is moved, by what its real clean pages out of fold ask for.
    """

    by_language: dict[str, float]

    def apply(self, probabilities: np.ndarray, languages: Sequence[str | None]) -> np.ndarray:
        """Probabilities (n, 4), clean first, of pages in `languages` (n), moved; a language that is unknown stays."""
        moved = np.array([self.by_language.get(language or "", 0.0) for language in languages])
        clean = probabilities[:, 0] * np.exp(moved)
        bad = 1.0 - probabilities[:, 0]
        total = np.maximum(clean + bad, 1e-300)
        result: np.ndarray = probabilities / total[:, None]
        result[:, 0] = clean / total
        return result
