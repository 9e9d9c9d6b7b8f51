"""From witnesses to evidence: how much the verdict rests on each.

A family's share of the decision is how far the flag probability's log-odds fall when its values are unknown (the model is trained
to bear that), so one of which nothing was known has none; within the family a witness has its own strength's share.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detector.features.base import Witness
from detector.features.reading import Reading
from detector.features.registry import FAMILY_COLUMNS, Row
from detector.features.together import least_fitting
from detector.model.artefact import Artefact
from detector.model.calibration import log_odds
from detector.verdict import Evidence

# Families whose removal changes nothing still saw something: their witnesses come last, with this share.
_FLOOR = 0.02
# A quotation of less weight explains no verdict.
_CARRIES = 0.05
MAX_EVIDENCE = 20


def family_shares(artefact: Artefact, row: Row) -> dict[str, float]:
    """Share of the decision by family, each 0 to 1, summing to one; families that spoke for clean have the floor, those not read nothing."""
    names = list(FAMILY_COLUMNS)
    rows = np.repeat(row.values[None, :], len(names) + 1, axis=0)
    for index, name in enumerate(names):
        rows[index, FAMILY_COLUMNS[name]] = np.nan
    odds = log_odds(1.0 - artefact.probabilities(rows)[:, 0])
    falls = np.maximum(odds[-1] - odds[:-1], 0.0)
    read = np.array([not np.isnan(row.values[FAMILY_COLUMNS[name]]).all() for name in names])
    shares = (falls + _FLOOR * (falls.max() or 1.0)) * read
    shares /= shares.sum()
    return dict(zip(names, shares.tolist(), strict=True))


def weigh(artefact: Artefact, row: Row, reading: Reading) -> tuple[Evidence, ...]:
    """Evidence sorted by weight, heaviest first; equal weights by place. Where no quotation from the text has a twentieth of the weight, the part
    is added without which the parts would go together better (`least_fitting`), if that has so much or there is no other evidence.
    """
    shares = family_shares(artefact, row)
    found = _weighed(row.witnesses, shares)
    if not any(piece.source == "text" and piece.weight >= _CARRIES for piece in found) and (least := least_fitting(reading)):
        *others, added = _weighed((*row.witnesses, least), shares)
        if added.weight >= _CARRIES or not found:
            found = [*others, added]
    found.sort(key=lambda piece: (-piece.weight, piece.start if piece.start is not None else -1, piece.code))
    return tuple(found[:MAX_EVIDENCE])


def _weighed(witnesses: Sequence[Witness], shares: dict[str, float]) -> list[Evidence]:
    strength: dict[str, float] = {}
    for witness in witnesses:
        name = witness.code.split(".", 1)[0]
        strength[name] = strength.get(name, 0.0) + witness.strength
    return [_evidence(witness, shares, strength) for witness in witnesses if witness.strength > 0]


def _evidence(witness: Witness, shares: dict[str, float], strength: dict[str, float]) -> Evidence:
    name = witness.code.split(".", 1)[0]
    # A weak witness alone in its family does not inherit the whole family's share.
    share = witness.strength / max(strength[name], 0.5)
    return Evidence(
        witness.code, witness.source, witness.role, witness.quote, witness.start, witness.end, shares[name] * share, witness.message
    )
