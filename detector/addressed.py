"""Is what was given as a page's address one? What is none (`notaurl`, `javascript:…`) says nothing of a host, and is not judged as if it did."""

from __future__ import annotations

import re
from dataclasses import replace
from ipaddress import ip_address

from detector.page.address import read_address
from detector.page.document import Document
from detector.page.limits import Limits
from detector.page.page import Page
from detector.page.read import read
from detector.partial import PartOfPage

# "example.org:8080" names a port, "mailto:a@example.org" a scheme.
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,40}):(?!\d)", re.IGNORECASE)
_SPACE = re.compile(r"\s")


def is_address(url: str) -> bool:
    """Whether `url` is an http(s) URL, or one without its scheme: then the host has a public suffix or is an IP address (`example.org/a`)."""
    scheme = _SCHEME.match(url.lstrip())
    if scheme is not None and scheme[1].lower() not in ("http", "https"):
        return False
    address = read_address(url)
    if not address.host or _SPACE.search(address.host):
        return False
    return "//" in url.strip()[:12] or bool(address.suffix) or _is_number(address.host)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def as_judged(page: Page) -> Page:
    """The page with its address unknown where what was given is none."""
    return page if page.url is None or is_address(page.url) else replace(page, url=None)


def document_of(page: Page, limits: Limits) -> Document:
    """The page as it is judged.

    Raises:
        Unreadable: as `read`.
    """
    document = read(as_judged(page), limits)
    return replace(document, partial="over-limit") if isinstance(page, PartOfPage) else document
