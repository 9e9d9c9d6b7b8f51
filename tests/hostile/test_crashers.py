"""What once crashed or stalled is answered within the bound, read as a file, and harms no page beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detector import Detector
from detector.cli.app import app
from detector.sources import Failure, Options, open_pages
from tests.hostile.bounded import bounded
from tests.hostile.crashers import CRASHERS, PROSE


@pytest.mark.parametrize("name", CRASHERS)
def test_a_past_crasher_is_answered_in_time(name: str, detector: Detector, tmp_path: Path) -> None:
    """Read, judged with its evidence, and said as what it is now."""
    path = tmp_path / name
    path.write_bytes(CRASHERS[name].make())
    assert path.stat().st_size < 10_500_000
    thorough = detector.at_threshold(0.0)
    with bounded():
        items = list(open_pages([str(path)], Options()))
        verdicts = [thorough.classify(item) for item in items if not isinstance(item, Failure)]
    said = ["unreadable" for item in items if isinstance(item, Failure)]
    said += [verdict.partial or verdict.abstained or "judged" for verdict in verdicts]
    assert said == [CRASHERS[name].said], items


@pytest.mark.parametrize("workers", [1, 2])
def test_past_crashers_harm_no_page_beside_them(workers: int, tmp_path: Path) -> None:
    """All in one folder with an honest page at both ends: each has its row or is named, and the honest pages have their verdicts."""
    for name in CRASHERS:
        (tmp_path / name).write_bytes(CRASHERS[name].make())
    for name in ("a.html", "z.html"):
        (tmp_path / name).write_bytes(b"<h1>Council agrees to repair the bridge</h1>" + PROSE)
    result = CliRunner().invoke(app, ["classify", str(tmp_path), "--format", "jsonl", "--workers", str(workers)])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    honest = [row for row in rows if row["id"] in (str(tmp_path / "a.html"), str(tmp_path / "z.html"))]
    assert [row["abstained"] for row in honest] == [None, None]
    assert len(rows) == 2 + sum(crasher.said != "unreadable" for crasher in CRASHERS.values())
    assert "timed-out" not in {row["abstained"] for row in rows}
    for name, crasher in CRASHERS.items():
        assert (str(tmp_path / name) in result.stderr) == (crasher.said == "unreadable")
    assert result.exit_code == 3
