"""What of a page is compared with originals: its article, and when it says it was published."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    """`text` is the body with its headline; `date` as the page gives it (ISO 8601), None if it gives none."""

    text: str
    date: str | None


def article_of(page: Page) -> Article | None:
    """The article, None where there is too little of one or the page cannot be read."""
    try:
        document = read(page)
    except Unreadable:
        return None
    text = document.role_text("headline", "body")
    if len(text) < LEAST:
        text = document.role_text("headline", "body", "other", "caption")
    return Article(text, date_of(page)) if len(text) >= LEAST else None


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
