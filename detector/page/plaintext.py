"""Plain text as an equal of HTML: lines become blocks, links are written addresses, roles come from order, length and markers."""

from __future__ import annotations

import re

from detector.page.address import host_of
from detector.page.document import Link
from detector.page.limits import Limits
from detector.page.roles import prose_length
from detector.page.walk import RawBlock, Walk

_URL = re.compile(r"https?://[^\s<>\"'，。）)]{3,300}")
_SENTENCE_END = (".", "。", "!", "?", "！", "？", "…", "”", "।", "؟", '."', ".”", "」")
# A date in figures: a line of author, date and hits under a headline may be longer than it.
_DATE = re.compile(r"\d{2,4}[-./]\d{1,2}[-./]\d{1,4}")
# A run of at least this many short lines is a list: a menu, links, products.
LIST_RUN = 3
SHORT_LINE = 60
LONG_LINE = 110


def read_lines(source: str, limits: Limits) -> Walk:
    """Blocks of a plain text: one a line, white space folded; written addresses become links."""
    found = Walk()
    pieces: list[str] = []
    offset = 0
    for line in source.splitlines():
        words = line.split()
        if not words:
            continue
        text = " ".join(words)
        if offset + len(text) > limits.max_text:
            text = text[: max(0, limits.max_text - offset)]
            found.cut = True
            if not text:
                break
        block = RawBlock(offset, offset + len(text), None, False, "line", "text", None, len(found.links), words=len(words))
        for match in _URL.finditer(text) if "://" in text else ():
            found.links.append(Link(offset + match.start(), offset + match.end(), match[0], host_of(match[0]), "", len(found.blocks)))
            block.links += 1
            block.linked += match.end() - match.start()
        found.blocks.append(block)
        pieces.append(text)
        offset += len(text) + 1
        if found.cut or len(found.blocks) >= limits.max_blocks or len(found.links) >= limits.max_links:
            found.cut = True
            break
    found.text = "\n".join(pieces)
    _hints(found.text, found.blocks)
    return found


def _hints(text: str, blocks: list[RawBlock]) -> None:
    """Runs of short lines are lists; the title-like line right before the first long one is the headline."""
    lengths = [prose_length(text, block.start, block.end) for block in blocks]
    long = [number for number, length in enumerate(lengths) if length >= LONG_LINE]
    if not long:  # short paragraphs: sentences that are longer than a menu's lines
        ends = [text.endswith(_SENTENCE_END, block.start, block.end) for block in blocks]
        long = [number for number, length in enumerate(lengths) if length > SHORT_LINE and ends[number]]
    first = long[0] if long else len(blocks)
    last = long[-1] if long else -1
    run: list[int] = []
    for number, length in enumerate([*lengths, SHORT_LINE + 1]):
        if length <= SHORT_LINE and not text.endswith(_SENTENCE_END, blocks[number].start, blocks[number].end):
            run.append(number)
            continue
        if len(run) >= LIST_RUN:
            for index in run[:-2] if run[-1] + 1 == first else run:
                blocks[index].hint = "nav" if index < first else None if index < last else "footer"
                blocks[index].tag = "li"
        run = []
    best = -1
    for number, block in enumerate(blocks[:first]):
        if 12 <= lengths[number] <= 260 and not text.endswith((".", "。", "।"), block.start, block.end):
            before = blocks[best]
            if best >= 0 and before.hint != "nav" and _DATE.search(text, block.start, block.end):
                continue
            if best < 0 or before.hint == "nav" or block.end - block.start > (before.end - before.start) * (1 if block.hint is None else 2):
                best = number
    if best >= 0:
        blocks[best].tag, blocks[best].hint = "h1", None
