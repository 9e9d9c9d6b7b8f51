"""Two questions in turn, each with trees of its own: is the page bad, and if so in which way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.model.trees import Trees


@dataclass(frozen=True, slots=True)
class Staged:
    """`flag` with a single sum, the log-odds that a page is bad; `kinds` with one for each bad label, in the order of LABELS."""

    flag: Trees
    kinds: Trees

    def probabilities(self, rows: np.ndarray) -> np.ndarray:
        """Uncalibrated probabilities of the labels for rows (n, features), NaN allowed; shape (n, 4), rows sum to one."""
        bad = 1.0 / (1.0 + np.exp(-self.flag.sums(rows)))
        result: np.ndarray = np.concatenate([1.0 - bad, self.kinds.probabilities(rows) * bad], axis=1)
        return result
