"""What a page costs by stage, in processor time: scan, parse, walk, terms, roles, each family, the n-gram model, trees.

`python -m tests.benchmarks.stages [--corpus DIR] [--kind news] [--pages 300] [--text CHARACTERS]`. Time of the calling thread is counted,
not the clock, so a busy machine shifts the figures little; stages inside another stage are indented under it. `--text` measures plain
text instead: the first so many characters of the same pages' text.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from unittest import mock

import selectolax.lexbor

from detector import Detector, Page, detector
from detector.features import registry
from detector.features.embedding import UniversalSentenceEncoder, default_embedder
from detector.features.ngrams import TopicModel
from detector.model.trees import Trees
from detector.page import read
from detector.terms import Terms
from detector.training import corpus

# (what is printed, where the function is looked up, its name), in the order of the work.
_STAGES: tuple[tuple[str, Any, str], ...] = (
    ("document", detector, "document_of"),
    ("  byte scan", read, "scan"),
    ("  decode", read, "decode"),
    ("  parse", selectolax.lexbor, "LexborHTMLParser"),
    ("  head", read, "read_head"),
    ("  walk", read, "walk"),
    ("  lines of plain text", read, "read_lines"),
    ("  roles", read, "assign"),
    ("features", detector, "extract_row"),
    ("  n-gram model", TopicModel, "probabilities"),
    ("meaning, the second tier", detector, "read_meaning"),
    ("  sentence vectors", UniversalSentenceEncoder, "encode"),
    ("terms, in all stages", Terms, "find"),
    ("trees, of pages and blocks", Trees, "sums"),
    ("evidence", detector, "weigh"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--kind", default="news", help="kind of page, or all")
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--text", type=int, help="characters of plain text instead of HTML")
    parser.add_argument("--semantic", default="auto", help="auto, always or never")
    arguments = parser.parse_args()
    chosen = [page for page in corpus.clean_pages(corpus.require(arguments.corpus)) if arguments.kind in (page.kind, "all")]
    random.Random(1).shuffle(chosen)
    judge = Detector.load(semantic=arguments.semantic)
    pages = [Page.from_html(page.body, page.url) for page in chosen[: arguments.pages]]
    if arguments.text:
        pages = [Page.from_text(judge.document(page).text[: arguments.text]) for page in pages]
    default_embedder().encode(["The council met."])
    for page in pages[:20]:
        judge.classify(page)
    spent: Counter[str] = Counter()
    start = time.thread_time()
    for page in pages:
        judge.classify(page)
    whole = time.thread_time() - start
    # The measured pass shall encode as the first did.
    default_embedder().clear()
    with contextlib.ExitStack() as stack:
        for name, owner, attribute in _STAGES:
            stack.enter_context(mock.patch.object(owner, attribute, _timed(getattr(owner, attribute), name, spent)))
        families = tuple(replace(family, extract=_timed(family.extract, f"  {family.name}", spent)) for family in registry.FAMILIES)
        stack.enter_context(mock.patch.object(registry, "FAMILIES", families))
        for page in pages:
            judge.classify(page)
    print(
        f"{len(pages)} pages of kind {arguments.kind}{f', {arguments.text} characters of text' if arguments.text else ''}: milliseconds a page"
    )
    for name in _names():
        print(f"{name:28}{1000 * spent[name] / len(pages):8.3f}")
    print(f"{'whole, unmeasured':28}{1000 * whole / len(pages):8.3f}   {len(pages) / whole:.0f} pages a second")


def _names() -> Iterator[str]:
    for name, _, _ in _STAGES:
        yield name
        if name == "features":
            yield from (f"  {family.name}" for family in registry.FAMILIES)


def _timed(function: Callable[..., Any], name: str, spent: Counter[str]) -> Callable[..., Any]:
    def timed(*arguments: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[name] += time.thread_time() - start

    return timed


if __name__ == "__main__":
    main()
