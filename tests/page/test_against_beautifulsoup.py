"""The fast parser against BeautifulSoup: the words of the hand-written pages agree."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bs4 import BeautifulSoup

from detector import Page
from detector.page.decode import decode
from detector.page.read import read

# Elements without text of their own for a reader, and those that end a line (HTML standard, rendering, flow content).
_NO_TEXT = [
    "script",
    "style",
    "noscript",
    "svg",
    "template",
    "head",
    "iframe",
    "object",
    "audio",
    "video",
    "math",
    "canvas",
    "map",
    "noframes",
]
_LINES = [
    "address",
    "article",
    "aside",
    "blockquote",
    "br",
    "button",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "label",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "caption",
]
_ENOUGH = 0.98


def reference_words(html: str) -> Counter[str]:
    soup = BeautifulSoup(html, "html.parser")
    for element in soup(_NO_TEXT):
        element.decompose()
    for element in soup(_LINES):
        element.insert_before("\n")
        element.insert_after("\n")
        if element.name != "br":
            element.insert(0, "\n")
            element.append("\n")
    return Counter(soup.get_text().split())


def test_both_parsers_find_the_same_words(hand_written_html: Path) -> None:
    """At least 98 % of BeautifulSoup's words are found, and at least 98 % of the words found are BeautifulSoup's."""
    page = Page.from_file(hand_written_html)
    assert isinstance(page.body, bytes)
    expected = reference_words(decode(page.body) or "")
    found = Counter(read(page).text.split())
    common = (expected & found).total()
    assert common >= _ENOUGH * expected.total(), sorted((expected - found).elements())[:20]
    assert common >= _ENOUGH * found.total(), sorted((found - expected).elements())[:20]
