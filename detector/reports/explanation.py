"""The report of `detector explain`: a page's verdict, its text with the evidence marked, every feature by family."""

from __future__ import annotations

from typing import Any

from detector.reports.passages import parts_of
from detector.reports.writing import render
from detector.verdict import LABELS


def explanation_report(verdict: dict[str, Any], families: dict[str, dict[str, Any]], text: str | None, blocks: Any) -> str:
    """HTML of one page.

    Args:
        verdict: as `Verdict.to_dict`.
        families: name to `mismatch`, `share` (None where nothing was decided), `features` (name to value or None) and `witnesses`.
        text, blocks: as `parts_of` takes them; None where the page could not be read.
    """
    parts, omitted = (None, 0) if text is None else parts_of(text, blocks, verdict["evidence"])
    ordered = sorted(families.items(), key=lambda pair: -(pair[1]["share"] or 0))
    return render(
        "explanation.html", verdict=verdict, families=ordered, parts=parts, omitted=omitted, labels=[str(label) for label in LABELS]
    )
