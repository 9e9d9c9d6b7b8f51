"""Markup taken apart into tags and texts, and put together again; everything that is not changed stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

from detector.features.distributions import sold_by
from detector.terms import terms

_TAGS = re.compile(
    r"(<(?:script|style|title)\b[^<>]{0,500}>.*?(?:</(?:script|style|title)\s{0,9}>|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_BODY_START = re.compile(r"<body\b[^<>]*>", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s{0,9}>|\Z", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s{0,9}>|(?=<body\b)|\Z", re.IGNORECASE)


def map_text(markup: str, is_text: bool, change: Callable[[str], str]) -> str:
    """The page with `change` applied to each of its texts, which it sees unescaped and returns as markup (as text, for plain text)."""
    if is_text:
        return change(markup)
    pieces = _TAGS.split(markup)
    return "".join(piece if index % 2 or not piece.strip() else change(unescape(piece)) for index, piece in enumerate(pieces))


def map_spam(markup: str, is_text: bool, change: Callable[[str], str]) -> str:
    """The page with `change` applied to each term that sells something; it returns markup."""
    plain = _same if is_text else escape

    def changed(text: str) -> str:
        parts, place = [], 0
        for hit in terms().find(text):
            if sold_by(hit):
                parts += [plain(text[place : hit.start]), change(text[hit.start : hit.end])]
                place = hit.end
        return "".join([*parts, plain(text[place:])])

    return map_text(markup, is_text, changed)


def _same(text: str) -> str:
    return text


def at_start(markup: str, insertion: str) -> str:
    """The page with markup inserted where its body begins."""
    match = _BODY_START.search(markup)
    place = match.end() if match else 0
    return markup[:place] + insertion + markup[place:]


def at_end(markup: str, insertion: str) -> str:
    """The page with markup inserted where its body ends."""
    match = _BODY_END.search(markup)
    place = match.start() if match else len(markup)
    return markup[:place] + insertion + markup[place:]


def in_head(markup: str, insertion: str) -> str:
    """The page with markup inserted at the end of its head; a page without one is opened with it."""
    match = _HEAD_END.search(markup)
    place = match.start() if match and match.start() < len(markup) else 0
    return markup[:place] + insertion + markup[place:]


def paragraphs(texts: list[str], is_text: bool) -> str:
    """Texts as paragraphs."""
    return "\n".join(texts) + "\n" if is_text else "".join(f"<p>{escape(text)}</p>\n" for text in texts)
