"""One walk over a parsed page: blocks, links and counts in reading order, with the hints that roles are made of.

Lexbor (selectolax, MIT) parses 100 KB in about half a millisecond; the walk is an explicit stack, so depth costs no recursion.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from detector.page import hints
from detector.page.address import host_of
from detector.page.decode import well_formed
from detector.page.document import Link
from detector.page.images import note_image
from detector.page.inherited import State, entered, state_of
from detector.page.kinds import ANCHOR, BLOCK, BREAK, IMAGE, INLINE, KNOWN_IDS, NOTHING, SKIPPED, TEXT, kind_of
from detector.page.limits import Limits, scan
from detector.page.scripted import calls_a_writer, is_program, written

_START = operator.itemgetter(0)
_OFTEN_EMPTY = frozenset(("input", "hr", "wbr", "source", "i"))


@dataclass(slots=True)
class RawBlock:
    """A block while roles are still being decided. Places are code points into the text."""

    start: int
    end: int
    hint: str | None
    content: bool
    tag: str
    path: str
    hidden: str | None
    first_link: int
    role: str = ""
    links: int = 0
    linked: int = 0
    words: int = 0


@dataclass(slots=True)
class Walk:
    """What one walk found. `text` is the blocks joined by newlines."""

    text: str = ""
    blocks: list[RawBlock] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    elements: int = 0
    empty: int = 0
    scripts: int = 0
    images: int = 0
    paragraphs: int = 0
    noise_names: int = 0
    random_tags: int = 0
    pictured_words: int = 0
    logo: str = ""
    image_hosts: list[str] = field(default_factory=list)
    script_characters: int = 0
    partial: bool = False
    cut: bool = False


def walk(root: Any, stylesheet_rules: frozenset[str], limits: Limits, head_scripts: Sequence[Any] = ()) -> Walk:
    """Walk the body `root` of a Lexbor tree; what `head_scripts` write stands before it.

    The loop runs some 1,500 times a page, so it calls no function of ours where nothing new is met (`met` remembers).
    """
    found = Walk()
    pieces: list[str] = []  # finished blocks
    line: list[str] = []  # the block being read
    length = 0  # of `line`
    offset = 0  # where `line` begins in the text
    space = False
    state = block_state = state_of(None, False, None, "body", "body")
    open_links: list[tuple[int, str, str]] = []
    line_links: list[tuple[int, int, str, str]] = []
    elements = empty = scripts = images = paragraphs = noise = random_tags = 0
    pictures = 0  # since the last word of `line`
    met: dict[tuple[Any, ...], tuple[State, bool]] = {}
    # Elements being read, innermost last: (the sibling to go on with, its state, the kind of the element).
    stack: list[tuple[Any, State, int]] = []
    trees: list[Any] = []  # of what scripts write: a node does not outlive its tree
    node = root
    if head_scripts:
        stack = [(first, state, BLOCK) for script in head_scripts if (first := _written(found, script, trees, limits)) is not None]
        stack, node = [(root, state, INLINE), *reversed(stack)], None
    while True:
        if node is None:
            if not stack:
                break
            node, state, left = stack.pop()
            if left == BLOCK:
                if line:
                    offset = _flush(found, pieces, line, line_links, open_links, offset, length, block_state, limits)
                    length = 0
                    if found.cut:
                        break
                space = False
            elif left == ANCHOR and open_links:
                start, href, rel = open_links.pop()
                if line and length > start:
                    line_links.append((start, length, href, rel))
            continue
        tag_id = node.tag_id
        tag, kind = KNOWN_IDS.get(tag_id) or kind_of(node.tag, tag_id)
        if kind == TEXT:
            if node.is_empty_text_node:  # half of all; to be told so costs a fifth of reading it
                space, node = True, node.next
                continue
            text = node.text_content
            words = text.split()
            node = node.next
            if not words:
                space = True
                continue
            if line and state.hidden != block_state.hidden:
                offset = _flush(found, pieces, line, line_links, open_links, offset, length, block_state, limits)
                length, space = 0, False
                if found.cut:
                    break
            if not line:
                block_state, pictures = state, 0
            elif pictures:
                found.pictured_words += pictures if words[0][0].isalpha() and not words[0][0].isupper() else 0
                pictures = 0
            if line and (space or text[0].isspace()):
                line.append(" ")
                length += 1
                if open_links and open_links[-1][0] == length - 1:
                    open_links[-1] = (length, *open_links[-1][1:])
            piece = " ".join(words)
            if length + len(piece) > limits.max_text:
                piece = piece[: max(0, limits.max_text - offset - length)]
                found.cut = True
            line.append(piece)
            length += len(piece)
            if found.cut:
                break
            space = text[-1].isspace()
            continue
        if kind == NOTHING:
            node = node.next
            continue
        elements += 1
        child = None
        if kind == SKIPPED:
            if tag == "script":
                scripts += 1
                child = _written(found, node, trees, limits)
        elif kind == IMAGE:
            images += 1
            pictures += note_image(found, node.attributes, images) and bool(line) and (line[-1][-1].isalnum() or line[-1][-1] == ",")
        elif kind == BREAK:
            if line:
                offset = _flush(found, pieces, line, line_links, open_links, offset, length, block_state, limits)
                length, space = 0, False
                if found.cut:
                    break
        else:
            child = node.first_child
            if child is None:
                empty += tag not in _OFTEN_EMPTY
                random_tags += tag not in hints.KNOWN_TAGS and hints.is_random_tag(tag)
        if child is None:
            node = node.next if stack else None
            continue
        attributes = node.attributes
        inner = state
        if attributes or kind != INLINE:
            get = attributes.get
            id_, class_, style = get("id"), get("class"), get("style")
            bare = "hidden" in attributes or "itemprop" in attributes
            if bare or id_ or class_ or style or (kind != INLINE and kind != ANCHOR):
                key = (tag, class_, id_, style, bare and (attributes.get("itemprop"), "hidden" in attributes), state)
                known = met.get(key)
                if known is None:
                    known = met[key] = entered(*key, stylesheet_rules)
                inner, is_noise = known
                noise += is_noise
        left = INLINE
        if kind == ANCHOR:
            href = (attributes.get("href") or "").strip()
            if href:
                left = ANCHOR
                open_links.append((length if line else 0, href[:500], attributes.get("rel") or ""))
        elif kind == BLOCK:
            if line:
                offset = _flush(found, pieces, line, line_links, open_links, offset, length, block_state, limits)
                length, space = 0, False
            paragraphs += tag == "p"
            if found.cut:
                break
            left = BLOCK
        elif tag not in hints.KNOWN_TAGS and hints.is_random_tag(tag):
            random_tags += 1
        stack.append((node.next if stack else None, state, left))
        node, state = child, inner
    if line:
        # A link that is open where reading ends is none.
        _flush(found, pieces, line, line_links, [], offset, length, block_state, limits)
    found.text = "\n".join(pieces)
    found.elements, found.empty, found.scripts, found.images = elements, empty, scripts, images
    found.paragraphs, found.noise_names, found.random_tags = paragraphs, noise, random_tags
    return found


def _written(found: Walk, script: Any, trees: list[Any], limits: Limits) -> Any:
    """The first node of what a script writes where it stands, None for a script that writes nothing to read."""
    left = limits.max_script - found.script_characters
    if not is_program(script.attributes.get("type")):
        return None
    whole = script.text(deep=True) or ""
    program = whole[: max(0, left)]
    # What is not read is told where it may write.
    found.partial |= len(program) < len(whole) and calls_a_writer(whole[len(program) :])
    markup = written(program)
    if markup is None:
        return None
    found.script_characters += len(program)
    if not markup:
        return None
    if len(trees) >= limits.max_written:
        found.partial = True
        return None
    from selectolax.lexbor import LexborHTMLParser

    raw, cut = scan(well_formed(markup).encode(), limits)
    found.partial |= cut
    tree = LexborHTMLParser(raw.decode("utf-8", "replace"))
    trees.append(tree)
    return tree.body.first_child if tree.body is not None else None


def _flush(
    found: Walk, pieces: list[str], line: list[str], line_links: list[tuple[int, int, str, str]], open_links: list[tuple[int, str, str]],
    offset: int, length: int, state: State, limits: Limits,
) -> int:  # fmt: skip
    """End the block being read, with the part of an open link that lies in it; where the next one begins."""
    if open_links:
        _close_link(open_links, line_links, length)
    blocks, links = found.blocks, found.links
    text = "".join(line)
    number = len(blocks)
    first_link = len(links)
    linked = covered = 0
    if len(line_links) > 1:
        line_links.sort(key=_START)
    for start, end, href, rel in line_links:
        start = max(start, covered)  # an anchor inside an anchor is counted once
        if end > start:
            covered = end
            linked += end - start
            links.append(Link(offset + start, offset + end, href, host_of(href), rel, number))
    blocks.append(
        RawBlock(
            offset, offset + length, state.hint, state.content, state.tag, state.path, state.hidden, first_link, "",
            len(links) - first_link, linked, text.count(" ") + 1,
        )
    )  # fmt: skip
    pieces.append(text)
    if offset + length > limits.max_text or number > limits.max_blocks or len(links) > limits.max_links:
        found.cut = True
    line.clear()
    line_links.clear()
    return offset + length + 1


def _close_link(open_links: list[tuple[int, str, str]], line_links: list[tuple[int, int, str, str]], length: int) -> None:
    """An anchor round several blocks: its span ends with the block and goes on in the next."""
    start, href, rel = open_links[-1]
    if length > start:
        line_links.append((start, length, href, rel))
    open_links[-1] = (0, href, rel)
