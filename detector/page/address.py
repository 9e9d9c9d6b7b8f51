"""A URL taken apart: host, registrable domain, path.

tldextract (BSD, pure Python, the Public Suffix List inside the package) with fetching switched off.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from detector.page.decode import well_formed
from detector.page.document import Address

if TYPE_CHECKING:
    from tldextract import TLDExtract


@lru_cache(maxsize=1)
def _extractor() -> TLDExtract:
    import tldextract

    # No cache folder, no list address: the snapshot in the package is all that is ever read.
    return tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), fallback_to_snapshot=True, include_psl_private_domains=True)


@lru_cache(maxsize=8_192)
def split_host(host: str) -> tuple[str, str, str]:
    """(subdomain, name, suffix) of a host: ``news.example.co.uk`` is (``news``, ``example``, ``co.uk``)."""
    parts: Any = _extractor()(host)
    return parts.subdomain, parts.domain, parts.suffix


@lru_cache(maxsize=8_192)
def domain_of(host: str) -> str:
    """The registrable domain of a host, or the host itself where there is none (an IP address)."""
    _, name, suffix = split_host(host)
    return f"{name}.{suffix}" if name and suffix else host


# Nearly every link; what does not fit (ports, credentials, other alphabets) goes to urllib.
_PLAIN_ORIGIN = re.compile(r"(?:[a-z][a-z0-9+.-]{0,9}:)?//([A-Za-z0-9.-]{1,253})")


def host_of(url: str) -> str | None:
    """The lower-case host of an absolute or protocol-relative URL, None of any other. Never raises."""
    if "//" not in url[:12]:
        return None
    # The links of a page share a few origins ("https://example.org"), so what an origin says is remembered.
    end = url.find("/", 12)
    host = _host_of_origin(url[:end] if end > 0 else url[:300])
    if host is not None:
        return host
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


@lru_cache(maxsize=4_096)
def _host_of_origin(origin: str) -> str | None:
    """The host of what stands before the path, None when only urllib can tell."""
    plain = _PLAIN_ORIGIN.match(origin)
    if plain is None or (plain.end() < len(origin) and origin[plain.end()] not in "/?#"):
        return None
    return plain[1].lower().removeprefix("www.")


def read_address(url: str | None) -> Address:
    """The parts of `url`; an empty Address when there is none or it is no address."""
    if not url:
        return Address()
    url = well_formed(url.strip())
    if "//" not in url[:12]:
        url = "http://" + url
    host = host_of(url)
    if not host:
        return Address(url=url)
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            pass
    parts = urlsplit(url)
    subdomain, name, suffix = split_host(host)
    path = well_formed(unquote(parts.path + ("?" + parts.query if parts.query else "")))
    return Address(url, host, domain_of(host), name, suffix, subdomain, path[:2000])
