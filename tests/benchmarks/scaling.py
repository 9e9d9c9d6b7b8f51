"""Pages a second by number of worker processes, by the clock: the scaling curve.

`python -m tests.benchmarks.scaling [--corpus DIR] [--kind all] [--pages 1500] [--workers 1,2] [--semantic auto]`. Timed from the answer to the
last page of the warm-up to the last answer, so that starting the workers is left out. Worth its name only on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import time
from itertools import chain, cycle, islice

from detector import Detector, Page

from .measured import exhaust, pages_of

# Batches of warm-up a worker.
WARM = 4


def rate(detector: Detector, pages: list[Page], workers: int) -> float:
    from detector.given import BATCH

    warm = WARM * BATCH * workers
    answers = detector.classify_many(chain(islice(cycle(pages), warm), pages), workers)
    exhaust(islice(answers, warm))
    begun = time.perf_counter()
    exhaust(answers)
    return len(pages) / (time.perf_counter() - begun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="all", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=1500)
    parser.add_argument("--workers", default="1,2", help="numbers with commas")
    parser.add_argument("--semantic", default="auto", help="auto, always or never")
    arguments = parser.parse_args()
    pages = [Page.from_html(page.body, page.url) for page in pages_of(arguments.corpus, arguments.kind, arguments.pages)]
    detector = Detector.load(semantic=arguments.semantic)
    first = 0.0
    for workers in map(int, arguments.workers.split(",")):
        found = rate(detector, pages, workers)
        first = first or found
        print(f"{workers} workers: {found:8.1f} pages a second, {found / first:.2f} times the first")


if __name__ == "__main__":
    main()
