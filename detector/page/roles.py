"""Every block gets a role: from its container's names, its markers, its place, and how much of it is links.

The main text is found first (long blocks with few links, in their container); what stands before it is navigation, what stands after
it is related matter or the footer, unless names or markers say better.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import accumulate

from detector.page.document import Link
from detector.page.prevnext import colon_follows, split_prevnext
from detector.page.walk import RawBlock
from detector.terms import Hit, is_unspaced

# A block of running text: this many letters (CJK: a third), links under half of it.
MIN_PROSE = 60
DENSE = 0.5
# A line shorter than this is a label or a menu item, not a sentence.
SHORT = 40
# Where a page has no links, as plain text, short lines below such a heading are its list, once the main text has begun.
_LISTS = frozenset(("related", "products", "tags"))
# Share of the main text from which on what follows a heading such as "Comments" is what readers wrote; further up the page the word is a counter or a menu's.
_DISCUSSED = 0.4
_NO_HEADLINE = frozenset(("comments", "related", "footer", "products", "prevnext", "copyright"))
_SIGNS = ("©", "opyright", "OPYRIGHT", "&copy", "(c) 20", "(C) 20", "版权所有", "版權所有", "ICP备", "ICP備", "ICP证", "저작권", "著作権")
_HEADING = frozenset(("h1", "h2", "h3"))
_SHORT_HINTS = ("prevnext", "tags", "caption", "byline")
_NAMED = frozenset(("breadcrumb", "comments", "ads", "form", "related", "products", "footer"))
_FIXED = frozenset(("prevnext", "breadcrumb", "comments", "tags", "ads", "copyright", "byline", "caption", "form"))
_AFTER_HEADING = {
    "related": "related",
    "hot": "related",
    "products": "products",
    "tags": "tags",
    "comments": "comments",
    "friendlinks": "related",
    "advert": "ads",
}


def _markers(blocks: list[RawBlock], hits: tuple[Hit, ...]) -> dict[int, list[tuple[str, Hit]]]:
    """(category, hit) of the marker terms in every block that has some, by the block's start, in order of place."""
    found: dict[int, list[tuple[str, Hit]]] = {}
    starts = [block.start for block in blocks]
    for hit in hits:
        markers = hit.meaning.markers
        if markers:
            block = starts[bisect_right(starts, hit.start) - 1]
            found.setdefault(block, []).extend([(category, hit) for category in (sorted(markers) if len(markers) > 1 else markers)])
    return found


def prose_length(text: str, start: int = 0, end: int | None = None) -> int:
    """Length of start to end in Latin-like characters: unspaced scripts say about three times as much a character."""
    length = (len(text) if end is None else end) - start
    return length * 3 if length and is_unspaced(text[start + length // 2]) else length


def _is_prose(text: str, block: RawBlock) -> bool:
    """Long enough by `prose_length`, and links at most half of it."""
    length = block.end - block.start
    if 3 * length < MIN_PROSE or block.linked > DENSE * length:
        return False
    return length >= MIN_PROSE or prose_length(text, block.start, block.end) >= MIN_PROSE


def assign(text: str, blocks: list[RawBlock], links: list[Link], hits: tuple[Hit, ...]) -> list[RawBlock]:
    """Set `role` on every block; blocks that hold a previous and a next marker are split in two first."""
    markers = _markers(blocks, hits)
    whole = len(blocks)
    blocks = split_prevnext(text, blocks, links, markers)
    if len(blocks) != whole:
        markers = _markers(blocks, hits)
    prose = [_is_prose(text, block) for block in blocks]
    signed = _signed_blocks(text, blocks)
    _free_mislabelled(blocks, prose, signed)
    body = [prose[i] and _may_be_body(block) for i, block in enumerate(blocks)]
    first, last = _main_run(text, blocks, body)
    said = _said_before(blocks, body, first, last)
    pending: str | None = None
    discussed = False  # below a heading such as "Comments" that follows the better part of the text
    for number, block in enumerate(blocks):
        length = block.end - block.start
        heading = None
        if block.start in markers or block.start in signed:
            line = text[block.start : block.end]
            found = markers.get(block.start, _NOTHING) if length < 400 else _NOTHING
            own = {category for category, _ in found} if found else _NONE
            role = _own_role(line, block, found, own, block.start in signed)
            heading = _heading_role(line, block, own, found)
        else:  # most blocks: only their names and their place tell
            role = _named_role(length, block)
        listed = not links and number > first and length <= SHORT
        if role == "footer" and pending == "related" and listed:  # in plain text a run of short lines is the footer for want of a name
            role = pending
        if role is None:
            if pending is not None and (block.linked > DENSE * length or (listed and pending in _LISTS)):
                role = pending
            else:
                role = _by_place(number, first, last, block, body[number], prose[number])
                if discussed and role == "body":
                    role = "comments"
        if heading is not None:
            pending = heading
            discussed = heading == "comments" and first < number and said[number] >= _DISCUSSED * said[-1]
            if heading != "tags" or block.links == 0:
                role = heading if role not in _FIXED else role
        elif prose[number] or block.tag in _HEADING:
            pending = None
        block.role = role
    _headline(text, blocks, first)
    return blocks


def _said_before(blocks: list[RawBlock], body: list[bool], first: int, last: int) -> list[int]:
    """Characters of the main text before each block, and of all of it."""
    sizes = [
        block.end - block.start if is_body and first <= number <= last else 0
        for number, (block, is_body) in enumerate(zip(blocks, body, strict=True))
    ]
    return [0, *accumulate(sizes)]


def _signed_blocks(text: str, blocks: list[RawBlock]) -> set[int]:
    """Starts of the blocks with a copyright or licence sign: a few searches of the whole text, not one for every block."""
    starts = [block.start for block in blocks]
    found = set()
    for sign in _SIGNS:
        place = text.find(sign)
        while place >= 0:
            found.add(starts[bisect_right(starts, place) - 1])
            place = text.find(sign, place + len(sign))
    return found


def _own_role(line: str, block: RawBlock, found: list[tuple[str, Hit]], own: set[str], signed: bool) -> str | None:
    if block.hint in ("breadcrumb", "comments", "ads", "form"):
        return block.hint
    if not own and not signed:
        return _named_role(len(line), block)
    if len(line) < 400 and (signed or ("copyright" in own and len(line) < 200)):
        return "copyright"
    if found and ("previous" in own or "next" in own):
        lead = found[0][1].start - block.start
        if (lead <= 4 and found[0][0] in ("previous", "next")) and (block.links or colon_follows(line, found[0][1].end - block.start)):
            return "prevnext"
    if block.hint == "prevnext":
        return "prevnext" if len(line) < 300 else None
    if "breadcrumb" in own and len(line) < 160:
        return "breadcrumb"
    if block.hint in ("tags", "caption", "byline") and len(line) < 300:
        return block.hint
    if block.hint in ("related", "products", "footer", "copyright"):
        return "footer" if block.hint == "copyright" else block.hint
    if len(line) < 140 and block.links <= 2 and _opens(block, found, _SIGNED):
        return "byline"
    if len(line) < 300 and _opens(block, found, _PICTURED):
        return "caption"
    return None


_SIGNED, _PICTURED = frozenset(("byline", "dateline", "source")), frozenset(("photo",))


def _opens(block: RawBlock, found: list[tuple[str, Hit]], markers: frozenset[str]) -> bool:
    """Whether the block begins with one of the markers: "the date" in the middle of a sentence signs nothing."""
    return any(name in markers and hit.start - block.start <= 2 for name, hit in found)


def _named_role(length: int, block: RawBlock) -> str | None:
    """The role of a block without a term or sign that tells, if its names tell it."""
    hint = block.hint
    if hint is None:
        return None
    return hint if hint in _NAMED or (hint in _SHORT_HINTS and length < 300) else None


_NOTHING: list[tuple[str, Hit]] = []
_NONE: set[str] = set()


def _by_place(number: int, first: int, last: int, block: RawBlock, is_body: bool, is_prose: bool) -> str:
    if is_body and first <= number <= last:
        return "body"
    length = block.end - block.start
    dense = block.linked > DENSE * length
    if block.hint in ("nav", "other") and not is_body:
        return block.hint if block.hint == "nav" or not dense or number < first else "related"
    if first <= number <= last:
        if dense and not block.content:
            return "related" if block.links else "other"
        return "body" if block.content or length > 12 or block.tag in ("p", "li", "td") else "other"
    if number < first:
        return "nav" if dense else "other"
    if dense:
        return "related" if is_prose or length > 24 else "footer"
    return "body" if is_prose and block.content else "other"


def _heading_role(line: str, block: RawBlock, own: set[str], found: list[tuple[str, Hit]]) -> str | None:
    """A short label such as "Related articles" names the role of the links that follow it."""
    if len(line) > 48 or not own or (block.links and block.tag not in _HEADING):  # a menu's "Services" heads nothing
        return None
    category, hit = found[0]
    covered = hit.end - hit.start
    if category in _AFTER_HEADING and hit.start - block.start <= 2 and covered >= 0.5 * len(line.rstrip(" :：")):
        return _AFTER_HEADING[category]
    return None


def _may_be_body(block: RawBlock) -> bool:
    return block.hint in (None, "content") and block.hidden is None


def _free_mislabelled(blocks: list[RawBlock], prose: list[bool], signed: set[int]) -> None:
    """When a wrapper's name ("has-header", "page-nav") has swallowed the main text, its prose is freed of the hint."""
    free = 0
    swallowed: Counter[str] = Counter()
    for block, is_prose in zip(blocks, prose, strict=True):
        if not is_prose or block.hidden is not None:
            continue
        if block.hint is None or block.hint == "content":
            free += block.end - block.start
        if block.hint is not None and block.hint not in ("comments", "copyright"):
            swallowed[block.hint] += block.end - block.start
    if not swallowed:
        return
    hint, length = swallowed.most_common(1)[0]
    if length > 300 and length > 2 * free:
        for block, is_prose in zip(blocks, prose, strict=True):
            if block.hint == hint and (is_prose or block.links == 0) and block.start not in signed:
                block.hint = None


def _main_run(text: str, blocks: list[RawBlock], body: list[bool]) -> tuple[int, int]:
    """First and last block of the main text: the densest run of prose, joined over small gaps."""
    marked = [i for i, is_body in enumerate(body) if is_body]
    if not marked:
        longest = max(range(len(blocks)), key=lambda i: blocks[i].end - blocks[i].start - blocks[i].linked, default=0)
        return longest, longest
    runs: list[list[int]] = [[marked[0]]]
    for number in marked[1:]:
        between = sum(blocks[i].linked for i in range(runs[-1][-1] + 1, number))
        if number - runs[-1][-1] <= 12 and between < 400:
            runs[-1].append(number)
        else:
            runs.append([number])
    weight = [sum((3 if blocks[i].content else 1) * prose_length(text, blocks[i].start, blocks[i].end) for i in run) for run in runs]
    best = runs[weight.index(max(weight))]
    return best[0], best[-1]


def _headline(text: str, blocks: list[RawBlock], first: int) -> None:
    """The heading nearest before the main text, h1 first."""
    best, score = -1, 0.0
    for number, block in enumerate(blocks[: first + 8]):
        if block.tag not in _HEADING or block.hidden or block.role in _NO_HEADLINE:
            continue
        length = block.end - block.start
        if 2 <= length <= 300:
            value = {"h1": 3.0, "h2": 1.5, "h3": 0.7}[block.tag] - abs(first - number) / 12 + (0.5 if length > 12 else 0.0)
            if value > score:
                best, score = number, value
    if best >= 0:
        blocks[best].role = "headline"
