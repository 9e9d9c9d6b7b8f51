"""The input record: one page as it was received."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from detector.errors import InputError, UsageError

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

HTML = "text/html"
TEXT = "text/plain"

# A str is HTML when it says so, or when three block-level tags stand in it; a stray <strong> in plain text stays text.
_SAYS_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body)[\s>]", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"<(?:address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p"
    r"|pre|section|table|tbody|td|th|tr|ul)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
# How far to look for them: honest pages have their tags early.
_SNIFF = 65_536
# A file may open with front matter: `---`, `key: value` lines, `---`. Its `url` is the page's address, the rest is ignored.
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---\r?\n((?:[A-Za-z_-]{1,30}:[^\r\n]{0,2000}\r?\n){1,30})---\r?\n")
# A gzip file may not grow beyond this; more is refused when it is read, not when memory is gone.
MAX_UNPACKED = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `body` as bytes or text, and what is known of it.

    Attributes:
        body: the page as served. Bytes are decoded by `detector.page.decode`.
        url: its address, or None.
        id: the caller's name for it; may repeat.
        media_type: ``text/html`` or ``text/plain``; None lets the body decide.
        charset: the charset of the HTTP header, or None.

    Raises:
        UsageError: an attribute is of another type.
    """

    body: bytes | str
    url: str | None = None
    id: str = ""
    media_type: str | None = None
    charset: str | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.body, (bytes, str)):
            kind = type(self.body).__name__
            raise UsageError(
                f"a page's body is bytes or str, not {kind}; for a file give Page.from_file(path), for a soup Page.from_soup(soup)"
            )
        if not isinstance(self.id, str):
            raise UsageError(f"a page's id is a str, not {type(self.id).__name__}; give str(id), or leave it out")
        for name, example in (("url", "https://example.org/a"), ("media_type", HTML), ("charset", "utf-8")):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise UsageError(f"a page's {name} is a str such as {example!r}, or None where it is unknown, not {type(value).__name__}")
        for name in ("body", "url", "id", "media_type", "charset"):
            value = getattr(self, name)
            if isinstance(value, str) and type(value) is not str:
                # numpy's and BeautifulSoup's strings: verdicts hold plain data, or workers' answers would be none.
                object.__setattr__(self, name, str.__str__(value))

    @classmethod
    def from_html(cls, html: str | bytes, url: str | None = None, id: str = "", charset: str | None = None) -> Page:
        """A page that is HTML whatever it looks like."""
        return cls(html, url, id, HTML, charset)

    @classmethod
    def from_text(cls, text: str | bytes, url: str | None = None, id: str = "", charset: str | None = None) -> Page:
        """A page that is plain text whatever it looks like."""
        return cls(text, url, id, TEXT, charset)

    @classmethod
    def from_soup(cls, soup: BeautifulSoup, url: str | None = None, id: str = "") -> Page:
        """A page that the caller has parsed already; it is serialised and read again by the fast parser."""
        return cls(str(soup), url, id, HTML)

    @classmethod
    def from_file(cls, path: str | Path, url: str | None = None) -> Page:
        """A .html, .htm or .txt file, each also .gz. Front matter is read for `url` and is no part of the page.

        Raises:
            InputError: the file is missing, unreadable, or its gzip stream is broken or absurdly large.
        """
        path = Path(path)
        try:
            body = _unpacked(path) if path.suffix.lower() == ".gz" else path.read_bytes()
        except (OSError, EOFError, gzip.BadGzipFile) as error:
            raise InputError(f"{path}: cannot be read ({_reason(error)})") from error
        name = path.name.lower().removesuffix(".gz")
        media_type = TEXT if name.endswith(".txt") else HTML if name.endswith((".html", ".htm")) else None
        body, front_url = split_front_matter(body)
        return cls(body, url or front_url, str(path), media_type)

    def with_media_type(self) -> Page:
        """The same page with `media_type` decided; a str is HTML only if it says so or has three block-level tags."""
        if self.media_type is not None:
            return self
        start = self.body[:_SNIFF]
        text = start if isinstance(start, str) else start.decode("latin-1")
        return replace(self, media_type=HTML if looks_like_html(text) else TEXT)


def looks_like_html(text: str) -> bool:
    """Whether `text` has a doctype, an html, head or body tag, or three block-level tags."""
    if _SAYS_HTML.search(text):
        return True
    return sum(1 for _, _ in zip(range(3), _BLOCK_TAG.finditer(text), strict=False)) == 3


def split_front_matter(body: bytes) -> tuple[bytes, str | None]:
    """(body without its front matter, the `url` given there)."""
    match = _FRONT_MATTER.match(body)
    if match is None:
        return body, None
    url = None
    for line in match[1].decode("utf-8", "replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "url" and value.strip() not in ("", "null"):
            url = value.strip()
    return body[match.end() :], url


def _unpacked(path: Path) -> bytes:
    with gzip.open(path) as stream:
        body = stream.read(MAX_UNPACKED + 1)
    if len(body) > MAX_UNPACKED:
        raise InputError(f"{path}: unpacks to more than {MAX_UNPACKED:,} bytes; unpack it yourself if it is what you want judged")
    return body


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
