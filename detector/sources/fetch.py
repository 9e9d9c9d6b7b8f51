"""An http(s) page, fetched on guard: what a stranger's address leads to is checked before anything is sent there.

The name is resolved once, every address it has is checked, and the connection goes to that very address, so a name that answers
differently the second time (DNS rebinding) gains nothing; the same for every redirect. Proxies from the environment are not used, because
behind one the address cannot be checked. Addresses that are refused: whatever the IANA special-purpose registries do not call global
(`ipaddress.is_global`), multicast, and IPv6 forms that carry an IPv4 address.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import detector
from detector.errors import InputError
from detector.page.page import HTML, TEXT, Page
from detector.sources.item import reason

# Seconds for one wait, and for the page as a whole: a server that sends a byte now and then is not waited for.
TIMEOUT = 10.0
TOTAL = 30.0
# Bytes, packed or not: the largest honest page of the corpus has 3.3 MB.
MAX_BYTES = 10_000_000
MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_KINDS = {HTML: HTML, "application/xhtml+xml": HTML, TEXT: TEXT}
_HEADERS = {"Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1", "Accept-Encoding": "identity"}
# Characters that an address may hold as they are; others, such as letters of other scripts, are percent-encoded as UTF-8.
_SAFE = "%/:=&?~#+!$,;'@()*[]"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Not global by RFC 8215 and RFC 4291, but unknown as such to the standard library of 3.11.
_LOCAL = (ipaddress.ip_network("64:ff9b:1::/48"), ipaddress.ip_network("::/96"))
_TOO_SLOW = f"takes longer than {TOTAL:.0f} seconds"


@dataclass(frozen=True, slots=True)
class _Answer:
    location: str | None
    body: bytes
    content_type: str
    charset: str | None


def fetch(url: str, *, allow_private: bool = False) -> Page:
    """The page at an address; its `url` is where the redirects ended, its id the address that was asked for.

    Raises:
        InputError: not http(s), refused, unreachable, too slow, too large, more than five redirects, or an answer other than 200.
    """
    deadline = time.monotonic() + TOTAL
    here = url
    try:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _ask(here, allow_private, deadline)
            if answer.location is None:
                return Page(answer.body, here, url, _KINDS.get(answer.content_type), answer.charset)
            here = urljoin(here, answer.location)
    except InputError as error:
        raise InputError(f"{url}: {'' if here == url else f'leads to {here}, which '}{error}") from error
    except (OSError, http.client.HTTPException, UnicodeError, ValueError, zlib.error) as error:
        raise InputError(f"{url}: cannot be fetched ({reason(error)})") from error
    raise InputError(f"{url}: redirects more than {MAX_REDIRECTS} times")


def _ask(url: str, allow_private: bool, deadline: float) -> _Answer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("is no http or https address")
    if parts.username is not None:
        raise InputError("carries a user name, which is never sent")
    host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode("ascii")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = _Connection(_address(host, port, allow_private), host, port, parts.scheme == "https")
    # A socket's timeout is for one wait only; the timer ends an answer, headers too, that comes a byte at a time.
    timer = threading.Timer(max(0.0, deadline - time.monotonic()), connection.abort)
    timer.daemon = True
    timer.start()
    try:
        connection.request("GET", _target(parts), headers={**_HEADERS, "User-Agent": f"contentfarm-detector/{detector.__version__}"})
        response = connection.getresponse()
        if response.status in _REDIRECTS and (location := response.getheader("Location")):
            # Headers arrive as latin-1; addresses in them are UTF-8 where they are not ASCII.
            return _Answer(quote(location.encode("latin-1", "replace"), safe=_SAFE), b"", "", None)
        if response.status != 200:
            raise InputError(f"answers {response.status} {response.reason}; only a page that is there can be judged")
        body = _unpacked(_body(response, deadline), response.getheader("Content-Encoding", ""))
        return _Answer(None, body, response.headers.get_content_type(), response.headers.get_content_charset())
    except (OSError, http.client.HTTPException) as error:
        if time.monotonic() > deadline:
            raise InputError(_TOO_SLOW) from error
        raise
    finally:
        timer.cancel()
        connection.close()


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_SAFE)
    return f"{path}?{quote(parts.query, safe=_SAFE)}" if parts.query else path


def _address(host: str, port: int, allow_private: bool) -> str:
    """The first address of a host, once all of them have passed."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if not allow_private and not is_public(address):
            raise InputError(f"is at the private address {address}; give --allow-private if it may be fetched")
    return found[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, seen through the IPv6 forms that wrap an IPv4 address."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None or ip.is_site_local or any(ip in network for network in _LOCAL):
            return False
    return ip.is_global and not ip.is_multicast


def _body(response: http.client.HTTPResponse, deadline: float) -> bytes:
    parts, size = [], 0
    announced = response.length
    # Never ask for more than was announced: before 3.13 `read1` does not keep count, and would wait for bytes that do not come.
    while part := response.read1(65_536 if announced is None else min(65_536, announced - size)):
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES:
            raise InputError(f"is larger than {MAX_BYTES:,} bytes")
    if time.monotonic() > deadline:
        raise InputError(_TOO_SLOW)
    if announced is not None and size < announced:
        raise InputError(f"ends {announced - size:,} bytes early")
    return b"".join(parts)


def _unpacked(body: bytes, encoding: str) -> bytes:
    """Servers that pack although asked not to send gzip."""
    if encoding.strip().lower() not in ("gzip", "x-gzip"):
        return body
    packed = zlib.decompressobj(zlib.MAX_WBITS | 16)
    plain = packed.decompress(body, MAX_BYTES + 1)
    if len(plain) > MAX_BYTES:
        raise InputError(f"unpacks to more than {MAX_BYTES:,} bytes")
    if not packed.eof:
        raise InputError("ends early: its gzip stream is cut off")
    return plain


class _Connection(http.client.HTTPConnection):
    """Connects to the address that was checked; the name serves the Host header and the certificate."""

    def __init__(self, address: str, host: str, port: int, secure: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT)
        self._checked = address
        self._secure = secure
        # http.client leaves the port out of the Host header where it is the scheme's own.
        self.default_port = 443 if secure else 80

    def connect(self) -> None:
        self.sock = socket.create_connection((self._checked, self.port), TIMEOUT)
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def abort(self) -> None:
        """Ends whatever wait is going on, from another thread."""
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
