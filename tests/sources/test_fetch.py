"""The guarded fetch, against a real server on this machine."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from detector.errors import InputError
from detector.sources import Failure, Options, fetch, open_pages
from detector.sources.fetch import is_public

PAGE = "<!doctype html><title>Мост</title>".encode("windows-1251")

FILES = {
    "/a.warc.gz": gzip.compress(b"WARC/1.0"),
    "/a.warc": b"WARC/1.0\r\nWARC-Type: warcinfo\r\n",
    "/a.jsonl": b'{"html": "<p>x"}\n{"html": "<p>y"}\n',
    "/a.csv": b"id,html\na,<p>x\n",
    "/a.parquet": b"PAR1\x15",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/hop"):
            left = int(self.path.removeprefix("/hop"))
            return self.answer(302, b"", Location=f"/hop{left - 1}" if left else "/page")
        if self.path == "/elsewhere":
            return self.answer(301, b"", Location="file:///etc/passwd")
        if self.path == "/large":
            return self.answer(200, b"x" * 5000)
        if self.path == "/bomb":
            return self.answer(200, gzip.compress(bytes(100_000)), **{"Content-Encoding": "gzip"})
        if self.path in FILES:
            return self.answer(200, FILES[self.path])
        if self.path == "/gone":
            return self.answer(404, b"no")
        if self.path == "/drip":
            return self.drip()
        return self.answer(200, PAGE, **{"Content-Type": "text/html; charset=windows-1251"})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"x")
                threading.Event().wait(0.1)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_an_address_in_ones_own_network_is_not_even_asked(server: str) -> None:
    """Without --allow-private no byte is sent to a private address."""
    with pytest.raises(InputError, match="--allow-private"):
        fetch.fetch(f"{server}/page")
    assert Handler.asked == []


def test_an_allowed_page_comes_with_type_charset_and_final_address(server: str) -> None:
    """The verdict's url is where the redirects ended, its id what was asked for."""
    page = fetch.fetch(f"{server}/hop3", allow_private=True)
    assert (page.body, page.charset, page.media_type) == (PAGE, "windows-1251", "text/html")
    assert (page.url, page.id) == (f"{server}/page", f"{server}/hop3")


def test_a_redirect_to_a_private_address_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public page cannot send the fetch into one's own network: every hop is checked."""
    checked = iter([True, False])
    monkeypatch.setattr(fetch, "is_public", lambda _: next(checked))
    with pytest.raises(InputError, match="private address"):
        fetch.fetch(f"{server}/hop1")
    assert Handler.asked == ["/hop1"]


def test_the_connection_goes_to_the_address_that_was_checked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time gains nothing: it is resolved once."""
    port = int(server.rpartition(":")[2])
    asked: list[object] = []

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        assert len(asked) == 1 or host == "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert fetch.fetch(f"http://rebinding.example:{port}/page", allow_private=True).body == PAGE
    assert asked.count("rebinding.example") == 1


@pytest.mark.parametrize(
    ("path", "words"),
    [("/hop6", "redirects more than 5 times"), ("/elsewhere", "is no http or https address"), ("/gone", "404")],
)
def test_what_is_no_page_is_refused_with_the_reason(server: str, path: str, words: str) -> None:
    """Redirect circles, other schemes and missing pages are input that could not be read."""
    with pytest.raises(InputError, match=words):
        fetch.fetch(server + path, allow_private=True)


@pytest.mark.parametrize("path", ["/large", "/bomb"])
def test_a_page_over_the_cap_is_refused_packed_or_not(server: str, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Neither a long answer nor a small one that unpacks to a long one fills memory."""
    monkeypatch.setattr(fetch, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="1,000 bytes"):
        fetch.fetch(server + path, allow_private=True)


@pytest.mark.parametrize("path", FILES)
def test_rows_and_archives_behind_an_address_are_no_page(server: str, path: str) -> None:
    """They are named with what to do, not judged as one."""
    (item,) = open_pages([server + path], Options(allow_private=True))
    assert isinstance(item, Failure) and str(item).startswith(f"{server}{path}: is ")


def test_an_answer_that_comes_a_byte_at_a_time_is_ended(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait is short, but the page as a whole has a deadline."""
    monkeypatch.setattr(fetch, "TOTAL", 0.5)
    with pytest.raises(InputError, match="takes longer"):
        fetch.fetch(f"{server}/drip", allow_private=True)


def test_an_unreachable_address_is_a_failure_among_sources() -> None:
    """A dead link costs one line; the rest is answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        (item,) = open_pages([url], Options(allow_private=True))
    assert isinstance(item, Failure)
    assert str(item).startswith(url)


@pytest.mark.parametrize("url", ["http://", "http://user:pw@example.org/", "http://[::1", "http://exa mple:99999/", "http://a..b/"])
def test_a_malformed_address_is_refused(url: str) -> None:
    """Nothing that is no address gets as far as a connection."""
    with pytest.raises(InputError):
        fetch.fetch(url, allow_private=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "ff02::1",
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, and IPv6 forms that wrap one of them."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    """The guard lets the public Internet through."""
    assert is_public(address)
