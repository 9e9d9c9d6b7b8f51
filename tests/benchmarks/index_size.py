"""An index of many synthetic originals: documents, peak memory, size on disk, seconds, and how long a query takes in it.

`python -m tests.benchmarks.index_size [--documents 1000000] [--words 500]`. Words are drawn by their frequency in English, so that texts
share vocabulary and pack as prose does; every thousandth document is asked for again by a copy with a sentence of its own, and has to be found.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from wordfreq import get_frequency_dict

from detector import Page
from detector.provenance.index import OriginalsIndex
from tests.memory import peak

ASKED_FOR = 1000
OWN = " This sentence was put in by whoever took the text."


def texts(count: int, words: int) -> Iterator[str]:
    """The same on every run; lengths vary by half."""
    frequencies = get_frequency_dict("en", wordlist="small")
    vocabulary = np.array(list(frequencies))
    ends = np.cumsum(np.fromiter(frequencies.values(), float))
    draws = np.random.default_rng(7)
    lengths = random.Random(7)
    for _ in range(count):
        length = lengths.randrange(words // 2, words * 3 // 2)
        yield " ".join(vocabulary[np.searchsorted(ends, draws.random(length) * ends[-1])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=500, help="of an article, on average")
    arguments = parser.parse_args()
    copies: list[Page] = []

    def originals() -> Iterator[Page]:
        for number, text in enumerate(texts(arguments.documents, arguments.words)):
            if number % ASKED_FOR == 0:
                half = len(text) // 2
                copies.append(Page.from_text(text[:half] + OWN + text[half:], f"https://copy.example/{number}"))
            yield Page.from_text(text, f"https://original.example/{number}")

    with tempfile.TemporaryDirectory() as folder:
        begun, worked = time.perf_counter(), time.process_time()
        with OriginalsIndex(Path(folder), create=True) as index:
            added, _ = index.add(originals())
        took, worked = time.perf_counter() - begun, time.process_time() - worked
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        most = peak() / 2**20
        print(f"{added:,} documents: peak memory {most:,.0f} MB, {size / 1e6:,.0f} MB on disk ({size / added:,.0f} bytes a document)")
        print(f"built in {took:,.0f} s ({worked:,.0f} s of processor time, {added / took:,.0f} documents a second)")
        begun = time.perf_counter()
        with OriginalsIndex(Path(folder)) as index:
            found = [index.nearest(copy) for copy in copies]
        right = sum(
            match is not None and match.url == f"https://original.example/{number * ASKED_FOR}" for number, match in enumerate(found)
        )
        print(f"{right:,} of {len(copies):,} copies found their original, {1000 * (time.perf_counter() - begun) / len(copies):.1f} ms each")


if __name__ == "__main__":
    main()
