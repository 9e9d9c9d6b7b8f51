"""Pages a second, ours and trafilatura's, over the same pages in one run on one core.

`python -m tests.benchmarks.speed [--corpus DIR] [--kind news] [--pages 300] [--semantic never]` (needs the extra `benchmark`). Processor time;
both are warmed up first and take turns. Ours is `classify_many` in one process, as a crawl uses it. More peers are in `peers`.
"""

from __future__ import annotations

import argparse

import trafilatura

from .measured import in_turns, on_one_core, pages_of
from .peers import WARM, ours


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="news", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--semantic", default="never", help="auto, always or never")
    arguments = parser.parse_args()
    on_one_core()
    pages = pages_of(arguments.corpus, arguments.kind, arguments.pages)
    contestants = {
        "detector.classify_many": ours(arguments.semantic),
        "trafilatura.extract": lambda chunk: [trafilatura.extract(page.body) for page in chunk],
    }
    in_turns(pages[:WARM], contestants)
    spent = in_turns(pages, contestants)
    count = len(pages)
    print(f"{count} pages of kind {arguments.kind}, {sum(len(page.body) for page in pages) / count / 1000:.0f} KB on average, one core")
    for name, seconds in spent.items():
        print(f"{name:22} {1000 * seconds / count:6.2f} ms a page  {count / seconds:7.1f} pages a second")
    own, theirs = spent.values()
    print(f"ratio {theirs / own:.2f}")


if __name__ == "__main__":
    main()
