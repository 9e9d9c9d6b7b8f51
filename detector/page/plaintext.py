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
        for match in _URL.finditer(text):
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
    lines = [text[block.start : block.end] for block in blocks]
    long = [i for i, line in enumerate(lines) if prose_length(line) >= LONG_LINE]
    first = long[0] if long else len(lines)
    last = long[-1] if long else -1
    run: list[int] = []
    for number, line in enumerate([*lines, "." * 200]):
        if prose_length(line) <= SHORT_LINE and not line.endswith(_SENTENCE_END):
            run.append(number)
            continue
        if len(run) >= LIST_RUN:
            for index in run[:-2] if run[-1] + 1 == first else run:
                blocks[index].hint = "nav" if index < first else None if index < last else "footer"
                blocks[index].tag = "li"
        run = []
    best = -1
    for number in range(min(first, len(lines))):
        line = lines[number]
        if (
            12 <= prose_length(line) <= 260
            and not line.endswith((".", "。", "।"))
            and (best < 0 or blocks[best].hint == "nav" or len(line) > len(lines[best]) * (1 if blocks[number].hint is None else 2))
        ):
            best = number
    if best >= 0:
        blocks[best].tag, blocks[best].hint = "h1", None
