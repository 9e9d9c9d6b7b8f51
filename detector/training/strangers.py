"""Fitting the networks that say whether a main text is another page's (`affinity.stranger`, `coherence.stranger`), and their answers out of fold.

Of real pages alone, of which there are as many pairs as one likes: the identity, menu, lists and links of one page with the main text and mostly the
title of another, mostly in its language, against pages as they are. What is honest about a stranger's text (syndication, a wire) the trees learn
from the controls. Parts are left out at random on both sides, so that nothing is told by what a page lacks.
"""

from __future__ import annotations

import numpy as np

from detector.features.joint import PLACES, Joint, inputs
from detector.training.joint import STRANGERS, fitted, folds_of, spread

# Pairs of each kind for a page, networks averaged, and shares: of texts from a page in the same language, of texts that bring their title, of parts left out.
_PAIRS, _NETWORKS = 3, 2
_SAME, _TITLED, _LEFT_OUT = 0.9, 0.8, 0.2
_HOME, _TITLE, _CONTENT = PLACES.index("home"), PLACES.index("title"), PLACES.index("content")


def fit(
    views: tuple[np.ndarray, np.ndarray],
    matrix: np.ndarray,
    real: np.ndarray,
    groups: list[str],
    languages: list[str],
    folds: np.ndarray,
    seed: int,
    workers: int = 1,
) -> tuple[Joint, Joint]:
    """Fill the columns of `matrix` (n, features) out of fold, and return the networks fitted on all real pages.

    `views` are those of the words and of the encoder, (n, PLACES, dimensions) each; `real` (n,) marks the real pages, `groups` and `languages` are
    theirs and everybody's.
    """
    from joblib import Parallel, delayed

    spoken = np.array([language.split("-")[0] for language in languages])
    hosts = np.unique(groups, return_inverse=True)[1]
    tasks = []
    for own in views:
        whole = real & ~np.isnan(own[:, [_HOME, _CONTENT], 0]).any(axis=1)
        for fold in (*folds_of(folds), -1):
            rows = np.flatnonzero(whole & (folds != fold))
            tasks.append(delayed(_fitted)(own[rows], hosts[rows], spoken[rows], seed))
    return spread(Parallel(n_jobs=workers)(tasks), views, matrix, STRANGERS, folds)


def _fitted(views: np.ndarray, hosts: np.ndarray, languages: np.ndarray, seed: int) -> Joint:
    strange, own = pairs(views, hosts, languages, _PAIRS * len(views), seed)
    if not len(strange):  # pages of one host, or none: every page has even odds
        return Joint(*(np.zeros(shape, dtype=np.float32) for shape in ((inputs(views.shape[2]), 1), 1, 1, 1)))
    wanted = np.repeat([True, False], [len(strange), len(own)])
    return fitted(np.concatenate([strange, own]), wanted, np.ones(len(wanted)), seed, _NETWORKS)


def pairs(views: np.ndarray, hosts: np.ndarray, languages: np.ndarray, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(views with another host's main text, as many as they are), at most `count` each, from views (n, PLACES, dimensions) of pages with an identity and
    a main text.
    """
    rng = np.random.default_rng(seed)
    keepers, givers = rng.integers(0, max(1, len(views)), (2, count))
    same = rng.random(count) < _SAME
    for language in np.unique(languages):
        pages, wanting = np.flatnonzero(languages == language), np.flatnonzero(same & (languages[keepers] == language))
        givers[wanting] = rng.choice(pages, len(wanting))
    apart = hosts[keepers] != hosts[givers]
    keepers, givers = keepers[apart], givers[apart]
    strange = views[keepers].copy()
    strange[:, _CONTENT] = views[givers, _CONTENT]
    titled = rng.random(len(strange)) < _TITLED
    strange[titled, _TITLE] = views[givers[titled], _TITLE]
    own = views[rng.integers(0, len(views), len(strange))].copy()
    for rows in (strange, own):
        left_out = rng.random(rows.shape[:2]) < _LEFT_OUT
        left_out[:, _CONTENT] = False
        rows[left_out] = np.nan
    return strange, own
