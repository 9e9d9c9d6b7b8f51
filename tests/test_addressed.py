"""What counts as a page's address."""

from __future__ import annotations

import pytest

from detector import Page
from detector.addressed import as_judged, is_address

ADDRESSES = (
    "https://example.org/a",
    "HTTP://Example.org:8080/?q=a b",
    " http://example.org ",
    "//example.org/a",
    "http://intranet/a",
    "http://192.0.2.7/a",
    "https://[2001:db8::1]/a",
    "https://пример.рф/а",
    "http://xn--fiqs8s.cn/?p=12",
    "https://user:secret@example.org/a",
    "example.org/a",
    "example.org:8080/a",
    "192.0.2.7/a",
)
NONE = (
    "",
    "notaurl",
    "not a url",
    "javascript:alert(1)",
    "javascript://example.org",
    "mailto:a@example.org",
    "data:text/html,a",
    "about:blank",
    "file:///tmp/a.html",
    "ftp://example.org/a",
    "http://",
    "http:///a",
    "https://[::1",
    "http://not a url/",
)


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_http_address_is_one(url: str) -> None:
    """With its scheme any host will do; without it, one that nobody takes for anything else."""
    assert is_address(url)
    page = Page("a", url)
    assert as_judged(page) is page


@pytest.mark.parametrize("url", NONE)
def test_anything_else_is_none(url: str) -> None:
    """The page is judged as one whose address is unknown."""
    assert not is_address(url)
    assert as_judged(Page("a", url, "id")) == Page("a", None, "id")
