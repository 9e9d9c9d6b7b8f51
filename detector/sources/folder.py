"""A directory, walked in the order of its names."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from detector.sources.item import Failure, reason


def walk(folder: Path, known: Callable[[str], bool]) -> Iterator[Path | Failure]:
    """The files whose suffix is `known`, depth first, sorted; links to directories are not followed, for they can run in circles."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        yield Failure(str(folder), None, f"cannot be read ({reason(error)})")
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from walk(path, known)
        elif known(entry.name):
            try:
                if path.stat() and entry.is_file():
                    yield path
            except OSError as error:
                # A link to nothing, or to itself.
                yield Failure(str(path), None, f"cannot be read ({reason(error)})")
