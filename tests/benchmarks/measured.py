"""What benchmarks measure with: processes with their time and memory, the corpus's pages, functions over the same pages in turns."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from detector.training import corpus
from detector.training.corpus import CorpusPage

T = TypeVar("T")
CHUNK = 50


@dataclass(frozen=True, slots=True)
class Used:
    """Of one process: seconds by the clock, seconds of processor time, peak resident megabytes."""

    clock: float
    processor: float
    peak: float


def process(command: Sequence[str]) -> Used:
    """Run to its end.

    Raises:
        RuntimeError: it failed.
    """
    begun = time.perf_counter()
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(started.pid, 0)
    clock = time.perf_counter() - begun
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {started.returncode}")
    return Used(clock, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def pages_of(folder: str | None, kind: str, count: int) -> list[CorpusPage]:
    """So many clean HTML pages of a kind, or of all, the same ones every time."""
    found = [page for page in corpus.clean_pages(corpus.require(folder)) if isinstance(page.body, str) and kind in (page.kind, "all")]
    random.Random(1).shuffle(found)
    return found[:count]


def on_one_core() -> None:
    """This process and what it starts stay on one core, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def in_turns(pages: Sequence[T], contestants: dict[str, Callable[[Sequence[T]], object]]) -> dict[str, float]:
    """Seconds of processor time of each over all pages. They take turns chunk by chunk, so a machine whose speed drifts slows all."""
    spent = dict.fromkeys(contestants, 0.0)
    for place in range(0, len(pages), CHUNK):
        for name, run in contestants.items():
            begun = time.process_time()
            run(pages[place : place + CHUNK])
            spent[name] += time.process_time() - begun
    return spent


def exhaust(items: Iterable[object]) -> None:
    for _ in items:
        pass
