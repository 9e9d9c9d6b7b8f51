"""Feeds very many malformed inputs to everything that reads them: `python -m tests.hostile.fuzz --inputs 1000000`.

Inputs are numbered and made from the seed, so that a failure is named by its number and comes again with `--first N --inputs 1`. Each must
end within two seconds of processor time and the process stay below a gigabyte. With `--orders` all pages are judged a second time, last
first, and every verdict must be the same: nothing is kept that changes an answer. `--atheris FOLDER` is coverage-guided instead (pip install
atheris; Linux), for one target.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import random
import resource
import sys
import time
import traceback
from collections import Counter
from functools import cache

from tests.hostile import inputs
from tests.hostile.targets import TARGETS, whole

BOUND = 2.0
MEMORY = 1_000_000_000
# Of ten inputs, how many go where: the readers are small.
_TURN = ("page", "page", "page", "page", "page", "page", "decode", "rows", "rows", "rows")
_ROWS = ("jsonl", "csv", "warc", "jsonl.gz", "warc.gz", "parquet", "mhtml", "artefact")


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
    if target == "mhtml":
        head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
        return target, inputs.damaged(rng, head + inputs.body(rng) + b"\r\n--b--\r\n")
    plain = inputs.record(rng, target.split(".")[0])
    if not target.endswith(".gz"):
        return target, plain
    packed = gzip.compress(plain, 1)
    return target, inputs.damaged(rng, packed) if rng.random() < 0.5 else packed


def run(first: int, count: int, seed: int, orders: bool) -> int:
    """Number of failures; each is told on standard error."""
    # Tables and models are loaded once a process; that is no input's time.
    whole(b"<p>" + b"The council met on Tuesday evening to repair the bridge. " * 9, 16)
    failures, slowest, digests, met = 0, (0.0, -1), {}, Counter[str]()
    for number in range(first, first + count):
        target, data = numbered(number, seed)
        met[target] += 1
        start = time.process_time()
        try:
            said = TARGETS[target](data, number)
        except Exception:
            failures += 1
            print(f"input {number} of seed {seed} ({target}):\n{traceback.format_exc(limit=-4)}", file=sys.stderr)
            continue
        taken = time.process_time() - start
        slowest = max(slowest, (taken, number))
        if taken > BOUND:
            failures += 1
            print(f"input {number} of seed {seed} ({target}) took {taken:.1f} s", file=sys.stderr)
        if orders and isinstance(said, str):
            digests[number] = hashlib.blake2b(said.encode(), digest_size=8).digest()
    for number in sorted(digests, reverse=True):
        said = whole(numbered(number, seed)[1], number)
        if hashlib.blake2b(said.encode(), digest_size=8).digest() != digests[number]:
            failures += 1
            print(f"input {number} of seed {seed} has another verdict in another order", file=sys.stderr)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if memory > MEMORY:
        failures += 1
        print(f"{memory / 1e6:,.0f} MB of memory", file=sys.stderr)
    kinds = ", ".join(f"{name} {number:,}" for name, number in met.most_common())
    print(f"{count:,} inputs ({kinds}), {failures} failures, slowest {slowest[0]:.2f} s (input {slowest[1]}), {memory / 1e6:,.0f} MB")
    return failures


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
    parser.add_argument("--atheris", metavar="FOLDER")
    parser.add_argument("--target", choices=list(TARGETS), default="page")
    given = parser.parse_args()
    if given.atheris:
        guided(given.target, given.atheris)
        return 0
    return 1 if run(given.first, given.inputs, given.seed, given.orders) else 0


if __name__ == "__main__":
    sys.exit(main())
