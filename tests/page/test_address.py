"""A URL taken apart, whatever it looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.page.address import domain_of, host_of, read_address


@pytest.mark.parametrize(
    ("url", "host", "domain", "subdomain", "path"),
    [
        ("https://www.example.co.uk/a?b=c#d", "example.co.uk", "example.co.uk", "", "/a?b=c"),
        ("http://news.city.example.org:8080/x", "news.city.example.org", "example.org", "news.city", "/x"),
        ("HTTPS://EXAMPLE.COM", "example.com", "example.com", "", ""),
        ("//example.de/seite", "example.de", "example.de", "", "/seite"),
        ("example.fr/page", "example.fr", "example.fr", "", "/page"),
        ("http://user:secret@example.com/x", "example.com", "example.com", "", "/x"),
        ("https://anna.github.io/post", "anna.github.io", "anna.github.io", "", "/post"),
        ("http://192.0.2.7/x", "192.0.2.7", "192.0.2.7", "", "/x"),
        ("https://example.com/%E6%96%B0%E9%97%BB", "example.com", "example.com", "", "/新闻"),
        ("https://xn--bcher-kva.example.com/", "bücher.example.com", "example.com", "bücher", "/"),
    ],
)
def test_an_address_has_host_registrable_domain_and_path(url: str, host: str, domain: str, subdomain: str, path: str) -> None:
    """Hosts are lower case without www., the domain is the registrable one (platforms for users' pages: the account's)."""
    address = read_address(url)
    assert (address.host, address.domain, address.subdomain, address.path) == (host, domain, subdomain, path)


@pytest.mark.parametrize("url", [None, "", "http://", "http://[", "//", "http:///a", "http://a]b/"])
def test_what_is_no_address_has_no_host(url: str | None) -> None:
    """A missing or broken address is an unknown one, not an error."""
    assert read_address(url).host == ""


@pytest.mark.parametrize("href", ["/a", "a.html", "#top", "mailto:a@example.org", "javascript:void(0)", "?p=2", "", "tel:+4912"])
def test_a_relative_link_has_no_host(href: str) -> None:
    """Only absolute and protocol-relative links lead to a host."""
    assert host_of(href) is None


def test_domains_of_public_suffixes_are_never_fetched_or_guessed() -> None:
    """The list inside the package knows endings of two and three parts."""
    assert domain_of("a.b.com.br") == "b.com.br"
    assert domain_of("shop.city.kawasaki.jp") == "city.kawasaki.jp"


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://www.", "//", "http://xn--", "http://[", "http://a.com/"]))
def test_no_address_raises(text: str, start: str) -> None:
    """Any string may stand where an address is expected."""
    address = read_address(start + text)
    assert len(address.path) <= 2000
    host_of(start + text)
