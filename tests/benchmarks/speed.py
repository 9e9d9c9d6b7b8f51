"""Pages a second, ours and trafilatura's, over the same pages in one run on one core.

`python -m tests.benchmarks.speed [--corpus DIR] [--kind news] [--pages 300]` (needs the extra `benchmark`). Both are warmed up first;
they take turns chunk by chunk, so a machine whose speed drifts slows both. Ours is `classify_many` in one process, as a crawl uses it.
"""

from __future__ import annotations

import argparse
import os
import random
import time

from detector import Detector, Page
from detector.training import corpus

CHUNK = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="news", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=300)
    arguments = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import trafilatura

    pages = [
        page
        for page in corpus.clean_pages(corpus.require(arguments.corpus))
        if isinstance(page.body, str) and arguments.kind in (page.kind, "all")
    ]
    random.Random(1).shuffle(pages)
    pages = pages[: arguments.pages]
    detector = Detector.load(semantic="never")
    for page in pages[:20]:
        detector.classify(Page.from_html(page.body, page.url))
        trafilatura.extract(page.body)
    ours = theirs = 0.0
    for place in range(0, len(pages), CHUNK):
        chunk = pages[place : place + CHUNK]
        start = time.perf_counter()
        for _ in detector.classify_many(Page.from_html(page.body, page.url) for page in chunk):
            pass
        middle = time.perf_counter()
        for page in chunk:
            trafilatura.extract(page.body)
        ours += middle - start
        theirs += time.perf_counter() - middle
    count = len(pages)
    print(f"{count} pages of kind {arguments.kind}, {sum(len(page.body) for page in pages) / count / 1000:.0f} KB on average, one core")
    print(f"detector.classify_many {1000 * ours / count:6.2f} ms a page  {count / ours:7.1f} pages a second")
    print(f"trafilatura.extract    {1000 * theirs / count:6.2f} ms a page  {count / theirs:7.1f} pages a second")
    print(f"ratio {theirs / ours:.2f}")


if __name__ == "__main__":
    main()
