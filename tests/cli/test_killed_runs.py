"""kill -9 at random moments, and --resume after each: every page exactly once."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run, Spawn

from .conftest import rows_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
PAGES = 1200


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def killed(spawn: Spawn, arguments: tuple[object, ...], out: Path, moments: random.Random) -> bool:
    """Resume and kill at a random moment: of the start, or of the work. False if the run was over before."""
    part = Path(f"{out}.part")
    before = size(part)
    process = spawn(*arguments, "--resume")
    if moments.random() < 0.3:
        time.sleep(moments.uniform(0, 1.5))
    else:
        deadline = time.monotonic() + 60
        while size(part) <= before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(moments.uniform(0, 0.2))
    process.send_signal(signal.SIGKILL)
    code = process.wait(timeout=60)
    process.communicate()
    return code == -signal.SIGKILL


def ids(out: Path) -> list[str]:
    if out.suffix == ".parquet":
        import pyarrow.parquet as pq

        return [str(id) for id in pq.read_table(out)["id"].to_pylist()]
    return [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("name", "workers"), [("o.jsonl", 2), ("o.parquet", 1)])
def test_after_twenty_kills_each_page_is_there_exactly_once(run: Run, spawn: Spawn, tmp_path: Path, name: str, workers: int) -> None:
    """Twelve hundred pages, killed and resumed twenty times, give the very bytes of a run that nobody touched."""
    (tmp_path / "in").mkdir()
    source, out, facts = tmp_path / "in" / "a.jsonl", tmp_path / name, tmp_path / "f.jsonl"
    source.write_bytes(rows_of(PAGES))
    arguments = ("classify", source, "-o", out, "--workers", workers, "--facts", facts)
    moments = random.Random(f"{name} {workers} {os.environ.get('KILL_SEED', '')}")
    lengths = set()
    for _ in range(20):
        if not killed(spawn, arguments, out, moments):
            break
        lengths.add(size(Path(f"{out}.part")))
    # Kills that all came before the first row, or after the last, would prove nothing.
    assert len(lengths) > 5
    resumed = run(*arguments, "--resume")
    assert resumed.exit_code == 0
    assert f"{PAGES:,} pages" in resumed.stderr
    assert ids(out) == [f"p{number}" for number in range(PAGES)]
    untouched = tmp_path / "in" / name
    run("classify", source, "-o", untouched)
    assert ids(facts) == [f"p{number}" for number in range(PAGES)]
    facts.unlink()
    assert out.read_bytes() == untouched.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", name]
