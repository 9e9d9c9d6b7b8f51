"""Tags that make a tree builder do the same work again and again, renamed where there are too many of them.

A formatting element that is left open (`<b id=1>` in a paragraph that ends) is opened again in every block that follows, so a page of half a
megabyte becomes a tree of millions; the standard allows it for every element with other attributes (WHATWG HTML, "reconstruct the active
formatting elements"; at most three alike). The attributes of a second `<body>` or `<html>` are compared with all those it has already.
Formatting elements become `span`, which ends drawings and formulas as they do, a later root an element of no meaning: their text stays.
"""

from __future__ import annotations

import re

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


def without_repeaters(body: bytes, tags: int) -> bytes:
    """The body with repeating tags renamed, itself where they stay within bounds.

    `tags` is how many `<` it has. Linear in the length; a page of few tags is only searched for roots.
    """
    if tags > MAX_ROOTS:
        roots = [match.end() for match in _ROOT.finditer(body)]
        if len(roots) > MAX_ROOTS:
            body = b"x-".join(body[start:end] for start, end in zip([0, *roots[MAX_ROOTS:]], [*roots[MAX_ROOTS:], len(body)], strict=True))
    if tags <= FEW_TAGS:
        return body
    opened = _FORMATTING.findall(body)
    if min(len(opened), 3 * len(set(opened))) * tags <= MAX_REOPENED:
        return body
    return _FORMATTING_NAME.sub(rb"\1span", body)
