"""What a page looks like once read: text, blocks with roles, links, head and address. Frozen records, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from detector.terms import Hit

ROLES = [
    "title",
    "headline",
    "byline",
    "body",
    "caption",
    "nav",
    "breadcrumb",
    "prevnext",
    "related",
    "products",
    "tags",
    "ads",
    "comments",
    "footer",
    "copyright",
    "form",
    "other",
]


# Blocks and links are made by the hundred on every page: a named tuple costs a fifth of a frozen dataclass.
class Block(NamedTuple):
    """A run of text laid out as one block. `start`, `end` are code points into `Document.text`.

    `hidden` is None or why a reader does not see it: display, visibility, offscreen, size, opacity, colour, attribute.
    `path` is the chain of the three nearest element names, outermost first. Counts are raw; families divide.
    """

    start: int
    end: int
    role: str
    path: str
    hidden: str | None
    links: int
    linked_characters: int
    words: int

    @property
    def characters(self) -> int:
        return self.end - self.start


class Link(NamedTuple):
    """An anchor. `host` is lower case, or None when the address is relative; `block` indexes `Document.blocks`."""

    start: int
    end: int
    href: str
    host: str | None
    rel: str
    block: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the page says of itself outside its text. Empty string: not said."""

    title: str = ""
    description: str = ""
    keywords: str = ""
    site_name: str = ""
    publisher: str = ""
    author: str = ""
    canonical: str = ""
    og_url: str = ""
    og_title: str = ""
    og_image: str = ""
    language: str = ""
    logo: str = ""
    json_headline: str = ""
    feeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """The page's address, taken apart once. `domain` is the registrable domain (`name` + `suffix`)."""

    url: str = ""
    host: str = ""
    domain: str = ""
    name: str = ""
    suffix: str = ""
    subdomain: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """Raw counts of how the page is built; all zero for plain text.

    `pictured_words` are images without a word of their own that stand inside a running sentence.
    """

    elements: int = 0
    empty_elements: int = 0
    scripts: int = 0
    images: int = 0
    paragraphs: int = 0
    noise_names: int = 0
    hidden_links: int = 0
    random_tags: int = 0
    pictured_words: int = 0
    image_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A page read once. `kind` is html or text; `partial` is None or `over-limit`.

    `hits` are the lexicon terms of `text` in order of place; `head_hits` those of the title.
    """

    kind: str
    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    head: Head
    address: Address
    build: Build
    hits: tuple[Hit, ...]
    partial: str | None = None
    by_role: dict[str, tuple[Block, ...]] = field(default_factory=dict)

    def quote(self, block: Block) -> str:
        return self.text[block.start : block.end]

    def role_text(self, *roles: str) -> str:
        """The text of all visible blocks with one of these roles, in order, joined by newlines."""
        return "\n".join(self.text[block.start : block.end] for block in self.blocks if block.role in roles and block.hidden is None)
