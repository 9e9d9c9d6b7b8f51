"""The bulk engine with real processes: order, the watchdog, crashes, and what is left when the program itself is killed."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import detector
from detector import Detector, Page
from detector.bulk import judge_in_workers
from detector.errors import WorkerError

from .judges import obey

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
ROOT = Path(detector.__file__).parent.parent


def given_up(page: str) -> str:
    return f"gave up {page}"


def answers(batches: list[list[str]], workers: int = 2, seconds: float = 30.0) -> list[str]:
    return list(judge_in_workers(obey, batches, workers, given_up, seconds))


def gone(pid: int) -> bool:
    """Whether a process has ended, within half a minute."""
    for _ in range(300):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_answers_come_in_the_order_of_the_pages(workers: int) -> None:
    """Batches that take longer than later ones change nothing."""
    waits = random.Random(4)
    batches = [[f"sleep {waits.uniform(0, 0.05):.3f} {number}-{place}" for place in range(3)] for number in range(12)]
    assert answers(batches, workers) == [f"answer to {page}" for batch in batches for page in batch]


@posix
@pytest.mark.parametrize("fault", ["spin", "stall", "crash", "exit", "sleep 60"])
def test_a_page_that_stalls_or_kills_its_worker_is_given_up_alone(fault: str) -> None:
    """In Python code, in native code, by a signal or by leaving: its neighbours in the batch and all other batches are answered."""
    batches = [["a", "b"], ["c", fault, "d"], ["e"], [fault], ["f", "g"]]
    expected = [f"gave up {fault}" if page == fault else f"answer to {page}" for batch in batches for page in batch]
    assert answers(batches, seconds=1.5) == expected


def test_what_the_judge_raises_comes_out() -> None:
    """A fault of the program is no page that timed out."""
    with pytest.raises(ValueError, match="fail now"):
        answers([["a"], ["fail now"], ["b"]])


def test_what_a_judge_prints_does_not_spoil_its_answers() -> None:
    """Standard input and output of a worker belong to the engine; a library's chatter goes to standard error."""
    assert answers([["print", "a"]]) == ["answer to print", "answer to a"]


def test_batches_are_taken_as_they_are_needed() -> None:
    """An endless source gives its first answers, and no more than a few batches are held."""
    taken = 0

    def endless() -> Iterator[list[str]]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield [str(number)]

    found = judge_in_workers(obey, endless(), 2, given_up)
    assert list(itertools.islice(found, 20)) == [f"answer to {number}" for number in range(20)]
    assert taken <= 24
    found.close()  # type: ignore[attr-defined]


@posix
def test_whoever_stops_asking_leaves_no_process_behind() -> None:
    """Closing the iterator ends the workers, one that spins too."""
    found = judge_in_workers(obey, [["who"], ["who"], ["spin"], ["a"]], 2, given_up)
    pids = {int(next(found).split()[0]) for _ in range(2)}
    found.close()  # type: ignore[attr-defined]
    assert all(gone(pid) for pid in pids)


@posix
def test_a_worker_that_someone_stops_is_replaced() -> None:
    """SIGSTOP is a stall that no code of the page's caused: its page is asked again elsewhere, and answered."""
    found = judge_in_workers(obey, (["who" if number < 1 else "sleep 0.3"] for number in range(6)), 1, given_up, 2.0)
    os.kill(int(next(found).split()[0]), signal.SIGSTOP)
    assert list(found) == ["answer to sleep 0.3"] * 5


@posix
def test_a_killed_program_leaves_no_worker_behind(tmp_path: Path) -> None:
    """After kill -9 the workers see their input end; one that is stuck is ended by its own alarm."""
    script = (
        "from tests.bulk.judges import obey\n"
        "from detector.bulk import judge_in_workers\n"
        "batches = [['who'], ['who', 'sleep 0.5'], ['stall'], ['stall']]\n"
        "for answer in judge_in_workers(obey, batches, 2, str, 3.0):\n"
        "    print(answer, flush=True)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, cwd=tmp_path) as process:
        assert process.stdout
        pids = {int(process.stdout.readline().split()[0]) for _ in range(2)}
        process.kill()
    assert all(gone(pid) for pid in pids)


def test_a_script_without_a_main_guard_runs_once(tmp_path: Path) -> None:
    """Workers import the package, not the caller's script; nor what happens to lie in the working directory."""
    (tmp_path / "struct.py").write_text("raise SystemExit('the wrong module')\n")
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts" / "judge.py"
    script.write_text(
        "from detector import Detector, Page\n"
        "print('begun')\n"
        "pages = [Page.from_text('word ' * 100, id=str(n)) for n in range(70)]\n"
        "print(sum(v.id == str(n) for n, v in enumerate(Detector.load().classify_many(pages, workers=2))))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    assert (done.stdout.split(), done.stderr) == (["begun", "70"], "")


def test_a_program_that_cannot_start_workers_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """No interpreter at the place where Python says that it is: a message, not a wait."""
    monkeypatch.setattr(sys, "executable", str(ROOT / "no-such-python"))
    with pytest.raises(WorkerError, match="--workers 1"):
        answers([["a"]])


class Poison(Page):
    """A page that ends whatever process it is handed to."""

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (9,)


def test_a_page_that_kills_its_worker_abstains_and_harms_no_other(detector: Detector) -> None:
    """Through the public method: `timed-out`, null and not clean; the other verdicts are those of one process."""
    body = Path(ROOT / "tests" / "pages" / "demo").glob("*.txt")
    pages = [Page.from_file(path) for path in sorted(body)] * 3
    alone = list(detector.classify_many(pages))
    middle = len(pages) // 2
    found = list(detector.classify_many([*pages[:middle], Poison("x", None, "poison"), *pages[middle:]], workers=2))
    poisoned = found.pop(middle)
    assert (poisoned.id, poisoned.abstained, poisoned.label, poisoned.flagged) == ("poison", "timed-out", None, None)
    assert found == alone
    assert json.loads(json.dumps(poisoned.to_dict()))["flag_probability"] is None
