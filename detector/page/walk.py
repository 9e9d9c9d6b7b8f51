"""One walk over a parsed page: blocks, links and counts in reading order, with the hints that roles are made of.

Lexbor (selectolax, MIT) parses 100 KB in about half a millisecond; the walk is an explicit stack, so depth costs no recursion.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from detector.page import hints
from detector.page.address import host_of
from detector.page.hiding import hidden_by_style, is_for_screen_readers
from detector.page.limits import Limits

# What the walk does at an element, one look-up a node. Elements without a kind are inline and tell nothing by their name.
_INLINE, _SKIPPED, _IMAGE, _BREAK, _ANCHOR, _BLOCK, _TELLING = range(7)
_KINDS = (
    dict.fromkeys(hints.CONTENT_TAGS | frozenset(hints.TAG_ROLES), _TELLING)
    | dict.fromkeys(hints.BLOCK_TAGS, _BLOCK)
    | dict.fromkeys(hints.SKIPPED_TAGS, _SKIPPED)
    | {"img": _IMAGE, "br": _BREAK, "a": _ANCHOR}
)
_OFTEN_EMPTY = frozenset(("input", "hr", "wbr", "source", "i"))
_MAX_IMAGES = 60
_LOGO_WITHIN = 12
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
class RawLink:
    start: int
    end: int
    href: str
    host: str | None
    rel: str
    block: int = -1


@dataclass(slots=True)
class Walk:
    """What one walk found. `text` is the blocks joined by newlines."""

    text: str = ""
    blocks: list[RawBlock] = field(default_factory=list)
    links: list[RawLink] = field(default_factory=list)
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


@lru_cache(maxsize=16_384)
def _state(hint: str | None, content: bool, hidden: str | None, tag: str, path: str) -> _State:
    """One object for equal states, so that what an element does to a state is looked up and not worked out again."""
    return _State(hint, content, hidden, tag, path)


def walk(root: Any, stylesheet_rules: frozenset[str], limits: Limits) -> Walk:
    """Walk the body `root` of a Lexbor tree."""
    found = Walk()
    pieces: list[str] = []  # finished blocks
    line: list[str] = []  # the block being read
    length = 0  # of `line`
    offset = 0  # where `line` begins in the text
    space = False
    state = _state(None, False, None, "body", "body")
    block_state = state
    open_links: list[tuple[int, str, str]] = []
    line_links: list[RawLink] = []
    blocks, links = found.blocks, found.links
    elements = empty = scripts = images = paragraphs = noise = random_tags = 0

    def flush() -> None:
        nonlocal length, offset, space
        if not line:
            space = False
            return
        text = "".join(line)
        raw = RawBlock(
            offset, offset + length, block_state.hint, block_state.content, block_state.tag, block_state.path, block_state.hidden, len(links),
        )  # fmt: skip
        raw.words = text.count(" ") + 1
        number = len(blocks)
        if len(line_links) > 1:
            line_links.sort(key=_by_start)
        covered = 0
        for link in line_links:
            link.start = max(link.start, covered)  # an anchor inside an anchor is counted once
            if link.end > link.start:
                covered = link.end
                link.block = number
                raw.links += 1
                raw.linked += link.end - link.start
                links.append(link)
        blocks.append(raw)
        pieces.append(text)
        if offset + length > limits.max_text or number > limits.max_blocks or len(links) > limits.max_links:
            found.cut = True
        offset += length + 1
        line.clear()
        line_links.clear()
        length = 0
        space = False

    def close_link() -> None:
        """An anchor round several blocks: its span ends with the block and goes on in the next."""
        if open_links:
            start, href, rel = open_links[-1]
            if length > start:
                line_links.append(RawLink(offset + start, offset + length, href, None, rel))
            open_links[-1] = (0, href, rel)

    # Items: (node, state) to enter; (None, what) to leave.
    stack: list[tuple[Any, Any]] = [(root, state)]
    entered: dict[tuple[Any, ...], _State] = {}
    push = stack.append
    while stack and not found.cut:
        node, state = stack.pop()
        if node is None:
            if state == "flush":
                if line:
                    close_link()
                    flush()
                else:
                    space = False
            elif open_links:
                start, href, rel = open_links.pop()
                if line and length > start:
                    line_links.append(RawLink(offset + start, offset + length, href, None, rel))
            continue
        tag = node.tag
        if tag == "-text":
            text = node.text_content
            words = text.split()
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
            space = text[-1].isspace()
            continue
        if not tag or tag[0] in "-_!#":
            continue
        elements += 1
        kind = _KINDS.get(tag, 0)
        if kind == _SKIPPED:
            scripts += tag == "script"
            continue
        if kind == _IMAGE:
            images += 1
            _note_image(found, node.attributes, images)
            continue
        if kind == _BREAK:
            if line:
                close_link()
                flush()
            continue
        child = node.last_child
        if child is None:
            empty += tag not in _OFTEN_EMPTY
            random_tags += hints.is_random_tag(tag)
            continue
        attributes = node.attributes
        if attributes:
            get = attributes.get
            id_, class_, style = get("id"), get("class"), get("style")
            bare = "hidden" in attributes or "itemprop" in attributes
            if bare or id_ or class_ or style or kind != _INLINE:
                key = (tag, class_, id_, style, bare and (attributes.get("itemprop"), "hidden" in attributes), state)
                known = entered.get(key)
                if known is None:
                    known = entered[key] = _entered(tag, attributes, state, stylesheet_rules)
                state = known
                names = id_ or class_
                if names and hints.is_noise_name(names):
                    noise += 1
        elif kind != _INLINE:
            key = (tag, None, None, None, False, state)
            known = entered.get(key)
            if known is None:
                known = entered[key] = _entered(tag, {}, state, stylesheet_rules)
            state = known
        if kind == _ANCHOR:
            href = (attributes.get("href") or "").strip()
            if href:
                stack.append((None, "link"))
                open_links.append((length if line else 0, href[:500], attributes.get("rel") or ""))
        elif kind == _BLOCK:
            if line:
                close_link()
                flush()
            paragraphs += tag == "p"
            stack.append((None, "flush"))
        elif hints.is_random_tag(tag):
            random_tags += 1
        while child is not None:
            push((child, state))
            child = child.prev
    flush()
    for link in links:
        link.host = host_of(link.href)
    found.text = "\n".join(pieces)
    found.elements, found.empty, found.scripts, found.images = elements, empty, scripts, images
    found.paragraphs, found.noise_names, found.random_tags = paragraphs, noise, random_tags
    return found


def _by_start(link: RawLink) -> int:
    return link.start


def _entered(tag: str, attributes: dict[str, str | None], state: _State, rules: frozenset[str]) -> _State:
    hint, content, hidden = state.hint, state.content, state.hidden
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if tag not in ("html", "body"):
        named = hints.role_of_names(names) if len(names) > 1 else None
        if named == "content" or tag in hints.CONTENT_TAGS or attributes.get("itemprop") == "articleBody":
            hint, content = None, True
        elif tag in _HEADINGS:
            pass
        elif named is not None and not (content and named in ("nav", "other", "footer", "products") and tag != "nav"):
            hint = named
        elif tag in hints.TAG_ROLES and not (tag in ("header", "footer") and content):
            hint = hint if hint in ("prevnext", "breadcrumb", "comments", "related") else hints.TAG_ROLES[tag]
    if hidden is None:
        style = attributes.get("style")
        if style:
            hidden = hidden_by_style(style)
        if hidden is None and "hidden" in attributes:
            hidden = "attribute"
        if hidden is None and rules and len(names) > 1:
            for name in (attributes.get("class") or "").split():
                if f".{name}" in rules:
                    hidden = "offscreen"
            if f"#{attributes.get('id')}" in rules:
                hidden = "offscreen"
        if hidden in ("offscreen", "size", "visibility", "display") and is_for_screen_readers(names):
            hidden = None
    if tag in hints.BLOCK_TAGS:
        return _state(hint, content, hidden, tag, "/".join([*state.path.split("/")[-2:], tag]))
    if hint is state.hint and content is state.content and hidden is state.hidden:
        return state
    return _state(hint, content, hidden, state.tag, state.path)


def _note_image(found: Walk, attributes: dict[str, str | None], number: int) -> None:
    """The host of an image, and the alternative text of the logo."""
    source = attributes.get("src") or attributes.get("data-src") or ""
    if source and len(found.image_hosts) < _MAX_IMAGES:
        host = host_of(source[:300])
        if host:
            found.image_hosts.append(host)
    if not found.logo and number < _LOGO_WITHIN:
        alt = (attributes.get("alt") or "")[:120]
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {source[:200]}".lower()
        if alt and ("logo" in names or "brand" in names):
            found.logo = alt
