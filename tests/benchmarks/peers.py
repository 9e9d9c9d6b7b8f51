"""Ours and the peers over the same pages in one run on one core: processor time a page, pages a second, how many times ours is faster.

`python -m tests.benchmarks.peers [--corpus DIR] [--kind news] [--pages 150]` (needs the extra `benchmark`). All are warmed up first and
take turns chunk by chunk. Peers do other work: they extract text, or judge its quality; none judges whether it belongs to its host.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from detector import Detector, Page
from detector.features.embedding import default_embedder
from detector.training.corpus import CorpusPage

from .measured import exhaust, in_turns, on_one_core, pages_of

WARM = 20
OURS = "detector, semantic never"
EXTRACTION, FILTERS = "trafilatura.extract", "datatrove: Gopher, C4, FineWeb on extracted text"
Contestant = Callable[[Sequence[CorpusPage]], object]


def ours(semantic: str) -> Contestant:
    detector = Detector.load(semantic=semantic)
    # Loaded at its first string, which is no page's time.
    default_embedder().encode(["The council met."])
    return lambda pages: exhaust(detector.classify_many(Page.from_html(page.body, page.url) for page in pages))


class Extracted:
    """trafilatura's text of the pages, then datatrove's filters over it, as a pipeline has them: what one drops the next never sees."""

    def __init__(self) -> None:
        from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter

        self._texts: dict[str, str] = {}
        # C4's rule of terminal punctuation is off in FineWeb's own pipeline.
        self._filters: list[Any] = [GopherQualityFilter(), C4QualityFilter(filter_no_terminal_punct=False), FineWebQualityFilter()]

    def extract(self, pages: Sequence[CorpusPage]) -> None:
        import trafilatura

        for page in pages:
            self._texts[page.id] = trafilatura.extract(page.body) or ""

    def judge(self, pages: Sequence[CorpusPage]) -> None:
        from datatrove.data import Document

        for page in pages:
            document = Document(text=self._texts[page.id], id=page.id)
            all(one.filter(document) is True for one in self._filters)


def resiliparse(pages: Sequence[CorpusPage]) -> None:
    from resiliparse.extract.html2text import extract_plain_text

    for page in pages:
        extract_plain_text(str(page.body), main_content=True)


def justext(pages: Sequence[CorpusPage]) -> None:
    import justext

    words = justext.get_stoplist("English")
    for page in pages:
        # As bytes, as a crawl has them: a declared encoding in a str is refused.
        justext.justext(str(page.body).encode(), words, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="news", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=150)
    arguments = parser.parse_args()
    on_one_core()
    pages = pages_of(arguments.corpus, arguments.kind, arguments.pages)
    extracted = Extracted()
    contestants: dict[str, Contestant] = {
        OURS: ours("never"),
        "detector, semantic auto": ours("auto"),
        EXTRACTION: extracted.extract,
        "resiliparse main text": resiliparse,
        "jusText": justext,
        FILTERS: extracted.judge,
    }
    in_turns(pages[:WARM], contestants)
    spent = in_turns(pages, contestants)
    spent["extraction and filters"] = spent[EXTRACTION] + spent[FILTERS]
    count = len(pages)
    print(f"{count} pages of kind {arguments.kind}, {sum(len(page.body) for page in pages) / count / 1000:.0f} KB on average, one core")
    print(f"{'':50}{'ms a page':>10}{'a second':>10}{'never is':>10}{'auto is':>10}  times as fast")
    for name, seconds in spent.items():
        ratios = "".join(f"{seconds / spent[own]:10.2f}" for own in (OURS, "detector, semantic auto"))
        print(f"{name:50}{1000 * seconds / count:10.2f}{count / seconds:10.1f}{ratios}")


if __name__ == "__main__":
    main()
