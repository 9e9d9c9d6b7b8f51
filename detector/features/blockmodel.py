"""The block model: binary gradient-boosted trees over the measures of a block."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class BlockModel(Protocol):
    """Measures of blocks to scores. The artefact's is `detector.model.blocks.BlockTrees`."""

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """How likely each block was put there by somebody else, 0 to 1, shape (n,), for rows (n, MEASURES), NaN allowed."""
        ...
