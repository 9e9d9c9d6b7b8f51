"""The block model as arrays: binary gradient-boosted trees over the measures of a block (`detector.features.suspects.MEASURES`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.model.trees import Trees


@dataclass(frozen=True, slots=True)
class BlockTrees:
    """`trees` with a single class: its sum is the log-odds that somebody else put the block there."""

    trees: Trees

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """How likely each block is foreign, 0 to 1, shape (n,), for rows (n, MEASURES), NaN allowed."""
        if not len(rows):
            return np.zeros(0)
        result: np.ndarray = 1.0 / (1.0 + np.exp(-self.trees.sums(rows.astype(np.float64))[:, 0]))
        return result
