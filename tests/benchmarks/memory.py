"""Peak memory of `classify_many` over 1,000 pages, over the same ten times, and over 10,000: it must not grow with the number of pages.

`python -m tests.benchmarks.memory [--corpus DIR]`; each run is a process of its own, fed from a generator. Among ten thousand pages there are
larger ones than among the first thousand, and the largest page sets the peak: the run in the middle tells one from the other.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from itertools import islice

from detector import Detector, Page
from detector.training import corpus
from tests.memory import peak


def measure(folder: str, count: int, different: int) -> None:
    """Judge `count` pages, the first `different` ones of the corpus over and over."""

    def pages():  # type: ignore[no-untyped-def]
        made = 0
        while made < count:
            for page in islice(corpus.clean_pages(corpus.require(folder)), min(different, count - made)):
                made += 1
                yield Page(page.body, page.url, page.id)

    for _ in Detector.load().classify_many(pages()):
        pass
    print(peak() // 2**20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("--count", type=int)
    parser.add_argument("--different", type=int, default=10_000)
    arguments = parser.parse_args()
    folder = str(corpus.require(arguments.corpus))
    if arguments.count:
        measure(folder, arguments.count, arguments.different)
        return
    for count, different, name in ((1_000, 1_000, "1,000 pages"), (10_000, 1_000, "the same ten times"), (10_000, 10_000, "10,000 pages")):
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.memory",
            "--corpus",
            folder,
            "--count",
            str(count),
            "--different",
            str(different),
        ]
        print(f"{name}: peak {subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()} MB")


if __name__ == "__main__":
    main()
