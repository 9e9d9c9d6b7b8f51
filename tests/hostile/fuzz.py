"""Feeds very many malformed inputs to everything that reads them: `python -m tests.hostile.fuzz --inputs 1000000 --orders --workers 2`.

Inputs are numbered and made from the seed, so that a failure is named by its number and comes again with `--first N --inputs 1`. Each must
end within two seconds of processor time and each process stay below a gigabyte. With `--orders` all pages are judged a second time, last
first, many at once and by whichever worker is free, and every verdict must be the same: nothing is kept that changes an answer. An input that
hangs or kills its worker ends the run and is named. `--atheris FOLDER` is coverage-guided instead (pip install atheris; Linux), for one target.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import multiprocessing
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

import zstandard

from tests.hostile import inputs
from tests.hostile.bounded import BOUND
from tests.hostile.targets import TARGETS, again, whole
from tests.memory import peak

# Processor seconds after which an input will never end: the kernel ends the process, native code or not.
HANG = 20.0
MEMORY = 1_000_000_000
# Of ten inputs, how many go where: a page goes through everything and costs ten times what a reader does.
_TURN = ("page", "page", "page", "page", "decode", "decode", "decode", "rows", "rows", "rows")
# Inputs that a worker is given at once.
_CHUNK = 2_000
_ROWS = ("jsonl", "csv", "warc", "jsonl.gz", "warc.gz", "jsonl.zst", "warc.zst", "parquet", "mhtml", "mhtml.gz", "artefact")
# Without a time in the head, or the same number would be other bytes a second later.
_PACKERS: dict[str, Callable[[bytes], bytes]] = {"gz": partial(gzip.compress, compresslevel=1, mtime=0), "zst": zstandard.compress}


@cache
def parquet() -> bytes:
    """A small file, of which damaged ones are made."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["1", "2"], "html": ["<p>a", "<p>b"], "url": [None, "https://example.org/a"]}), sink)
    return sink.getvalue()


def numbered(number: int, seed: int) -> tuple[str, bytes]:
    """(target, bytes) of an input."""
    rng = random.Random(seed * 1_000_003 + number)
    target = _TURN[number % len(_TURN)]
    if target == "rows":
        target = _ROWS[number // len(_TURN) % len(_ROWS)]
    if target in ("page", "decode"):
        return target, inputs.body(rng)
    if target == "parquet":
        return target, inputs.damaged(rng, parquet())
    if target == "artefact":
        return target, rng.randbytes(rng.randrange(1, 40))
    kind, _, packing = target.partition(".")
    plain = inputs.saved(rng) if kind == "mhtml" else inputs.record(rng, kind)
    if not packing:
        return target, plain
    packed = _PACKERS[packing](plain)
    return target, inputs.damaged(rng, packed) if rng.random() < 0.5 else packed


@dataclass(slots=True)
class Found:
    """What a stretch of inputs showed. `digests` are those of the pages' verdicts by number."""

    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, -1)
    met: Counter[str] = field(default_factory=Counter)
    digests: dict[int, bytes] = field(default_factory=dict)
    memory: int = 0

    def add(self, other: Found) -> None:
        for failure in other.failures:
            print(failure, file=sys.stderr, flush=True)
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        self.met += other.met
        self.memory = max(self.memory, other.memory)


def digest(said: str) -> bytes:
    return hashlib.blake2b(said.encode(), digest_size=8).digest()


@contextmanager
def watched(place: Any, number: int) -> Iterator[None]:
    """An input that would never end kills the process; `place` then tells which it was."""
    if place is not None:
        place.value = number
        signal.setitimer(signal.ITIMER_PROF, HANG)
    yield
    if place is not None:
        signal.setitimer(signal.ITIMER_PROF, 0)


def forwards(numbers: Iterable[int], seed: int, place: Any = None) -> Found:
    """Each input in turn, with all that must hold of it."""
    found = Found()
    for number in numbers:
        target, data = numbered(number, seed)
        found.met[target] += 1
        start = time.process_time()
        try:
            with watched(place, number):
                said = TARGETS[target](data, number)
        except Exception:
            found.failures.append(f"input {number} of seed {seed} ({target}):\n{traceback.format_exc(limit=-4)}")
            continue
        taken = time.process_time() - start
        found.slowest = max(found.slowest, (taken, number))
        if taken > BOUND:
            found.failures.append(f"input {number} of seed {seed} ({target}) took {taken:.1f} s")
        if isinstance(said, str):
            found.digests[number] = digest(said)
    return measured(found)


def backwards(digests: dict[int, bytes], seed: int, place: Any = None) -> Found:
    """The pages of a stretch once more, last first, judged many at once."""
    found = Found()
    numbers = sorted(digests, reverse=True)
    with watched(place, numbers[0] if numbers else -1):
        for number, said in again((number, numbered(number, seed)[1]) for number in numbers):
            if digest(said) != digests[number]:
                found.failures.append(f"input {number} of seed {seed} has another verdict in another order")
            if place is not None:
                place.value = number
                signal.setitimer(signal.ITIMER_PROF, HANG)
    return measured(found)


def measured(found: Found) -> Found:
    found.memory = peak()
    if found.memory > MEMORY:
        found.failures.append(f"{found.memory / 1e6:,.0f} MB of memory")
    return found


def warm() -> None:
    """Tables and models are loaded once a process; that is no input's time."""
    whole(b"<p>" + b"The council met on Tuesday evening to play c a s i n o games. " * 9, 64)


_place: Any = None


def _begin(places: Any, taken: Any) -> None:
    """A worker's start: its own place to tell the number of the input that it is at."""
    global _place
    with taken.get_lock():
        _place, taken.value = places[taken.value], taken.value + 1
    warm()


def _forwards(numbers: range, seed: int) -> Found:
    return forwards(numbers, seed, _place)


def _backwards(digests: dict[int, bytes], seed: int) -> Found:
    return backwards(digests, seed, _place)


def in_workers(first: int, count: int, seed: int, orders: bool, workers: int, total: Found) -> None:
    """All chunks forwards, then all backwards from the last, by as many processes."""
    context = multiprocessing.get_context("spawn")
    places, taken = [context.Value("q", -1) for _ in range(workers)], context.Value("i", 0)
    digests: dict[int, dict[int, bytes]] = {}
    try:
        with ProcessPoolExecutor(workers, context, _begin, (places, taken)) as pool:
            chunks = [range(start, min(start + _CHUNK, first + count)) for start in range(first, first + count, _CHUNK)]
            given: dict[Future[Found], int] = {pool.submit(_forwards, chunk, seed): chunk.start for chunk in chunks}
            for done in as_completed(given):
                total.add(done.result())
                digests[given[done]] = done.result().digests if orders else {}
                told(total.met.total(), count, "forwards")
            if orders:
                back = [pool.submit(_backwards, digests[chunk.start], seed) for chunk in reversed(chunks)]
                for number, done in enumerate(as_completed(back), 1):
                    total.add(done.result())
                    told(min(number * _CHUNK, count), count, "backwards")
    except BrokenProcessPool:
        at = ", ".join(str(place.value) for place in places)
        total.add(Found(failures=[f"an input of seed {seed} hung or killed its worker; the workers were at {at}"]))


def told(reached: int, count: int, what: str) -> None:
    """Progress: one line that changes on a terminal, a line each twentieth of the way in a log."""
    if sys.stderr.isatty():
        print(f"\r{reached:,} of {count:,} {what}", end="", file=sys.stderr, flush=True)
    elif reached * 20 // count > (reached - _CHUNK) * 20 // count:
        print(f"{reached:,} of {count:,} {what}", file=sys.stderr, flush=True)


def run(first: int, count: int, seed: int, orders: bool, workers: int = 1) -> int:
    """Number of failures; each is told on standard error."""
    total = Found()
    start = time.monotonic()
    if workers > 1:
        in_workers(first, count, seed, orders, workers, total)
    else:
        warm()
        there = forwards(range(first, first + count), seed)
        total.add(there)
        if orders:
            total.add(backwards(there.digests, seed))
    kinds = ", ".join(f"{name} {number:,}" for name, number in total.met.most_common())
    print(
        f"{total.met.total():,} inputs ({kinds}){', pages in two orders' if orders else ''}, {len(total.failures)} failures, "
        f"slowest {total.slowest[0]:.2f} s (input {total.slowest[1]}), {total.memory / 1e6:,.0f} MB, {time.monotonic() - start:,.0f} s"
    )
    return len(total.failures)


def guided(target: str, folder: str) -> None:
    """Coverage-guided, until it is stopped or something fails; `folder` keeps the inputs that reached new code."""
    import atheris

    def one(data: bytes) -> None:
        TARGETS[target](data[2:], int.from_bytes(data[:2], "little"))

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], folder], one)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--orders", action="store_true", help="judge all pages again, last first")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--atheris", metavar="FOLDER")
    parser.add_argument("--target", choices=list(TARGETS), default="page")
    given = parser.parse_args()
    if given.atheris:
        guided(given.target, given.atheris)
        return 0
    return 1 if run(given.first, given.inputs, given.seed, given.orders, given.workers) else 0


if __name__ == "__main__":
    sys.exit(main())
