"""Row files as streams of bounded lines, packed or not: memory holds one line, never a file."""

from __future__ import annotations

import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from detector.errors import InputError
from detector.page.page import MAX_UNPACKED
from detector.sources.kinds import DICTIONARY, GZIP, ZSTD, unreadable
from detector.sources.meter import Meter

# A row holds one page; a longer line holds none that would be judged.
MAX_LINE = MAX_UNPACKED
# What one step may unpack to is bounded by what it is fed: 2 KB of zstd are at most 512 run-length blocks of 128 KB each, 64 MB;
# deflate grows 1,032 times at most, 32 KB to 34 MB.
_ZSTD_STEP = 2048
_GZIP_STEP = 32_768
# Members whose places are remembered: more than a buffer of 1 MB holds.
_PLACES = 65_536
_BUFFER = 1 << 20
# A packed file of pages grows five to fifty times. One that has grown more than this, and beyond the size where chance plays, is a bomb.
MAX_RATIO = 200
_RATIO_FROM = 128 << 20
_MAGIC = {".gz": (GZIP, "gzip"), ".zst": (ZSTD, "zstd")}
# Bytes by which a file is known.
_HEAD = 512
_MAX_DICTIONARY = 16 << 20
# What zstd says of a window beyond its default limit (RFC 8878 has readers support 8 MB); memory stays bounded by it.
_TOO_WIDE = "requires too much memory"


def open_stream(path: Path, meter: Meter | None = None) -> BinaryIO:
    """The file's bytes, unpacked if its name ends in .gz or .zst; `meter` follows the place in the file.

    Raises:
        OSError: it cannot be opened. Reading may raise OSError, or InputError where the packed stream is broken or cut.
        InputError: it is packed otherwise than its name says.
    """
    file = path.open("rb")
    try:
        # Of a named pipe no more than a byte may have come.
        if file.seekable():
            _check_packing(path, file.peek(_HEAD)[:_HEAD])
    except BaseException:
        file.close()
        raise
    # A named pipe has no place to tell.
    if meter is not None and file.seekable():
        meter.watch(file.tell)
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return _buffered(_Packed(file, "gzip", _GZIP_STEP, lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), zlib.error))
    if suffix == ".zst":
        import zstandard

        frame = zstandard.ZstdDecompressor(_dictionary(file)).decompressobj
        return _buffered(_Packed(file, "zstd", _ZSTD_STEP, frame, zstandard.ZstdError))
    return file


def _check_packing(path: Path, start: bytes) -> None:
    magic, name = _MAGIC.get(path.suffix.lower(), (b"", ""))
    if name:
        # A zstd file may begin with a frame that readers skip.
        if start[: len(magic)] != magic[: len(start)] and not (name == "zstd" and start[1:4] == DICTIONARY[1:]):
            raise InputError(f"{path}: is not packed with {name}, as its name says; name it {path.stem}")
    elif (why := unreadable(start.lstrip().partition(b"\n")[0])) is not None:
        raise InputError(f"{path}: {why}")


def offset_in_file(stream: BinaryIO, offset: int) -> int:
    """Where the byte that a stream of `open_stream` has at `offset` stands in the file: of a packed one, where its gzip member or zstd
    frame begins. To be asked with offsets that grow, of what has been read last."""
    raw = getattr(stream, "raw", None)
    return raw.member_of(offset) if isinstance(raw, _Packed) else offset


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """(number from 1, line) for every line that is not blank; the line is None when it is over `MAX_LINE`."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)
            yield number, None
        elif not line.isspace():
            yield number, line


class _Packed(io.RawIOBase):
    """A file of gzip members or zstd frames. zstandard's own reader takes a cut file for a whole one; this one says so, and knows where
    each member begins."""

    def __init__(self, file: BinaryIO, kind: str, step: int, member: Callable[[], Any], error: type[Exception]) -> None:
        self._file, self._kind, self._step, self._member, self._error = file, kind, step, member, error
        self._object = member()
        self._begun = False
        self._ready = memoryview(b"")
        self._unpacked_bytes = 0
        # (offset in what was unpacked, offset in the file) of each member's beginning.
        self._places: deque[tuple[int, int]] = deque(maxlen=_PLACES)

    def readable(self) -> bool:
        return True

    def member_of(self, offset: int) -> int:
        """The place in the file of the member in which a byte stands; earlier places are forgotten."""
        while len(self._places) > 1 and self._places[1][0] <= offset:
            self._places.popleft()
        return self._places[0][1] if self._places else 0

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            fed = self._file.read(self._step)
            if not fed:
                if self._begun:
                    raise InputError(f"the {self._kind} stream is cut off")
                return 0
            self._ready = memoryview(self._unpacked(fed))
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _unpacked(self, fed: bytes) -> bytes:
        parts: list[bytes] = []
        end = self._file.tell()
        while fed:
            if not self._begun:
                # gzip files may be padded with zeros to a whole block.
                fed = fed.lstrip(b"\0") if self._kind == "gzip" else fed
                if not fed:
                    break
                self._places.append((self._unpacked_bytes, end - len(fed)))
                self._begun = True
            try:
                part = self._object.decompress(fed)
            except self._error as error:
                if parts:
                    # The members before are handed on first; the next read meets the break again.
                    self._file.seek(end - len(fed))
                    self._places.pop()
                    self._object, self._begun = self._member(), False
                    break
                if _TOO_WIDE in str(error):
                    raise InputError("the zstd stream looks back further than 128 MB; unpack it first: zstd -d --long=31") from error
                raise InputError(f"the {self._kind} stream is broken ({error})") from error
            parts.append(part)
            self._unpacked_bytes += len(part)
            if self._unpacked_bytes > max(_RATIO_FROM, MAX_RATIO * end):
                raise InputError(f"the {self._kind} stream unpacks to more than {MAX_RATIO} times its size, which no archive of pages does")
            if not self._object.eof:
                break
            fed = self._object.unused_data
            self._object = self._member()
            self._begun = False
        return b"".join(parts)

    def close(self) -> None:
        self._file.close()
        super().close()


def _buffered(raw: _Packed) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(raw, _BUFFER))


def _dictionary(file: BinaryIO) -> Any:
    """The dictionary that the archive brings, None if it brings none.

    Raises:
        InputError: it is larger than any dictionary, or broken.
    """
    import zstandard

    head = file.read(8)
    size = int.from_bytes(head[4:], "little")
    if head[:4] != DICTIONARY:
        file.seek(0)
        return None
    if size > _MAX_DICTIONARY:
        raise InputError(f"the zstd dictionary of {size:,} bytes is larger than any")
    content = file.read(size)
    try:
        # The dictionary itself may be packed: a zstd frame says so by its magic number.
        packed = content.startswith(ZSTD)
        return zstandard.ZstdCompressionDict(
            zstandard.ZstdDecompressor().decompress(content, max_output_size=_MAX_DICTIONARY) if packed else content
        )
    except zstandard.ZstdError as error:
        raise InputError(f"the zstd dictionary is broken ({error})") from error
