"""Row files as streams of bounded lines, packed or not: memory holds one line, never a file."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from detector.errors import InputError
from detector.page.page import MAX_UNPACKED

# A row holds one page; a longer line holds none that would be judged.
MAX_LINE = MAX_UNPACKED
# 2 KB of zstd are at most 512 run-length blocks of 128 KB each, 64 MB: what one step may unpack to is bounded by what it is fed.
_ZSTD_STEP = 2048


def open_stream(path: Path) -> BinaryIO:
    """The file's bytes, unpacked if its name ends in .gz or .zst.

    Raises:
        OSError: it cannot be opened. Reading may raise OSError, EOFError or InputError where the packed stream is broken or cut.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast(BinaryIO, gzip.open(path))
    if suffix == ".zst":
        return cast(BinaryIO, io.BufferedReader(_Zstd(path), 1 << 20))
    return path.open("rb")


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


class _Zstd(io.RawIOBase):
    """zstandard's own stream reader takes a cut file for a whole one; this one says so."""

    def __init__(self, path: Path) -> None:
        import zstandard

        self._name = str(path)
        self._file = path.open("rb")
        self._frame = zstandard.ZstdDecompressor().decompressobj
        self._object = self._frame()
        self._begun = False
        self._ready = memoryview(b"")
        self._error = zstandard.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            fed = self._file.read(_ZSTD_STEP)
            if not fed:
                if self._begun:
                    raise InputError(f"{self._name}: the zstd stream is cut off")
                return 0
            self._ready = memoryview(self._unpacked(fed))
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _unpacked(self, fed: bytes) -> bytes:
        parts = []
        try:
            while fed:
                self._begun = True
                parts.append(self._object.decompress(fed))
                if not self._object.eof:
                    break
                fed = self._object.unused_data
                self._object = self._frame()
                self._begun = False
        except self._error as error:
            raise InputError(f"{self._name}: is not a zstd stream ({error})") from error
        return b"".join(parts)

    def close(self) -> None:
        self._file.close()
        super().close()
