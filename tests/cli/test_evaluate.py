"""`detector evaluate`: its figures as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from detector.cli.evaluation import show


def measured(flagged: int, auc: float | None) -> dict[str, Any]:
    """Figures of five bad and five clean pages, as JSON has them."""
    rate = {"pages": 5, "groups": 5, "flagged": flagged, "rate": flagged / 5, "interval": [0.1, 0.9]}
    bad = {"pages": 5, "bad": 5, "bad_flagged": flagged, "clean_flagged": 0}
    slices = {"label": {"spam": bad, "clean": {"pages": 5, "bad": 0, "bad_flagged": 0, "clean_flagged": 1}}, "form": {"html": bad}}
    confusion = {"clean": {"clean": 4, "spam": 1}, "spam": {"clean": 5 - flagged, "spam": flagged}}
    found = {"pages": 10, "abstained": 0, "operating_point": "default", "threshold": 0.62, "auc": auc, "recall": rate, "model": "m@1"}
    return {**found, "recall_at": {"0.005": None}, "confusion": confusion, "slices": slices}


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which no cell is folded."""
    monkeypatch.setenv("COLUMNS", "160")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│\n").split("│")]


def test_evaluate_tells_people_figures_by_name(capsys: pytest.CaptureFixture[str], wide: None) -> None:
    """Small tables with titles; none of JSON's keys; what is not known is said so."""
    show(measured(3, 0.98765), None)
    told = capsys.readouterr().out
    rows = [cells(line) for line in told.splitlines() if line.startswith("│")]
    assert told.startswith("m@1 at default, threshold 0.6200\n")
    for title in ("Figures, with intervals of 95 %", "What was said of what", "By label", "By form"):
        assert title in told
    assert ["bad pages flagged", "60.0% (10.0% to 90.0%; 3 of 5)"] in rows
    assert ["bad pages flagged, with 0.5% of clean", "unknown"] in rows
    assert ["area under the ROC curve", "0.9877"] in rows
    assert ["spam", "5", "3 of 5", "0 of 0"] in rows
    assert "_" not in told and "…" not in told


def test_evaluate_against_another_shows_what_differs(capsys: pytest.CaptureFixture[str], wide: None) -> None:
    """With the difference; what reads the same is left out, a whole table too."""
    show(measured(4, 0.9), measured(3, None))
    told = capsys.readouterr().out
    rows = [cells(line) for line in told.splitlines() if line.startswith("│")]
    assert [row[0] for row in rows if row[-1] == "+20.0 points"] == ["bad pages flagged"]
    assert ["area under the ROC curve", "unknown", "0.9000", ""] in rows
    assert ["spam", "bad flagged", "3 of 5", "4 of 5", "+1"] in rows
    assert ["spam", "said clean", "2", "1", "-1"] in rows
    assert not [row for row in rows if row[0] in ("pages", "clean")]
    show(measured(4, 0.9), measured(4, 0.9))
    assert capsys.readouterr().out.endswith("No figure differs.\n")
