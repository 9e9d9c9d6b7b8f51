"""One walk over a parsed page: blocks, links and counts in reading order, with the hints that roles are made of.

Lexbor (selectolax, MIT) parses 100 KB in about half a millisecond; the walk is an explicit stack, so depth costs no recursion.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from detector.page import hints
from detector.page.address import host_of
from detector.page.document import Link
from detector.page.hiding import hidden_by_style, is_for_screen_readers
from detector.page.images import note_image
from detector.page.limits import Limits

# What the walk does at an element, one look-up a node. Elements without a kind are inline and tell nothing by their name.
_INLINE, _SKIPPED, _IMAGE, _BREAK, _ANCHOR, _BLOCK, _TELLING = range(7)
_KINDS = (
    dict.fromkeys(hints.CONTENT_TAGS | frozenset(hints.TAG_ROLES), _TELLING)
    | dict.fromkeys(hints.BLOCK_TAGS, _BLOCK)
    | dict.fromkeys(hints.SKIPPED_TAGS, _SKIPPED)
    | {"img": _IMAGE, "br": _BREAK, "a": _ANCHOR}
)
_START = operator.itemgetter(0)
_OFTEN_EMPTY = frozenset(("input", "hr", "wbr", "source", "i"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


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
    logo: str = ""
    image_hosts: list[str] = field(default_factory=list)
    cut: bool = False


class _State:
    """What descendants inherit. Replaced, never changed."""

    __slots__ = ("content", "hidden", "hint", "path", "tag")

    def __init__(self, hint: str | None, content: bool, hidden: str | None, tag: str, path: str) -> None:
        self.hint, self.content, self.hidden = hint, content, hidden
        self.tag, self.path = tag, path


@lru_cache(maxsize=4_096)
def _state(hint: str | None, content: bool, hidden: str | None, tag: str, path: str) -> _State:
    """One object for equal states, so that what an element does to a state is looked up and not worked out again."""
    return _State(hint, content, hidden, tag, path)


def walk(root: Any, stylesheet_rules: frozenset[str], limits: Limits) -> Walk:
    """Walk the body `root` of a Lexbor tree.

    The loop runs some 1,500 times a page, so it calls no function of ours where nothing new is met (`entered` remembers).
    """
    found = Walk()
    pieces: list[str] = []  # finished blocks
    line: list[str] = []  # the block being read
    length = 0  # of `line`
    offset = 0  # where `line` begins in the text
    space = False
    state = block_state = _state(None, False, None, "body", "body")
    open_links: list[tuple[int, str, str]] = []
    line_links: list[tuple[int, int, str, str]] = []
    elements = empty = scripts = images = paragraphs = noise = random_tags = 0
    entered: dict[tuple[Any, ...], tuple[_State, bool]] = {}
    # Elements being read, innermost last: (the sibling to go on with, its state, the kind of the element).
    stack: list[tuple[Any, _State, int]] = []
    node = root
    while True:
        if node is None:
            if not stack:
                break
            node, state, left = stack.pop()
            if left == _BLOCK:
                if line:
                    if open_links:
                        _close_link(open_links, line_links, length)
                    offset = _flush(found, pieces, line, line_links, offset, length, block_state, limits)
                    length = 0
                    if found.cut:
                        break
                space = False
            elif left == _ANCHOR and open_links:
                start, href, rel = open_links.pop()
                if line and length > start:
                    line_links.append((start, length, href, rel))
            continue
        tag = node.tag
        if tag == "-text":
            text = node.text_content
            words = text.split()
            node = node.next
            if not words:
                space = True
                continue
            if not line:
                block_state = state
            elif space or text[0].isspace():
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
        if not tag or tag[0] in "-_!#":
            node = node.next
            continue
        elements += 1
        kind = _KINDS.get(tag, _INLINE)
        child = None
        if kind == _SKIPPED:
            scripts += tag == "script"
        elif kind == _IMAGE:
            images += 1
            note_image(found, node.attributes, images)
        elif kind == _BREAK:
            if line:
                if open_links:
                    _close_link(open_links, line_links, length)
                offset = _flush(found, pieces, line, line_links, offset, length, block_state, limits)
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
        if attributes or kind != _INLINE:
            get = attributes.get
            id_, class_, style = get("id"), get("class"), get("style")
            bare = "hidden" in attributes or "itemprop" in attributes
            if bare or id_ or class_ or style or (kind != _INLINE and kind != _ANCHOR):
                key = (tag, class_, id_, style, bare and (attributes.get("itemprop"), "hidden" in attributes), state)
                known = entered.get(key)
                if known is None:
                    known = entered[key] = _entered(*key, stylesheet_rules)
                inner, is_noise = known
                noise += is_noise
        left = _INLINE
        if kind == _ANCHOR:
            href = (attributes.get("href") or "").strip()
            if href:
                left = _ANCHOR
                open_links.append((length if line else 0, href[:500], attributes.get("rel") or ""))
        elif kind == _BLOCK:
            if line:
                if open_links:
                    _close_link(open_links, line_links, length)
                offset = _flush(found, pieces, line, line_links, offset, length, block_state, limits)
                length, space = 0, False
            paragraphs += tag == "p"
            if found.cut:
                break
            left = _BLOCK
        elif tag not in hints.KNOWN_TAGS and hints.is_random_tag(tag):
            random_tags += 1
        stack.append((node.next if stack else None, state, left))
        node, state = child, inner
    if line:
        _flush(found, pieces, line, line_links, offset, length, block_state, limits)
    found.text = "\n".join(pieces)
    found.elements, found.empty, found.scripts, found.images = elements, empty, scripts, images
    found.paragraphs, found.noise_names, found.random_tags = paragraphs, noise, random_tags
    return found


def _flush(
    found: Walk, pieces: list[str], line: list[str], line_links: list[tuple[int, int, str, str]],
    offset: int, length: int, state: _State, limits: Limits,
) -> int:  # fmt: skip
    """End the block being read; where the next one begins."""
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


def _entered(
    tag: str, class_: str | None, id_: str | None, style: str | None, bare: tuple[str | None, bool] | Literal[False],
    state: _State, rules: frozenset[str],
) -> tuple[_State, bool]:  # fmt: skip
    """(the state inside an element, whether its name is noise). `bare` is its `itemprop` and whether it has the `hidden` attribute."""
    hint, content, hidden = state.hint, state.content, state.hidden
    itemprop, is_hidden = bare or (None, False)
    names = f"{class_ or ''} {id_ or ''}"
    if tag not in ("html", "body"):
        named = hints.role_of_names(names) if len(names) > 1 else None
        if named == "content" or tag in hints.CONTENT_TAGS or itemprop == "articleBody":
            hint, content = None, True
        elif tag in _HEADINGS:
            pass
        elif named is not None and not (content and named in ("nav", "other", "footer", "products") and tag != "nav"):
            hint = named
        elif tag in hints.TAG_ROLES and not (tag in ("header", "footer") and content):
            hint = hint if hint in ("prevnext", "breadcrumb", "comments", "related") else hints.TAG_ROLES[tag]
    if hidden is None:
        if style:
            hidden = hidden_by_style(style)
        if hidden is None and is_hidden:
            hidden = "attribute"
        if hidden is None and rules and len(names) > 1:
            for name in (class_ or "").split():
                if f".{name}" in rules:
                    hidden = "offscreen"
            if f"#{id_}" in rules:
                hidden = "offscreen"
        if hidden in ("offscreen", "size", "visibility", "display") and is_for_screen_readers(names):
            hidden = None
    noise = hints.is_noise_name(id_ or class_ or "")
    if tag in hints.BLOCK_TAGS:
        return _state(hint, content, hidden, tag, _path(state.path, tag)), noise
    if hint is state.hint and content is state.content and hidden is state.hidden:
        return state, noise
    return _state(hint, content, hidden, state.tag, state.path), noise


@lru_cache(maxsize=4096)
def _path(path: str, tag: str) -> str:
    """The chain of the three nearest elements, one further in."""
    return "/".join([*path.split("/")[-2:], tag])
