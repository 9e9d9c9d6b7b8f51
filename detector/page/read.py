"""Page to Document: the whole first stage in the order it happens."""

from __future__ import annotations

from dataclasses import replace

from detector.page.address import read_address
from detector.page.decode import decode, is_binary, well_formed
from detector.page.document import Address, Block, Build, Document, Head
from detector.page.head import read_head
from detector.page.hiding import offscreen_rules
from detector.page.limits import DEFAULT, Limits, scan
from detector.page.page import HTML, Page
from detector.page.plaintext import read_lines
from detector.page.roles import assign
from detector.page.scripted import may_write
from detector.page.walk import Walk, walk
from detector.terms import terms


class Unreadable(Exception):
    """A page without a Document; `reason` is the code that the verdict abstains with. Internal to the package."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read(page: Page, limits: Limits = DEFAULT) -> Document:
    """Read a page once.

    Raises:
        Unreadable: `empty`, `not-text` or `over-limit`.
    """
    page = page.with_media_type()
    body = page.body
    if len(body) > limits.refuse_bytes:
        raise Unreadable("over-limit")
    if isinstance(body, str):
        if page.media_type == HTML:
            source, markup, cut = _scan_text(body, limits)
        else:
            source = markup = well_formed(body)
            cut = len(body) > limits.max_bytes
    else:
        if is_binary(body):
            raise Unreadable("not-text")
        raw, cut = (
            (scan(body, limits))
            if page.media_type == HTML and not _wide(body)
            else (body[: limits.max_bytes], len(body) > limits.max_bytes)
        )
        decoded = decode(raw, page.charset)
        if decoded is None:
            raise Unreadable("not-text")
        source = markup = decoded
        if page.media_type == HTML and _wide(body):
            source, markup, also = _scan_text(source, limits)
            cut |= also
    if not source or source.isspace():
        raise Unreadable("empty")
    address = read_address(page.url)
    head, found = _parsed(source, markup, limits) if page.media_type == HTML else (Head(), read_lines(source[: limits.max_bytes], limits))
    if not found.text and not head.title:
        raise Unreadable("over-limit" if cut or found.cut else "empty")
    return _document("html" if page.media_type == HTML else "text", head, found, address, cut or found.cut or found.partial)


def _wide(body: bytes) -> bool:
    """UTF-16 and UTF-32 by their mark: their tags are not ASCII bytes, so the scan follows decoding."""
    return body[:2] in (b"\xff\xfe", b"\xfe\xff")


def _scan_text(source: str, limits: Limits) -> tuple[str, str | bytes, bool]:
    """The text safe to parse, well-formed; the same for the parser, encoded where it is already; whether anything was cut."""
    try:
        raw = source.encode("utf-8")
    except UnicodeEncodeError:
        source = well_formed(source)
        raw = source.encode("utf-8")
    scanned, cut = scan(raw, limits)
    if scanned is raw and not cut:
        return source, raw, False
    source = scanned.decode("utf-8", "replace")
    return source, source, cut


def _parsed(source: str, markup: str | bytes, limits: Limits) -> tuple[Head, Walk]:
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup)
    head, styles = read_head(tree)
    body = tree.body
    if body is None:
        return head, Walk()
    head_scripts = tree.head.css("script") if tree.head is not None and may_write(source) else ()
    found = walk(body, offscreen_rules(styles) if styles else frozenset(), limits, head_scripts)
    if found.logo:
        head = replace(head, logo=found.logo)
    return head, found


def _document(kind: str, head: Head, found: Walk, address: Address, cut: bool) -> Document:
    hits = tuple(terms().find(found.text))
    raw = assign(found.text, found.blocks, found.links, hits)
    hidden_links = sum(block.links for block in raw if block.hidden)
    blocks = tuple(Block(b.start, b.end, b.role, b.path, b.hidden, b.links, b.linked, b.words) for b in raw)
    build = Build(
        found.elements, found.empty, found.scripts, found.images, found.paragraphs, found.noise_names,
        hidden_links, found.random_tags, found.pictured_words, tuple(found.image_hosts),
    )  # fmt: skip
    return Document(kind, found.text, blocks, tuple(found.links), head, address, build, hits, "over-limit" if cut else None)
