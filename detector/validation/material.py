"""Real pages as material: the article that a page carries, and the page itself with the place of its main content.

trafilatura (Apache-2.0, on lxml) says what the main content is, so that the training composer's own notion of it is not repeated
here; lxml then finds the smallest element that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from detector.page.decode import decode
from detector.training import duplicates
from detector.training.corpus import CorpusPage
from detector.training.progress import Lines
from detector.training.rows import taken_apart

MIN_ARTICLE, MIN_ARTICLE_CJK = 700, 250
# Larger pages make large sets and teach nothing more.
MAX_SOURCE = 250_000
# Share of the main content's text that the slot must hold.
_HELD = 0.85
_BATCH = 25
_UNFIT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_PROSE = ("p", "li", "h1", "h2", "h3", "h4", "blockquote", "div", "td", "section", "article", "span")


@dataclass(frozen=True, slots=True)
class Article:
    """A real article as text. `site` is the publisher's name as its page tells it, else empty."""

    id: str
    group: str
    fold: int
    language: str
    kind: str
    title: str
    paragraphs: tuple[str, ...]
    site: str
    host: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Host:
    """A real page to edit. `slot` leads to its main content in lxml's tree of `html`: which child, level by level."""

    id: str
    group: str
    fold: int
    language: str
    kind: str
    html: str
    slot: tuple[int, ...]
    title: str
    site: str
    host: str
    url: str | None
    paragraphs: tuple[str, ...]


def folds_of(pages: Sequence[CorpusPage], workers: int) -> dict[str, int]:
    """Group to fold, as `detector train` assigns them: by digest, then moved where an article is a copy of another group's."""
    articles, _ = taken_apart(pages, workers, Lines())
    moved = duplicates.folds_of_groups(articles)
    return {page.group: moved.get(page.group, page.fold) for page in pages}


def gather(pages: Sequence[CorpusPage], folds: dict[str, int], workers: int) -> tuple[list[Article], list[Host]]:
    """Articles and hosts of the pages, in their order, with the folds of `folds`."""
    from joblib import Parallel, delayed

    placed = [replace(page, fold=folds.get(page.group, page.fold)) for page in pages]
    batches = [placed[start : start + _BATCH] for start in range(0, len(placed), _BATCH)]
    done = Parallel(n_jobs=workers, batch_size=1)(delayed(_read_all)(batch) for batch in batches)
    pairs = [pair for batch in done for pair in batch]
    return [article for article, _ in pairs if article], [host for _, host in pairs if host]


def _read_all(pages: Sequence[CorpusPage]) -> list[tuple[Article | None, Host | None]]:
    return [read_page(page) for page in pages]


def parsed(html: str) -> Any:
    """lxml's tree of a page; None where it can make nothing of it."""
    import lxml.html
    from lxml import etree

    try:
        # A declared encoding in a str is refused by lxml.
        return lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def read_page(page: CorpusPage) -> tuple[Article | None, Host | None]:
    """(article, host) of a corpus page, None where it makes none."""
    import logging

    import trafilatura

    source = page.body if isinstance(page.body, str) else decode(page.body)
    if page.is_text or source is None or len(source) > MAX_SOURCE or "\x00" in source:
        return None, None
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # A date is looked for in the usual places alone: nothing here needs it.
    dates = {"original_date": False, "extensive_search": False, "max_date": "2026-01-01"}
    found: Any = trafilatura.bare_extraction(
        source, include_comments=False, include_tables=False, favor_precision=True, with_metadata=True, date_extraction_params=dates
    )
    if found is None or not found.text or not _line(found.title):
        return None, None
    lines = [_line(line.removeprefix("- ")) for line in found.text.split("\n")]
    cjk = page.language[:2] in ("zh", "ja", "ko")
    paragraphs = tuple(line for line in lines if len(line) >= (15 if cjk else 40))[:60]
    total = sum(map(len, paragraphs))
    if len(paragraphs) < 3 or total < (MIN_ARTICLE_CJK if cjk else MIN_ARTICLE):
        return None, None
    site = _line(found.sitename)
    # A copy seldom keeps the publisher's name behind the headline.
    title = re.sub(rf"\s*[-–—|·:]\s*{re.escape(site)}\s*$", "", _line(found.title)) if site else _line(found.title)
    title = title or _line(found.title)
    article = Article(page.id, page.group, page.fold, page.language, page.kind, title, paragraphs, site, page.host or "", page.url)
    tree = parsed(source)
    slot = None if tree is None else _slot(tree, set(paragraphs), total)
    if slot is None:
        return article, None
    host = Host(page.id, page.group, page.fold, page.language, page.kind, source, slot, title, site, page.host or "", page.url, paragraphs)
    return article, host


def _slot(tree: Any, wanted: set[str], total: int) -> tuple[int, ...] | None:
    """The way to the smallest element that holds most of the wanted paragraphs."""
    held: dict[Any, int] = {}
    left = set(wanted)
    for element in tree.iter(*_PROSE):
        text = " ".join(element.text_content().split())
        if text not in left:
            continue
        left.discard(text)
        for above in (element, *element.iterancestors()):
            held[above] = held.get(above, 0) + len(text)
    seen = sum(map(len, wanted - left))
    fitting = [element for element, length in held.items() if length >= _HELD * seen and element.tag not in ("html", "body", "p")]
    if seen < total / 2 or not fitting:
        return None
    smallest = max(fitting, key=lambda element: sum(1 for _ in element.iterancestors()))
    chain = [smallest, *smallest.iterancestors()]
    return tuple(above.index(below) for below, above in pairwise(chain))[::-1]


def at_slot(tree: Any, slot: tuple[int, ...]) -> Any:
    """The element that a host's slot leads to."""
    for number in slot:
        tree = tree[number]
    return tree


def _line(text: str | None) -> str:
    """On one line, without the characters that no tree of elements may hold."""
    return " ".join(_UNFIT.sub("", text or "").split())
