"""What a source yields: pages, and a record for whatever could not be read, so that the rest is still answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

from detector.page.page import Page
from detector.sources.meter import Meter

COLUMNS = ("id", "url", "html", "text")


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read. `place` is where in the source (``line 7``), None for the whole of it."""

    source: str
    place: str | None
    reason: str

    def __str__(self) -> str:
        # Errors from below begin with the path that they were given.
        reason = self.reason.removeprefix(f"{self.source}: ")
        return f"{self.source}: {reason}" if self.place is None else f"{self.source}: {self.place}: {reason}"


Item: TypeAlias = Page | Failure


@dataclass(frozen=True, slots=True)
class Options:
    """How sources are read.

    Attributes:
        url: the address of the one page that the source holds, if the caller knows it.
        columns: the name that a row file gives a column, by ours (`COLUMNS`).
        allow_private: whether addresses inside one's own network may be fetched.
        meter: follows the readers through the files, for whoever shows progress.
        no_pages: counts the records of archives that hold no page, by their WARC-Type, for whoever sums up; requests and the like do not count.
        passed_over: resolved paths that a walk over a directory leaves out: what the run itself writes there.
    """

    url: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    allow_private: bool = False
    meter: Meter | None = None
    no_pages: Counter[str] | None = None
    passed_over: frozenset[Path] = frozenset()

    def column(self, name: str) -> str:
        return self.columns.get(name, name)


class Reader(Protocol):
    """Reads one file lazily. An InputError raised on the way ends that file, not the run."""

    def __call__(self, path: Path, options: Options, /) -> Iterator[Item]: ...


def reason(error: BaseException) -> str:
    """What went wrong, in as few words as the error has."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
