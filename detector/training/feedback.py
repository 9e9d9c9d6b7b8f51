"""Corrections as training rows: weighted, by host, and never among the rows that anything is measured on.

Most corrections come from few hosts, the loudest ones; a host's rows together weigh no more than a few pages.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detector.errors import UsageError
from detector.features.joint import Joint
from detector.features.registry import NAMES
from detector.model.artefact import schema_digest
from detector.page.address import read_address
from detector.store.records import Decided
from detector.training import fit, intruders, joint, rows
from detector.training.corpus import fold_of
from detector.training.pool import Sample
from detector.training.progress import Progress

# Pages that a host may count for: what it corrects is mostly one template.
MAX_PER_HOST = 20


@dataclass(frozen=True, slots=True)
class Feedback:
    """Rows (n, features) with targets, weights and folds, each (n,); `facts` go into the metrics.

    `suspects` holds the suspect blocks (blocks, MEASURES) of rows that were read anew from their page, by their place, and `views` what the
    networks read of those, in that order: they wait for their models (`filled`).
    """

    rows: np.ndarray
    suspects: dict[int, np.ndarray]
    views: tuple[np.ndarray, np.ndarray]
    targets: np.ndarray
    weights: np.ndarray
    folds: np.ndarray
    facts: dict[str, Any]

    def filled(self, block_estimator: Any, networks: tuple[Joint, Joint]) -> Feedback:
        """The same with the rows in `suspects` as the block model and the networks score them."""
        matrix = self.rows.copy()
        places = sorted(self.suspects)
        intruders.fill(matrix, places, [self.suspects[place] for place in places], block_estimator)
        joint.fill(matrix, places, self.views, networks)
        return replace(self, rows=matrix)

    def outside(self, fold: int | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rows, targets and weights that may train a model to be tried on `fold`: none of that fold's hosts. All when None."""
        chosen = np.ones(len(self.rows), dtype=bool) if fold is None else self.folds != fold
        return self.rows[chosen], self.targets[chosen], self.weights[chosen]


def read_feedback(
    address: str, readers: rows.Readers, weight: float, folds: Mapping[str, int], workers: int, progress: Progress
) -> Feedback | None:
    """What people decided in a store; None when that is nothing that can be trained on.

    Args:
        weight: of one corrected page, where a composed one weighs 1.
        folds: the fold of groups that the corpus has too, so that a host stays on one side.

    Raises:
        UsageError, OutputError: there is no such store, it cannot be opened, or the `store` extra is missing.
    """
    try:
        from detector.store.store import Store
    except ImportError as error:
        raise UsageError("--feedback needs the store's libraries; pip install 'contentfarm-detector[store]'") from error
    store = Store(address, existing=True)
    try:
        decided = list(store.decided())
    finally:
        store.close()
    digest = schema_digest()
    usable = [one for one in decided if one.submission is not None or (one.features is not None and one.schema_digest == digest)]
    if len(usable) < len(decided):
        progress.say(
            f"{len(decided) - len(usable)} corrections are left out: their pages are gone, and their rows are of another version's features"
        )
    found, suspects, views = _rows(usable, readers, workers, progress)
    readable = np.flatnonzero(~np.isnan(found).all(axis=1))
    usable, found = [usable[place] for place in readable], found[readable]
    read = np.isin(list(suspects), readable)
    views = (views[0][read], views[1][read])
    suspects = {new: suspects[old] for new, old in enumerate(readable.tolist()) if old in suspects}
    if not usable:
        progress.say("no corrections to train on")
        return None
    groups = [group_of(one) for one in usable]
    per_group = Counter(groups)
    weights = np.array([weight * min(1.0, MAX_PER_HOST / per_group[group]) for group in groups])
    labels = [one.label for one in usable]
    facts = {
        "pages": len(usable),
        "hosts": len(per_group),
        "labels": dict(sorted(Counter(labels).items())),
        "digest": hashlib.sha256("\n".join(f"{one.verdict_id} {one.label}" for one in usable).encode()).hexdigest(),
    }
    progress.say(f"{len(usable):,} corrections of {len(per_group):,} hosts")
    return Feedback(
        found, suspects, views, fit.codes(labels), weights, np.array([folds.get(group, fold_of(group)) for group in groups]), facts
    )


def group_of(one: Decided) -> str:
    """What must stay on one side of a split: the registrable domain, or the page alone where its address is unknown."""
    return read_address(one.url).domain or one.host or one.verdict_id


def _rows(
    decided: list[Decided], readers: rows.Readers, workers: int, progress: Progress
) -> tuple[np.ndarray, dict[int, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """From the page where it is kept, for that is read as the corpus is; else the row that was stored with the verdict.

    With them the suspects of the pages that were read, by place, and the views of those pages (pages, PLACES, dimensions), in that order.
    """
    result = np.full((len(decided), len(NAMES)), np.nan)
    with_page = [(place, one) for place, one in enumerate(decided) if one.submission is not None]
    extracted = rows.rows_of([_sample(one) for _, one in with_page], readers, workers, progress)
    suspects = {}
    for (place, _), row, (found, _foreign) in zip(with_page, extracted.matrix, extracted.suspects, strict=True):
        result[place] = row
        suspects[place] = found
    for place, one in enumerate(decided):
        if one.submission is None and one.features is not None:
            result[place] = np.frombuffer(one.features, dtype=np.float32).astype(np.float64)
    return result, suspects, extracted.views


def _sample(one: Decided) -> Sample:
    assert one.submission is not None
    group = group_of(one)
    return Sample(one.verdict_id, one.submission.body, one.submission.is_text, one.url, one.label, group, fold_of(group), "feedback", "")
