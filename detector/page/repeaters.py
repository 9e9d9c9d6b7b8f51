"""Tags that make a tree builder do the same work again and again, renamed where there are too many of them.

A formatting element that is left open (`<b id=1>` in a paragraph that ends) is opened again in every block that follows, so a page of half a
megabyte becomes a tree of millions; the standard allows it for every element with other attributes (WHATWG HTML, "reconstruct the active
formatting elements"; at most three alike). The attributes of a second `<body>` or `<html>` are compared with all those it has already.
Formatting elements become `span`, which ends drawings and formulas as they do, a later root an element of no meaning: their text stays.
"""

from __future__ import annotations

import re
from itertools import product

import numpy as np

# Elements opened again at worst: three for each distinct formatting tag, at every tag that follows. A million take a second and 400 MB;
# 11 of the corpus's 7,564 honest pages could reach it.
MAX_REOPENED = 1_000_000
# With fewer tags no mixture of openers and blocks makes a million.
FEW_TAGS = 2_000
# `<body>` and `<html>` tags of one page [26].
MAX_ROOTS = 40

_NAMES = rb"(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)"
# Not `a`: a tree builder closes an open one before it opens the next.
_FORMATTING = re.compile(rb"<" + _NAMES + rb"(?=[\s/>])[^>]{0,20000}", re.IGNORECASE)
_FORMATTING_NAME = re.compile(rb"(</?)" + _NAMES + rb"(?=[\s/>])", re.IGNORECASE)
_ROOT = re.compile(rb"<(?=(?:body|html)[\s/>])", re.IGNORECASE)

# The two bytes after a `<` tell most tags from both, at once for a whole page; what they cannot tell is left to the patterns.
_MAYBE_ROOT, _MAYBE_FORMATTING = 1, 2
_PAIRS = np.zeros(1 << 16, dtype=np.uint8)
for _kind, _pairs in (
    (_MAYBE_ROOT, ("bo", "ht")),
    (_MAYBE_FORMATTING, ("bi", "co", "em", "fo", "no", "sm", "st", "tt", *(name + end for name in "bisu" for end in " \t\n\r\f\v/>"))),
):
    for _pair in _pairs:
        for _first, _second in product(*({letter, letter.upper()} for letter in _pair)):
            _PAIRS[ord(_first) << 8 | ord(_second)] = _kind


def without_repeaters(body: bytes, places: np.ndarray) -> bytes:
    """The body with repeating tags renamed, itself where they stay within bounds.

    `places` int64 (tags,) is where its `<` stand. Linear in the length; most pages are told by their tags' first letters.
    """
    tags = len(places)
    if tags <= MAX_ROOTS:
        return body
    raw = np.frombuffer(body, dtype=np.uint8)
    first, second = raw.take(places + 1, mode="clip").astype(np.uint16), raw.take(places + 2, mode="clip")
    kinds = _PAIRS.take(first << 8 | second)
    if np.count_nonzero(kinds == _MAYBE_ROOT) > MAX_ROOTS:
        roots = [match.end() for match in _ROOT.finditer(body)]
        if len(roots) > MAX_ROOTS:
            body = b"x-".join(body[start:end] for start, end in zip([0, *roots[MAX_ROOTS:]], [*roots[MAX_ROOTS:], len(body)], strict=True))
    if tags <= FEW_TAGS or np.count_nonzero(kinds == _MAYBE_FORMATTING) * tags <= MAX_REOPENED:
        return body
    opened = _FORMATTING.findall(body)
    if min(len(opened), 3 * len(set(opened))) * tags <= MAX_REOPENED:
        return body
    return _FORMATTING_NAME.sub(rb"\1span", body)
