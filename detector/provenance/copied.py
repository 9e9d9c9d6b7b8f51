"""Evidence that a page's main text stands elsewhere: what an index of originals says beside a verdict.

It is a fact about the text and not a finding of the model: no probability moves, and it is told on clean pages too. Licensed reprints
and syndication are clean (the rubric), so that a text stands elsewhere flags nobody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from detector.page.document import Document
from detector.page.page import Page
from detector.provenance.article import Article, article_in
from detector.provenance.index import Match, OriginalsIndex
from detector.verdict import Evidence

CODE = "provenance.copied"
# Half of the words: below it most of the main text is the page's own, and the index misses more than a third of such copies anyway.
LEAST = 0.5
# Characters of the passage that are quoted, as many as reports show.
QUOTED = 300


def copied(page: Page, document: Document, originals: OriginalsIndex) -> Evidence | None:
    """The nearest original on another registrable domain, None where none shares half of the main text's words or the page's address is
    not known: then nobody can tell copy from original.

    Its weight is 0, since the probability does not rest on it. The quote is the longest passage that both have, cut to `QUOTED`.

    Raises:
        UsageError: the index is damaged.
    """
    article = article_in(document, page)
    if article is None or not document.address.domain:
        return None
    match = originals.nearest_elsewhere(article, document.address.domain, LEAST)
    if match is None:
        return None
    start, end = max(_passages(document, article, match), key=lambda passage: passage[1] - passage[0])
    end = min(end, start + QUOTED)
    role = next(block.role for block in document.blocks if block.start <= start < block.end)
    return Evidence(CODE, "text", role, document.text[start:end], start, end, 0.0, _message(match, article))


def _message(match: Match, article: Article) -> str:
    since = f"since {match.date[:10]}" if match.date else "(undated)"
    told = f"{int(100 * match.overlap)} % of the main text stands at {match.url} {since}"
    if match.date and article.date and article.date[:10] < match.date[:10]:
        # A reader shall know that the order is disputed: farms backdate, and an index may hold a reprint.
        told += f"; this page dates itself {article.date[:10]}"
    return told


def _passages(document: Document, article: Article, match: Match) -> Iterator[tuple[int, int]]:
    """What was taken, as (start, end) in the document's text, parted where other blocks stand between."""
    offsets = [0, *accumulate(end - start + 1 for start, end in article.places)]
    for begin, finish in match.runs:
        passage: tuple[int, int] | None = None
        first = max(0, bisect_right(offsets, begin) - 1)
        for (start, end), offset in zip(article.places[first:], offsets[first:], strict=False):
            if offset >= finish:
                break
            inside = max(start, start + begin - offset), min(end, start + finish - offset)
            if inside[0] >= inside[1]:
                continue
            if passage is not None and not document.text[passage[1] : inside[0]].strip():
                passage = passage[0], inside[1]
                continue
            if passage is not None:
                yield passage
            passage = inside
        if passage is not None:
            yield passage
