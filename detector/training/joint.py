"""Fitting the networks that read all parts at once (`detector.features.joint`), and their answers out of fold.

A row's own answer comes from a network that saw nothing of its fold, so the trees learn from answers as unsure as those they will meet. The
vectors that it is given are those of the shipped matcher for every fold: the directions of one fold's space are not another's. That matcher's
word vectors were fitted on strings of all real pages, without labels; what a held-out page gains by it was not measured.
"""

from __future__ import annotations

import warnings

import numpy as np

from detector.features.joint import PLACES, Joint, inputs_of
from detector.features.registry import NAMES
from detector.training.corpus import FOLDS

# Columns that the answers stand in, first and second tier.
COLUMNS = (NAMES.index("affinity.joint"), NAMES.index("coherence.joint"))
# Networks from different starts whose answers are averaged: of 1 and 3 the area on the second composer's pages was .761 and .776, on hand-written
# pages .827 and .847 (second tier, alone). Units of 32, 128 and 256: .758, .761, .766; penalties of .03, .1 and .3, and 6 or 12 epochs, differ by less
# than that.
_NETWORKS = 4
_UNITS, _PENALTY, _EPOCHS, _BATCH = 128, 0.1, 12, 256


def fit(
    views: tuple[np.ndarray, np.ndarray],
    matrix: np.ndarray,
    bad: np.ndarray,
    weights: np.ndarray,
    folds: np.ndarray,
    seed: int,
    workers: int = 1,
) -> tuple[Joint, Joint]:
    """Fill the columns of `matrix` (n, features) out of fold, and return the networks fitted on all.

    `views` are those of the words and of the encoder, (n, PLACES, dimensions) each; rows of weight zero are answered and never trained on.
    """
    from joblib import Parallel, delayed

    places = [fold for fold in range(FOLDS) if (folds == fold).any()]
    kept = [(weights > 0) & (folds != fold) for fold in (*places, -1)]
    tasks = [delayed(fitted)(own[rows], bad[rows], weights[rows], seed) for own in views for rows in kept]
    networks = Parallel(n_jobs=workers)(tasks)
    last = []
    for own, column, first in zip(views, COLUMNS, (0, len(kept)), strict=True):
        for fold, network in zip(places, networks[first:], strict=False):
            matrix[folds == fold, column] = network.odds(own[folds == fold])
        last.append(networks[first + len(places)])
    return last[0], last[1]


def fill(matrix: np.ndarray, chosen: list[int], views: tuple[np.ndarray, np.ndarray], networks: tuple[Joint, Joint]) -> None:
    """Set both columns of the chosen rows of `matrix` from their pages' views."""
    if not chosen:
        return
    for own, column, network in zip(views, COLUMNS, networks, strict=True):
        matrix[chosen, column] = network.odds(own)


def fitted(views: np.ndarray, bad: np.ndarray, weights: np.ndarray, seed: int) -> Joint:
    """The mean of several networks, which is one with all their units; on one thread, so that any number of workers gives the same bits."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
    from threadpoolctl import threadpool_limits

    # Without a main text there is no answer, so nothing to learn.
    known = ~np.isnan(views[:, PLACES.index("content"), 0])
    rows, wanted, weighed = inputs_of(views[known]), bad[known], weights[known] / weights[known].mean()
    models = [
        MLPClassifier((_UNITS,), alpha=_PENALTY, max_iter=_EPOCHS, batch_size=min(_BATCH, len(rows)), random_state=seed + number)
        for number in range(_NETWORKS)
    ]
    with threadpool_limits(1), warnings.catch_warnings():
        # The epochs are chosen; it does not run to convergence.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for model in models:
            model.fit(rows, wanted, sample_weight=weighed)
    hidden = np.concatenate([model.coefs_[0] for model in models], axis=1)
    hidden_bias = np.concatenate([model.intercepts_[0] for model in models])
    output = np.concatenate([model.coefs_[1][:, 0] for model in models]) / _NETWORKS
    bias = np.mean([model.intercepts_[1] for model in models], axis=0)
    # The artefact keeps half precision: rounded here, so that the trees learn from the networks that are served (on views of half precision, too).
    return Joint(*(array.astype(np.float16).astype(np.float32) for array in (hidden, hidden_bias, output, bias)))
