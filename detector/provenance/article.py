"""What of a page is compared with originals: its article, and when it says it was published."""

from __future__ import annotations

import re
from dataclasses import dataclass

from detector.page.document import Document
from detector.page.page import Page
from detector.page.read import Unreadable, read

# The forms that publishers use: Open Graph's article, schema.org as JSON-LD and as microdata.
_DATES = (
    re.compile(r"""property=["']?article:published_time["']?[^<>]{0,200}?content=["']?([^"'<>]{8,40})""", re.IGNORECASE),
    re.compile(r"""content=["']?([^"'<>]{8,40})["']?[^<>]{0,200}?property=["']?article:published_time""", re.IGNORECASE),
    re.compile(r'"datePublished"\s{0,20}:\s{0,20}"([^"<>]{8,40})"'),
    re.compile(r"""itemprop=["']?datePublished["']?[^<>]{0,200}?(?:content|datetime)=["']?([^"'<>]{8,40})""", re.IGNORECASE),
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
# Heads are at the beginning, JSON-LD sometimes at the end.
_LOOKED_AT = 400_000
# Fewer characters are no article; chance makes such texts alike.
LEAST = 200


@dataclass(frozen=True, slots=True)
class Article:
    """`text` is the body with its headline; `date` as the page gives it (ISO 8601), None if it gives none.

    `places` are the blocks that `text` joins with line breaks, (start, end) in the document's text.
    """

    text: str
    date: str | None
    places: tuple[tuple[int, int], ...]


def article_of(page: Page) -> Article | None:
    """The article, None where there is too little of one or the page cannot be read."""
    try:
        return article_in(read(page), page)
    except Unreadable:
        return None


def article_in(document: Document, page: Page) -> Article | None:
    """The article of a page that was read already, None where there is too little of one."""
    for roles in (("headline", "body"), ("headline", "body", "other", "caption")):
        places = tuple((block.start, block.end) for block in document.blocks if block.role in roles and block.hidden is None)
        text = "\n".join(document.text[start:end] for start, end in places)
        if len(text) >= LEAST:
            return Article(text, date_of(page), places)
    return None


def date_of(page: Page) -> str | None:
    """When the page says that it was published, None if it does not say."""
    start = page.body[:_LOOKED_AT]
    source = start if isinstance(start, str) else start.decode("latin-1")
    for pattern in _DATES:
        for match in pattern.finditer(source):
            date = _DATE.match(match[1].strip())
            if date:
                return date[0]
    return None
