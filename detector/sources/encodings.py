"""Content encodings of HTTP (RFC 9110, 8.4.1), undone within the size of a page.

Brotli has no reader in the standard library and is the extra `warc`: the reference implementation, which alone bounds its output.
"""

from __future__ import annotations

import re
import zlib

from detector.errors import InputError
from detector.page.page import MAX_UNPACKED
from detector.sources.kinds import GZIP, ZSTD

# 2 KB of zstd unpack to at most 64 MB (`streams`).
_STEP = 2048
_MEMBERS = 1_000
# Content codings that IANA registers and nothing here undoes; any other name says nothing (servers send `UTF-8` or `none`).
_UNREAD = ("aes128gcm", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress")
_MARKUP = re.compile(rb"\s{0,64}<[!?a-zA-Z]")


def unpacked(body: bytes, encoding: str) -> tuple[bytes, bool]:
    """(the body as it was before it was packed, whether it is all there). Of a packed body that ends early, what its beginning holds.
    Archives that have unpacked a body often kept the header: it is then left as it is.

    Raises:
        InputError: it is broken, unpacks to more than any page has, or its encoding is not read.
    """
    whole = True
    for name in reversed([name.strip().lower() for name in encoding.split(",")]):
        body, ended = _undone(body, name)
        whole &= ended
    return body, whole


def _undone(body: bytes, name: str) -> tuple[bytes, bool]:
    if name in ("gzip", "x-gzip") and body.startswith(GZIP):
        return _inflated(body, zlib.MAX_WBITS | 16)
    if name == "deflate":
        return _deflated(body)
    if name == "zstd" and body.startswith(ZSTD):
        return _from_zstd(body)
    if name == "br":
        return _from_brotli(body)
    if name in _UNREAD:
        raise InputError(f"its encoding {name!r} is not read; use an archiver that stores pages unpacked")
    return body, True


def _deflated(body: bytes) -> tuple[bytes, bool]:
    try:
        # RFC 9110 says zlib; some servers send the bare stream, whose first byte is never 0x78.
        return _inflated(body, zlib.MAX_WBITS if body.startswith(b"\x78") else -zlib.MAX_WBITS)
    except InputError:
        # The bare stream has no magic number either: markup that is none was unpacked by the archiver.
        if _MARKUP.match(body):
            return body, True
        raise


def _inflated(body: bytes, window: int) -> tuple[bytes, bool]:
    parts: list[bytes] = []
    size = place = 0
    try:
        # A gzip body may have several members (RFC 1952, 2.2); very many tiny ones are read as far as that.
        for _ in range(_MEMBERS):
            member = zlib.decompressobj(window)
            while place < len(body) and not member.eof:
                fed = body[place : place + _STEP]
                parts.append(member.decompress(fed, MAX_UNPACKED + 1 - size))
                size += len(parts[-1])
                _check(size)
                place += len(fed) - len(member.unused_data)
            if not member.eof:
                return b"".join(parts), False
            if not body.startswith(GZIP, place):
                return b"".join(parts), True
    except zlib.error as error:
        raise InputError(str(error)) from error
    return b"".join(parts), False


def _from_zstd(body: bytes) -> tuple[bytes, bool]:
    import zstandard

    parts: list[bytes] = []
    size, ended = 0, True
    frame = zstandard.ZstdDecompressor().decompressobj()
    try:
        for start in range(0, len(body), _STEP):
            fed = body[start : start + _STEP]
            while fed:
                parts.append(frame.decompress(fed))
                size += len(parts[-1])
                _check(size)
                fed, ended = frame.unused_data, frame.eof
                if ended:
                    frame = zstandard.ZstdDecompressor().decompressobj()
    except zstandard.ZstdError as error:
        raise InputError(str(error)) from error
    return b"".join(parts), ended


def _from_brotli(body: bytes) -> tuple[bytes, bool]:
    # Brotli has no magic number: markup that is no brotli was unpacked by the archiver.
    plainly = _MARKUP.match(body) is not None
    try:
        import brotli
    except ImportError as error:
        if plainly:
            return body, True
        raise InputError("its encoding br needs brotli; pip install 'contentfarm-detector[warc]'") from error
    stream = brotli.Decompressor()
    try:
        plain = stream.process(body, output_buffer_limit=MAX_UNPACKED + 1)
        while not stream.is_finished() and len(plain) <= MAX_UNPACKED and (more := stream.process(b"", output_buffer_limit=MAX_UNPACKED)):
            plain += more
        _check(len(plain))
    except brotli.error as error:
        if plainly:
            return body, True
        raise InputError("it is no brotli") from error
    if plain or stream.is_finished():
        return plain, stream.is_finished()
    if plainly:
        return body, True
    raise InputError("it is no brotli, or cut off before any of it could be read")


def _check(size: int) -> None:
    if size > MAX_UNPACKED:
        raise InputError(f"it has more than {MAX_UNPACKED:,} bytes")
