"""How far a run has come, in bytes of its sources, so that progress can tell the time left."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path


class Meter:
    """Counts bytes of files as they lie on the disk, packed or not; what has no size (standard input, addresses) counts nothing."""

    def __init__(self) -> None:
        self._finished = 0
        self._size = 0
        self._position: Callable[[], int] | None = None

    def begin(self, path: Path) -> None:
        """A file is opened."""
        try:
            self._size = path.stat().st_size
        except OSError:
            self._size = 0

    def watch(self, position: Callable[[], int]) -> None:
        """Where the reader of that file stands, in bytes; asked while the file is open."""
        self._position = position

    def end(self) -> None:
        """The file is done with, whole or not."""
        self._finished += self._size
        self._size, self._position = 0, None

    @property
    def done(self) -> int:
        """Bytes behind the reader."""
        # Taken once: a reader in another thread may be done with the file at any time.
        position = self._position
        if position is None:
            return self._finished
        try:
            return self._finished + min(position(), self._size)
        except ValueError:  # the file is closed already, its end not yet told
            return self._finished + self._size


def size_of(sources: Iterable[str]) -> int | None:
    """Bytes of all files that the sources name, directories walked; None where one of them has no size."""
    total = 0
    for source in sources:
        path = Path(source)
        if path.is_dir():
            total += sum(_size(Path(folder) / name) for folder, _, names in os.walk(path) for name in names)
        elif path.is_file():
            total += _size(path)
        else:
            return None
    return total


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
