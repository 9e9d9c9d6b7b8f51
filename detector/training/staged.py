"""The estimator: one forest says whether a page is bad, another in which way.

Apart, because they need different things. What honest pages teach about their parts may only ever speak for a page (`directions`), and
scikit-learn holds trees to that in two-class problems alone; held so, they learn less of the composer and more of the page: the second composer's pages are told with area .896 instead of .888.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.features.registry import SCHEMA
from detector.verdict import LABELS

# Families and endings of features of which more can only speak for the page.
_HONEST = ("affinity.", "coherence.")
_MORE_IS_BAD = ".joint"
_MORE_IS_HONEST = ("_fit", "_match", "_shared", "_share")


def directions() -> np.ndarray:
    """-1 for features of which more may only lower the flag probability, 1 for those that may only raise it (what the networks say), 0 for the others;
    int (features,).
    """
    honest = [spec.name.startswith(_HONEST) and spec.name.endswith(_MORE_IS_HONEST) for spec in SCHEMA]
    bad = [spec.name.endswith(_MORE_IS_BAD) for spec in SCHEMA]
    result: np.ndarray = np.array(bad, dtype=int) - np.array(honest, dtype=int)
    return result


class StagedClassifier:
    """`flag` and `kinds`, two estimators of scikit-learn, asked in turn."""

    def __init__(self, flag: Any, kinds: Any) -> None:
        self.flag = flag
        self.kinds = kinds

    def fit(self, rows: np.ndarray, targets: np.ndarray, weights: np.ndarray) -> StagedClassifier:
        """`targets` are label codes in the order of LABELS, every label among them."""
        bad = targets > 0
        self.flag.fit(rows, bad, sample_weight=weights)
        self.kinds.fit(rows[bad], targets[bad], sample_weight=weights[bad])
        return self

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        """Shape (n, 4); a kind that was not among the targets has probability zero."""
        bad = self.flag.predict_proba(rows)[:, 1:]
        result = np.zeros((len(rows), len(LABELS)))
        result[:, :1] = 1.0 - bad
        result[:, self.kinds.classes_] = self.kinds.predict_proba(rows) * bad
        return result
