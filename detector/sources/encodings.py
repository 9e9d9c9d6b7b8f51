"""Content encodings of HTTP (RFC 9110, 8.4.1), undone within the size of a page.

Brotli has no reader in the standard library and is the extra `warc`: the reference implementation, which alone bounds its output.
"""

from __future__ import annotations

import zlib

from detector.errors import InputError
from detector.page.page import MAX_UNPACKED

_ZSTD = b"\x28\xb5\x2f\xfd"


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body as it was before it was packed. Archives that have unpacked a body often kept the header: it is then left as it is.

    Raises:
        InputError: it is broken, unpacks to more than any page has, or its encoding is not read.
    """
    for name in reversed([name.strip().lower() for name in encoding.split(",")]):
        body = _undone(body, name)
    return body


def _undone(body: bytes, name: str) -> bytes:
    if name in ("gzip", "x-gzip"):
        return _inflated(body, zlib.MAX_WBITS | 16) if body.startswith(b"\x1f\x8b") else body
    if name == "deflate":
        # RFC 9110 says zlib; some servers send the bare stream, whose first byte is never 0x78.
        return _inflated(body, zlib.MAX_WBITS if body.startswith(b"\x78") else -zlib.MAX_WBITS)
    if name == "zstd":
        return _from_zstd(body) if body.startswith(_ZSTD) else body
    if name == "br":
        return _from_brotli(body)
    if name in ("", "identity"):
        return body
    raise InputError(f"its encoding {name!r} is not read; use an archiver that stores pages unpacked")


def _inflated(body: bytes, window: int) -> bytes:
    try:
        return _within(zlib.decompressobj(window).decompress(body, MAX_UNPACKED + 1))
    except zlib.error as error:
        raise InputError(str(error)) from error


def _from_zstd(body: bytes) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as stream:
            return _within(stream.read(MAX_UNPACKED + 1))
    except zstandard.ZstdError as error:
        raise InputError(str(error)) from error


def _from_brotli(body: bytes) -> bytes:
    try:
        import brotli
    except ImportError as error:
        raise InputError("its encoding br needs brotli; pip install 'contentfarm-detector[warc]'") from error
    stream = brotli.Decompressor()
    try:
        plain = stream.process(body, output_buffer_limit=MAX_UNPACKED + 1)
        while not stream.is_finished() and len(plain) <= MAX_UNPACKED and (more := stream.process(b"", output_buffer_limit=MAX_UNPACKED)):
            plain += more
        _within(bytes(plain))
        whole = stream.is_finished()
    except brotli.error:
        whole = False
    # Brotli has no magic number: markup that is no brotli was unpacked by the archiver.
    if not whole and not body.lstrip().startswith(b"<"):
        raise InputError("it is no brotli, or cut off")
    return plain if whole else body


def _within(plain: bytes) -> bytes:
    if len(plain) > MAX_UNPACKED:
        raise InputError(f"it has more than {MAX_UNPACKED:,} bytes")
    return plain
