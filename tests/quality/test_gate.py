"""The gate's part under attack: it passes only a detector that keeps its recall and spares what honest tools have made."""

from __future__ import annotations

from typing import Any

import pytest

from tests.quality import gate
from tests.quality.gate import Gate, under_attack

FLOORS = {"unseen_mean": 0.9, "unseen_least": 0.7, "tools": 0.0}


def evasion(mean: float, least: float, flagged: float) -> dict[str, Any]:
    tools = {"minifier": {"before": 0.1, "strengths": {"0.5": {"flagged": 0.1}, "1": {"flagged": flagged}}}}
    return {"summary": {"unseen": {"mean": mean, "least": least}}, "tools": tools}


@pytest.mark.parametrize(
    ("found", "failed"),
    [((0.9, 0.7, 0.1), 0), ((0.9, 0.7, 0.0), 0), ((0.89, 0.7, 0.1), 1), ((0.9, 0.69, 0.1), 1), ((0.9, 0.7, 0.2), 1), ((0.1, 0.1, 1.0), 3)],
)
def test_each_floor_under_attack_can_fail(found: tuple[float, float, float], failed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was flagged before a tool is not the tool's doing."""
    monkeypatch.setattr(gate, "resist", lambda *_, **__: evasion(*found))
    counted = Gate()
    under_attack(counted, None, FLOORS)  # type: ignore[arg-type]
    assert counted.failed == failed


def test_the_gate_attacks_the_hand_written_pages(detector: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """With the real attacks, on two pages of each side: every figure is told with its floor."""
    under_attack(Gate(), detector, FLOORS, most=2)
    told = capsys.readouterr().out
    assert [line[5:].partition(":")[0] for line in told.splitlines()] == [
        "of its recall kept under unseen attacks, mean",
        "under the worst unseen attack",
        "clean pages flagged by an honest tool's work, at most",
    ]
