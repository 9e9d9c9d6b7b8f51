"""What a page may cost: one frozen record, and the byte scan that enforces it before a native parser sees the page.

No Python timeout interrupts native code, and every HTML parser can be stalled by a page of one megabyte (a tag with 200,000
attributes, 200,000 nested elements, 50,000 options). So the scan runs first, in a handful of vectorised passes, and cuts the
page where a limit is passed. A page judged on a part says so (`partial: over-limit`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from detector.page.repeaters import without_repeaters


@dataclass(frozen=True, slots=True)
class Limits:
    """Each limit leaves room above the extremes of the corpus's 7,564 honest pages, named in brackets."""

    # Bytes read of a page; the rest is cut [3.3 MB].
    max_bytes: int = 6_000_000
    # A page over this is refused: nobody writes it for a reader.
    refuse_bytes: int = 64_000_000
    # `<` signs; parsing and walking grow with them [46,000].
    max_tags: int = 80_000
    # Bytes of one tag; a longer one holds a list of attributes or a data URI and is emptied [a megabyte of data URI].
    max_tag_bytes: int = 20_000
    # Attributes of one tag, counted in tags over `long_tag_bytes` only [60].
    max_attributes: int = 400
    long_tag_bytes: int = 2_000
    # Open elements at once. An end tag counts where it ends the last one opened, so what is misnested or ends itself adds up [2,300; well nested 230].
    # A tree builder looks through all of them at most tags: with `max_tags` of those, half a second.
    max_depth: int = 3_000
    # Option and similar elements that tree builders look up by walking [6,100].
    max_options: int = 8_000
    # Distinct words, attribute names among them: a parser's table of names has no room for more [30,000].
    max_names: int = 60_000
    # Characters of scripts that write something, so far as they are read for it; what they write is text as any other.
    max_script: int = 300_000
    # Scripts whose markup is parsed, each into a tree of some 200 KB [20].
    max_written: int = 60
    # Code points of text that features read [900,000].
    max_text: int = 300_000
    # Blocks and links that features read.
    max_blocks: int = 20_000
    max_links: int = 10_000


DEFAULT = Limits()

# Void elements, and those whose end tag is often left out: the next one ends them.
_NOT_DEEP = frozenset(b"area base br col embed hr img input link meta source track wbr p li td tr dt dd th option".split())
_LONGEST_NAME = max(map(len, _NOT_DEEP))
_IS_NAME_END = np.array([chr(code) in " \n\t\r\f/>" for code in range(256)])
# A tag by its slash and name, or what holds no tags: a comment, the text of a script. Attributes are told apart as WHATWG HTML 13.2.5 does.
_COMMENT = rb"<!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+(?:--!?>)?+)|<[!?][^>]*+>?"
_RAW_TEXT = (
    rb"<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[ \n\t\r\f/>])[^<]*+(?:<(?!/(?P=raw)[ \n\t\r\f/>])[^<]*+)*+"
)
_ANY = (
    rb"<(?P<slash>/?)(?P<name>[a-z][^ \n\t\r\f/>]*+)"
    rb"(?:[ \n\t\r\f/]++|[^ \n\t\r\f/>][^ \n\t\r\f/>=]*+(?:[ \n\t\r\f]*+=[ \n\t\r\f]*+(?:\"[^\"]*+\"|'[^']*+'|[^ \n\t\r\f>\"'][^ \n\t\r\f>]*+)?+)?+)*+>?"
)
_TAG = re.compile(b"|".join((_COMMENT, _RAW_TEXT, _ANY)), re.IGNORECASE)
# In SVG and MathML a title or a style has elements as any other.
_FOREIGN = frozenset((b"svg", b"math"))
_FOREIGN_TAG = re.compile(b"|".join((_COMMENT, _ANY)), re.IGNORECASE)
_OPENING = re.compile(rb"<[a-z]", re.IGNORECASE)
_LONG_TAG = re.compile(rb"<[a-zA-Z/][^<>]{2000,}>?")
_TAG_NAME = re.compile(rb"</?[a-zA-Z0-9]{1,20}")
_OPTION = re.compile(rb"<(?:option|optgroup)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"\s[^\s=<>\"']+")
_IS_END = np.array([chr(code) in " \n\t\r\f/>=" for code in range(256)])
_SPACED = bytes.maketrans(b"\n\t\r\f/>=", b" " * 7)
_NAME = re.compile(rb"[^ \n\t\r\f/>=]+")
# Sixty thousand distinct names have at least three bytes each, and one between them.
_NAME_BYTES = 4
_DATA_URI = re.compile(rb"data:[a-z]+/[^\"'\s>]{500,}")


def scan(body: bytes, limits: Limits = DEFAULT) -> tuple[bytes, bool]:
    """(the bytes safe to parse, whether anything was cut). Linear in the length; about 0.2 ms for 100 KB."""
    cut = False
    if len(body) > limits.max_bytes:
        body, cut = body[: limits.max_bytes], True
    places = _tags(body)
    far = np.flatnonzero(places[1:] - places[:-1] > limits.long_tag_bytes).tolist()
    starts = [int(places[index]) for index in far] + places[-1:].tolist()
    long = [start for start in starts if body.find(b">", start, start + limits.long_tag_bytes) < 0]
    if long:
        body, emptied = _without_long_tags(body, long, limits)
        places = _tags(body)
        cut |= emptied
    shortened = body
    if len(places) > limits.max_depth:
        place = _cut_place(body, places, limits)
        if place is not None:
            body, cut = body[:place], True
    if len(places) > limits.max_options:
        for number, match in enumerate(_OPTION.finditer(body)):
            if number >= limits.max_options:
                body, cut = body[: match.start()], True
                break
    if len(body) > _NAME_BYTES * limits.max_names:
        place = _names_end(body, limits.max_names)
        if place is not None:
            body, cut = body[:place], True
    return without_repeaters(body, places if body is shortened else _tags(body)), cut


def _tags(body: bytes) -> np.ndarray:
    """Where its `<` stand, int64 (tags,)."""
    return np.flatnonzero(np.frombuffer(body, dtype=np.uint8) == 0x3C)


def _names_end(body: bytes, most: int) -> int | None:
    """Where the distinct words of a page pass `most`, or None. What an attribute's name may hold (quotes, `<`) is part of a word."""
    ends = _IS_END.take(np.frombuffer(body, dtype=np.uint8))
    words = np.count_nonzero(ends[:-1] > ends[1:]) + 1  # most of those ends stand in runs, as line ends and indents do
    if words <= most or len(set(body.translate(_SPACED).split(b" "))) <= most:
        return None
    met: set[bytes] = set()
    for match in _NAME.finditer(body):
        met.add(match[0])
        if len(met) > most:
            return match.start()
    return None


def _without_long_tags(body: bytes, starts: list[int], limits: Limits) -> tuple[bytes, bool]:
    """The body with the tags at `starts` (ascending) shortened where they pass a limit, and whether one was emptied."""
    cut = False
    pieces: list[bytes] = []
    place = 0
    for start in starts:
        match = _LONG_TAG.match(body, start)
        if match is None:
            continue
        tag = _DATA_URI.sub(b"data:,", match[0])
        if len(tag) > limits.max_tag_bytes or (len(tag) > limits.long_tag_bytes and len(_ATTRIBUTE.findall(tag)) > limits.max_attributes):
            cut = True
            name = _TAG_NAME.match(tag)
            tag = (name[0] if name else b"<x") + b">"
        pieces += (body[place:start], tag)
        place = match.end()
    return b"".join([*pieces, body[place:]]), cut


def _cut_place(body: bytes, places: np.ndarray, limits: Limits) -> int | None:
    """Where tags or depth pass their limit, or None. `places` is where its `<` stand."""
    raw = np.frombuffer(body, dtype=np.uint8)
    place = int(places[limits.max_tags]) if len(places) > limits.max_tags else None
    padded = np.concatenate([raw, np.zeros(_LONGEST_NAME + 2, dtype=np.uint8)])
    after = padded[places + 1] | 0x20
    opened = places[(after >= 0x61) & (after <= 0x7A)]
    if len(opened) > limits.max_depth:
        names = np.stack([padded[opened + offset] for offset in range(1, _LONGEST_NAME + 2)], axis=1)
        deep = len(opened) - int(np.count_nonzero(_is_not_deep(names)))
        deepest = _deep_place(body[:place], limits.max_depth) if deep > limits.max_depth else None
        place = place if deepest is None else deepest
    return place


def _deep_place(body: bytes, limit: int) -> int | None:
    """Where more than `limit` elements are open, or None.

    A tree builder passes over an end tag that ends nothing, or that stands inside an element that it may not end. So only those count that
    end what was opened last, which it always does.
    """
    stack: list[bytes] = []
    foreign = inside = place = 0
    while match := (_FOREIGN_TAG if foreign else _TAG).search(body, place):
        place = match.end()
        if foreign and match[0].startswith(b"<!--"):
            # SVG and MathML have comments where HTML may have the text of a style: what is opened in one may be open, what is ended may not be ended.
            inside += len(_OPENING.findall(match[0]))
        elif match["name"] is not None and (name := match["name"].lower()) not in _NOT_DEEP:
            if not match["slash"]:
                stack.append(name)
                foreign += name in _FOREIGN
            elif stack and stack[-1] == name:
                stack.pop()
                foreign -= name in _FOREIGN
        if len(stack) + inside > limit:
            return match.start()
    return None


def _is_not_deep(names: np.ndarray) -> np.ndarray:
    """Rows of bytes that begin with the whole name of an element that does not count as deep."""
    ends = _IS_NAME_END.take(names)
    names = names | 0x20
    result = np.zeros(len(names), dtype=bool)
    for name in _NOT_DEEP:
        width = len(name)
        result |= (names[:, :width] == np.frombuffer(name, dtype=np.uint8)).all(axis=1) & ends[:, width]
    return result
