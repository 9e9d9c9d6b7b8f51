"""One page at a time in a warm process, as a service or a notebook asks: median and 95th percentile; and plain text of 5 KB, pages a second.

`python -m tests.benchmarks.single [--corpus DIR] [--kind all] [--pages 200]`. Processor time on one core; no sentence of
a page was read before.
"""

from __future__ import annotations

import argparse
import statistics
import time

from detector import Detector, Page
from detector.features.embedding import default_embedder

from .measured import exhaust, on_one_core, pages_of

WARM = 20
# Bytes of UTF-8 of a text, as the target is stated.
TEXT = 5_000


def milliseconds(detectors: dict[str, Detector], pages: list[Page]) -> dict[str, list[float]]:
    """Of each detector and page. They take turns at going first, for what a page brings (hosts, word lists) is known to the next."""
    found: dict[str, list[float]] = {name: [] for name in detectors}
    for number, page in enumerate(pages):
        for name in sorted(detectors, key=lambda name: (list(detectors).index(name) + number) % len(detectors)):
            default_embedder().clear()
            begun = time.process_time()
            detectors[name].classify(page)
            if number >= WARM:
                found[name].append(1000 * (time.process_time() - begun))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="all", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=200)
    arguments = parser.parse_args()
    on_one_core()
    pages = [Page.from_html(page.body, page.url) for page in pages_of(arguments.corpus, arguments.kind, arguments.pages + WARM)]
    detectors = {semantic: Detector.load(semantic=semantic) for semantic in ("never", "auto", "always")}
    for semantic, found in milliseconds(detectors, pages).items():
        print(
            f"one page, {semantic:6}: median {statistics.median(found):6.2f} ms, 95 % under {statistics.quantiles(found, n=20)[-1]:6.2f} ms"
        )
    reader = Detector.load()
    bodies = [reader.document(page).text.encode()[:TEXT] for page in pages]
    texts = [
        Page.from_text(body.decode("utf-8", "ignore"), page.url) for body, page in zip(bodies, pages, strict=True) if len(body) == TEXT
    ]
    if len(texts) <= WARM:
        print(f"text of {TEXT:,} bytes: only {len(texts)} of these pages have as much; give more --pages")
        return
    for semantic in ("never", "auto"):
        detector = Detector.load(semantic=semantic)
        default_embedder().clear()
        exhaust(detector.classify_many(texts[:WARM]))
        begun = time.process_time()
        exhaust(detector.classify_many(texts[WARM:]))
        print(f"text of {TEXT:,} bytes, {semantic:6}: {(len(texts) - WARM) / (time.process_time() - begun):8.1f} pages a second")


if __name__ == "__main__":
    main()
