"""Peak memory of `classify_many` over 1,000 and over 10,000 pages: it must not grow with the number of pages.

`python -m tests.benchmarks.memory [--corpus DIR]`; each run is a process of its own, fed from a generator.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from detector import Detector, Page
from detector.training import corpus
from tests.memory import peak


def measure(folder: str, count: int) -> None:
    def pages():  # type: ignore[no-untyped-def]
        made = 0
        while made < count:
            for page in corpus.clean_pages(corpus.require(folder)):
                if made == count:
                    return
                made += 1
                yield Page(page.body, page.url, page.id)

    for _ in Detector.load().classify_many(pages()):
        pass
    print(peak() // 2**20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("--count", type=int)
    arguments = parser.parse_args()
    folder = str(corpus.require(arguments.corpus))
    if arguments.count:
        measure(folder, arguments.count)
        return
    for count in (1_000, 10_000):
        command = [sys.executable, "-m", "tests.benchmarks.memory", "--corpus", folder, "--count", str(count)]
        print(f"{count:6,} pages: peak {subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()} MB")


if __name__ == "__main__":
    main()
