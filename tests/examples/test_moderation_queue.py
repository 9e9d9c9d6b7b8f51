"""The queue example, run as its readers run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import detector
from detector import Detector
from detector.page.page import split_front_matter

ROOT = Path(detector.__file__).parent.parent
SCRIPT = Path(__file__).parent.parent.parent / "examples" / "moderation_queue.py"
DEMO = ROOT / "tests" / "pages" / "demo"


def consume(queue: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SCRIPT), str(queue), "--once", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def put(queue: Path, name: str, message: object, folder: str = "inbox") -> None:
    (queue / folder).mkdir(parents=True, exist_ok=True)
    (queue / folder / f"{name}.json").write_text(message if isinstance(message, str) else json.dumps(message))


def messages(queue: Path, band: str) -> set[str]:
    return {path.stem for path in (queue / band).glob("*.json") if not path.name.endswith(".verdict.json")}


def test_every_message_ends_in_the_queue_of_its_band(tmp_path: Path, detector: Detector) -> None:
    """By the thresholds of the operating points; what cannot be judged is for a person; what is no page is a dead letter with a reason."""
    expected: dict[str, set[str]] = {
        "publish": set(),
        "review": {"short", "null"},
        "hold": set(),
        "dead": {"broken", "empty", "list", "number"},
    }
    points = detector.operating_points
    for path in sorted(DEMO.iterdir()):
        body, url = split_front_matter(path.read_bytes())
        kind = "text" if path.suffix == ".txt" else "html"
        put(tmp_path, path.stem, {"id": path.stem, "url": url, kind: body.decode()})
        probability = detector.classify(detector_page(kind, body.decode(), url)).flag_probability
        assert probability is not None
        band = "hold" if probability >= points["high-precision"] else "review" if probability >= points["high-recall"] else "publish"
        expected[band].add(path.stem)
    put(tmp_path, "short", {"text": "too short to judge"})
    put(tmp_path, "broken", "{no json")
    put(tmp_path, "empty", {"id": 4})
    put(tmp_path, "list", [1])
    put(tmp_path, "null", {"html": None, "text": "hello"})
    put(tmp_path, "number", {"html": 7, "text": "hello"})
    done = consume(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert {band: messages(tmp_path, band) for band in expected} == expected
    assert expected["hold"], "the demo pages should reach more than one queue"
    assert json.loads((tmp_path / "review" / "short.verdict.json").read_text())["abstained"] == "too-little-text"
    assert "is not JSON" in (tmp_path / "dead" / "broken.reason.txt").read_text()
    assert '"html" is no text' in (tmp_path / "dead" / "number.reason.txt").read_text()
    assert messages(tmp_path, "inbox") == messages(tmp_path, "work/consumer") == set()


def detector_page(kind: str, body: str, url: str | None) -> detector.Page:
    return detector.Page.from_text(body, url) if kind == "text" else detector.Page.from_html(body, url)


def test_what_a_killed_consumer_had_claimed_is_taken_up_again(tmp_path: Path) -> None:
    """Claimed messages are handled at the next start; one that was there three times is a dead letter."""
    put(tmp_path, "left", {"text": "x"}, "work/consumer")
    put(tmp_path, "killer", {"text": "x"}, "work/consumer")
    (tmp_path / "work" / "consumer" / "killer.json.tries").write_text("2")
    assert consume(tmp_path).returncode == 0
    assert messages(tmp_path, "review") == {"left"}
    assert messages(tmp_path, "dead") == {"killer"}
    assert "failed 3 times" in (tmp_path / "dead" / "killer.reason.txt").read_text()
    assert list((tmp_path / "work" / "consumer").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_queue_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A message and an exit code, no traceback."""
    tmp_path.chmod(0o500)
    done = consume(tmp_path / "queue")
    assert done.returncode == 2 and "Traceback" not in done.stderr


def test_a_queue_that_is_a_file_is_told(tmp_path: Path) -> None:
    """A message and an exit code, no traceback."""
    (tmp_path / "queue").touch()
    done = consume(tmp_path / "queue")
    assert done.returncode == 2 and "queue" in done.stderr and "Traceback" not in done.stderr
