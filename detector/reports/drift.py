"""Week by week: what came in, what was said of it, what people made of that, and which features have moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from detector.features.drift import moved, reference_of
from detector.features.registry import NAMES
from detector.store.tables import VerdictRow

# Fewer pages than this say nothing of a distribution.
MIN_PAGES = 50
# Rows of one week that are compared; the first that came.
_MAX_ROWS = 20_000
TOP = 5


@dataclass(slots=True)
class Week:
    """Counts of one ISO week, such as 2026-W48, and its rows.

    `decided` counts every decision; `answered` those on pages that had a label, of which `overruled` said another.
    """

    name: str
    pages: int = 0
    flagged: int = 0
    abstained: int = 0
    decided: int = 0
    answered: int = 0
    overruled: int = 0
    rows: list[bytes] = field(default_factory=list)

    def matrix(self) -> np.ndarray:
        return np.array([np.frombuffer(row, dtype=np.float32) for row in self.rows], dtype=np.float64).reshape(-1, len(NAMES))


def weeks_of(rows: Iterable[VerdictRow], schema_digest: str) -> list[Week]:
    """Weeks in order; rows of another version's features are counted and not compared."""
    weeks: dict[str, Week] = {}
    for row in rows:
        year, number, _ = row.created_at.isocalendar()
        name = f"{year}-W{number:02d}"
        week = weeks.setdefault(name, Week(name))
        week.pages += 1
        week.flagged += bool(row.verdict["flagged"])
        week.abstained += row.abstained is not None
        week.decided += row.decided is not None
        # Abstaining is no answer: whatever a person says of such a page overrules nothing.
        answered = row.decided is not None and row.label is not None
        week.answered += answered
        week.overruled += answered and row.decided != row.label
        if row.features is not None and row.schema_digest == schema_digest and len(week.rows) < _MAX_ROWS:
            week.rows.append(row.features)
    return [weeks[name] for name in sorted(weeks)]


def drift(weeks: list[Week], reference: dict[str, Any] | None) -> dict[str, Any]:
    """The report as JSON has it. Without a reference of the model's own, the first week with enough pages is it."""
    against = "training"
    if reference is None:
        first = next((week for week in weeks if len(week.rows) >= MIN_PAGES), None)
        against = first.name if first else "nothing"
        reference = reference_of(first.matrix()) if first else None
    return {"against": against, "weeks": [_week(week, reference) for week in weeks]}


def _week(week: Week, reference: dict[str, Any] | None) -> dict[str, Any]:
    judged = week.pages - week.abstained
    compared = reference is not None and len(week.rows) >= MIN_PAGES
    found = moved(reference, week.matrix()) if reference is not None and compared else {}
    return {
        "week": week.name,
        "pages": week.pages,
        "flagged": _share(week.flagged, judged),
        "abstained": _share(week.abstained, week.pages),
        "decided": week.decided,
        "overruled": _share(week.overruled, week.answered),
        "moved": {name: round(value, 3) for name, value in list(found.items())[:TOP]} if compared else None,
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
