"""A draft as a row: HTML or text, with or without its address, whole or as an excerpt, with the places of what is foreign in it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from html import escape
from typing import Any

from detector.validation.draft import Draft
from detector.validation.material import parsed

# Rendering and its share of the drafts.
RENDERINGS = {"html+url": 0.4, "html": 0.15, "text+url": 0.2, "excerpt+url": 0.125, "excerpt": 0.125}
EXCERPT = (400, 2000)
# Characters that do not stand in two places by chance.
_EDGE = 20
# The least an excerpt says, and a text: below it a detector may abstain.
_LEAST, _LEAST_CJK = 260, 90
_UNREAD = frozenset(("script", "style", "noscript", "template", "svg", "iframe", "object"))
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)


def drawn(rng: random.Random, draft: Draft) -> str:
    """A rendering that leaves the page decidable."""
    names = [name for name in RENDERINGS if name.endswith("url") or draft.without_address is not None]
    return rng.choices(names, [RENDERINGS[name] for name in names])[0]


def text_of(html: str) -> str:
    """The page's text, a line a block, hidden text included as in a crawl's plain-text records."""
    tree = parsed(html)
    if tree is None:
        return ""
    pieces: list[str] = []
    _collect(tree, pieces)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def around(html: str, article: Sequence[str]) -> list[str]:
    """The lines of a page's text that are not an article's."""
    said = [text for text in (" ".join(text.split()) for text in article) if text]
    return [line for line in text_of(html).split("\n") if not any(text in line or (len(line) >= _EDGE and line in text) for text in said)]


def _stands_in(text: str, body: str) -> bool:
    """Whether a text stands in an excerpt, whole or cut by its edge."""
    return text in body or body[:_EDGE] in text or body[-_EDGE:] in text


def row_of(draft: Draft, kind: str, rendering: str, fold: int, rng: random.Random) -> dict[str, Any] | None:
    """The row; None where the rendering leaves too little text, or nothing of what makes a bad page bad."""
    is_html, has_url = rendering.startswith("html"), rendering.endswith("url")
    label = draft.label if has_url else draft.without_address
    if label is None:
        return None
    body = draft.html if is_html else text_of(draft.html)
    cjk = draft.language[:2] in ("zh", "ja", "ko")
    if rendering.startswith("excerpt"):
        body = _excerpt(body, draft, rng)
    if len(body if not is_html else text_of(body)) < (_LEAST_CJK if cjk else _LEAST):
        return None
    placed = [(item, at) for item in draft.foreign if (at := body.find(escape(item.text, quote=False) if is_html else item.text)) >= 0]
    if label != "clean" and not placed:
        return None
    row: dict[str, Any] = {
        "url": (draft.url or None) if has_url else None,
        "html" if is_html else "text": body,
        "label": label,
        "group": draft.group,
        "fold": fold,
        "kind": kind,
        "language": draft.language,
        "rendering": rendering,
        "foreign": [item.text for item, _ in placed],
        "foreign_where": [item.where for item, _ in placed],
        "foreign_at": [at for _, at in placed],
        "pointed": draft.pointed if is_html else [text for text in draft.pointed if _stands_in(text, body)],
        "choices": draft.choices,
    }
    named = "\x00".join((kind, rendering, draft.url, body))
    return {"id": hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:16], **row}


def _excerpt(text: str, draft: Draft, rng: random.Random) -> str:
    """400 to 2,000 characters; of a bad page a stretch with something foreign in it and something before it."""
    size = rng.randint(*EXCERPT)
    if len(text) <= size:
        return text
    if draft.anchor and (at := text.find(draft.anchor)) >= 0:
        start = max(0, min(at - rng.randint(0, size - len(draft.anchor)), len(text) - size))
        return text[start : start + size].strip()
    # A foreign article is cut at its edge, where what the host says is near; the headline may stand in the title alone.
    places = [(item.where, at) for item in draft.foreign if item.where != "headline" and (at := text.find(item.text)) >= 0]
    first = next((at for where, at in places if where == "article"), None)
    places = [(where, at) for where, at in places if where != "article" or at == first]
    if not places:
        start = rng.randint(0, len(text) - size)
    else:
        where, at = rng.choice(places)
        start = at - (size // 6 if where == "article-end" else rng.randint(size // 5, size // 2))
    start = max(0, min(start, len(text) - size))
    return text[start : start + size].strip()


def _collect(element: Any, pieces: list[str]) -> None:
    """Text in document order with a newline round every block; an explicit stack, since pages nest deeper than Python recurses."""
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, closing = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        block = bool(tag) and tag not in _INLINE
        if closing:
            pieces.append("\n" if block else " " if tag == "a" else "")
            pieces.append(node.tail or "")
            continue
        if not tag or tag in _UNREAD:
            pieces.append(node.tail or "")
            continue
        pieces.append("\n" if block else "")
        pieces.append(node.text or "")
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
