"""The file behind `-o`: written as OUT.part beside it and renamed when whole, so that OUT is never half a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from detector.errors import OutputError

STDOUT = "-"


def part_of(path: Path) -> Path:
    """Where rows stand until OUT is whole."""
    return path.with_name(f"{path.name}.part")


def _check_writable(path: Path, option: str) -> None:
    """What can be known before anything is opened; `option` is what the path was given by.

    Raises:
        OutputError: it is a directory, write-protected, or in a folder that is not there or is write-protected.
    """
    target = path.resolve()
    if target.is_dir():
        raise OutputError(f"{path}: is a directory; give {option} the name of a file")
    if not target.parent.is_dir():
        raise OutputError(f"{path}: cannot be written (there is no folder {target.parent}); give another {option}")
    # A device is written to itself; beside a file its part is made.
    needed = (target,) if _is_device(target) else (target, target.parent)
    if any(one.exists() and not os.access(one, os.W_OK) for one in needed):
        raise OutputError(f"{path}: cannot be written (write-protected); give another {option}")


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file()


class Output:
    """Standard output (`path` None), a device, or a file with its part.

    Args:
        option: what the path was given by, for messages.

    Raises:
        OutputError: on creation, before any page is judged, where it cannot be written.
    """

    def __init__(self, path: Path | None, append: bool = False, option: str = "-o") -> None:
        # A link is followed first, or the rename would replace the link; a device is written to, for a rename would replace it.
        self._path = None if path is None else path.resolve()
        self.is_direct = self._path is None or _is_device(self._path)
        self._name = path
        self.is_stdout = path is None
        if path is None or self._path is None:
            self.stream: BinaryIO = sys.stdout.buffer
            return
        _check_writable(path, option)
        try:
            self.stream = (self._path if self.is_direct else part_of(self._path)).open("ab" if append else "wb")
        except OSError as error:
            raise OutputError(f"{path}: cannot be written ({error.strerror}); give another {option}") from error

    def write(self, row: bytes) -> None:
        """Write and hand on to the system: a killed run leaves every finished row.

        Raises:
            OutputError: the disk is full, or the like.
        """
        try:
            self.stream.write(row)
            self.stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"{self._name or 'standard output'}: cannot be written any more ({error.strerror})") from error

    def finish(self) -> None:
        if self._path is None:
            return
        try:
            self.stream.close()
            if not self.is_direct:
                part_of(self._path).replace(self._path)
        except OSError as error:
            raise OutputError(f"{self._name}: cannot be written ({error.strerror}); the rows are in {part_of(self._path)}") from error

    def finish_as(self, convert: Callable[[BinaryIO, BinaryIO], None]) -> None:
        """As `finish`, but OUT is what `convert(part, out)` makes of the rows in the part, which stay until it is whole.

        Raises:
            OutputError: the disk is full, or the like.
        """
        assert self._path is not None
        part, new = part_of(self._path), self._path.with_name(f"{self._path.name}.new")
        try:
            self.stream.close()
            with part.open("rb") as rows, new.open("wb") as out:
                convert(rows, out)
            new.replace(self._path)
            part.unlink()
        except (OSError, OutputError) as error:
            new.unlink(missing_ok=True)
            raise OutputError(f"{self._name}: cannot be written ({error}); the rows are in {part} as JSON lines") from error

    def stop(self, keep: bool) -> str | None:
        """Close early; the part stays if there is anything in it worth keeping. Returns its name."""
        if self._path is None:
            return None
        try:
            self.stream.close()
        except OSError:
            # The disk is full still; the rows that fitted are there.
            pass
        if self.is_direct:
            return None
        if not keep:
            part_of(self._path).unlink(missing_ok=True)
            return None
        # Not there any more once OUT is whole.
        return str(part_of(self._path)) if part_of(self._path).exists() else None
