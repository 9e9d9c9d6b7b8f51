"""What each tier costs: pages a second, share of pages that reach the second tier, hit rate of the encoder's cache, peak memory.

`python -m tests.benchmarks.tiers [--corpus DIR] [--kind all] [--pages 300] [--model DIR]`. The same pages for `never`, `auto` and `always`, each in a
process of its own on one core; processor time of `classify_many`, reading the file apart. The cache begins empty and the encoder loaded, but
for `never`, which has none. Pages that cannot be read count as pages that stay in the first tier.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from detector import Detector, Page, detector
from detector.bulk import batches
from detector.features.embedding import default_embedder
from tests.memory import peak

from .measured import CHUNK, exhaust, on_one_core, pages_of

WARM = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one tier: pages, seconds of processor time, pages read for meaning, strings asked and found in the cache, peak resident bytes."""

    pages: int
    seconds: float
    deep: int
    asked: int
    found: int
    memory: int

    def __str__(self) -> str:
        rate = f"{self.found / self.asked:.1%}" if self.asked else "none asked"
        return f"{self.pages / self.seconds:10.1f} {self.deep / self.pages:12.1%} {rate:>12} {self.memory / 2**20:8,.0f} MB"


def chunks(rows: Path) -> Iterator[list[Page]]:
    """The pages of a file, `CHUNK` at a time, so that they are not what memory is spent on."""
    with rows.open(encoding="utf-8") as stream:
        yield from batches((Page.from_html(row["html"], row["url"]) for row in map(json.loads, stream)), CHUNK)


def measure(rows: Path, semantic: str, model: Path | None = None) -> Cost:
    """One tier, in this process. The first pages are judged twice: for what a process does but once."""
    judge = Detector.load(model, semantic=semantic)
    if semantic != "never":
        default_embedder().encode(["The council met."])
    exhaust(judge.classify_many(next(chunks(rows))[:WARM]))
    default_embedder().clear()
    before, deep, pages, seconds = judge.cache_hits, 0, 0, 0.0
    unpatched = detector.read_meaning

    def counted(*arguments: Any) -> Any:
        nonlocal deep
        deep += 1
        return unpatched(*arguments)

    with mock.patch.object(detector, "read_meaning", counted):
        for chunk in chunks(rows):
            begun = time.process_time()
            exhaust(judge.classify_many(chunk))
            seconds += time.process_time() - begun
            pages += len(chunk)
    return Cost(pages, seconds, deep, *judge.cache_hits.since(before), peak())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="all", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--measure", nargs=2, metavar=("ROWS", "TIER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        on_one_core()
        print(json.dumps(asdict(measure(Path(arguments.measure[0]), arguments.measure[1], arguments.model))))
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "pages.jsonl"
        with rows.open("w", encoding="utf-8") as stream:
            for page in pages_of(arguments.corpus, arguments.kind, arguments.pages):
                stream.write(json.dumps({"html": page.body, "url": page.url}) + "\n")
        print(f"{'semantic':8} {'a second':>10} {'second tier':>12} {'cache hits':>12} {'memory':>11}")
        for semantic in ("never", "auto", "always"):
            command = [sys.executable, "-m", "tests.benchmarks.tiers", "--measure", str(rows), semantic]
            command += ["--model", str(arguments.model)] if arguments.model else []
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            print(f"{semantic:8} {Cost(**json.loads(told))}", flush=True)


if __name__ == "__main__":
    main()
