"""Options that several commands share, and how their values are read."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.errors import UsageError
from detector.sources.item import COLUMNS, Options
from detector.sources.registry import holds_one_page, is_url

if TYPE_CHECKING:
    from detector.detector import Detector


# Of the shipped artefact; another may have more, and those are taken too.
POINTS = ("high-precision", "default", "high-recall")


def completing(values: Sequence[str]) -> Callable[[str], list[str]]:
    """What a shell completes an option with. Unlike an enumeration it refuses nothing: what a wrong value is told stays the command's."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


# What commands answer that have one thing to tell.
FORMATS = ("table", "json")
Format = Annotated[
    str, typer.Option(metavar="|".join(FORMATS), autocompletion=completing(FORMATS), help="A table for people, JSON for programs.")
]


class Semantic(StrEnum):
    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Model = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="An artefact made by `detector train`; the shipped model if left out.", show_default=False),
]
OperatingPoint = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="high-precision, default or high-recall: 0.1 %, 0.5 %, 5 % false positives.",
        autocompletion=completing(POINTS),
        show_default=False,
    ),
]
Threshold = Annotated[float | None, typer.Option(metavar="P", help="Flag at this flag probability, 0 to 1, instead.", show_default=False)]
Url = Annotated[
    str | None, typer.Option(metavar="URL", help="The address of a single page from a file or standard input.", show_default=False)
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=COLUMN", help="id, url, html or text stands in another column of a row file. May be repeated.", show_default=False
    ),
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Fetch addresses inside your own network too.")]
Workers = Annotated[
    int,
    typer.Option(
        min=1,
        metavar="N",
        help="Processes that share the work. One alone has no watchdog: where pages are judged, two or more give up a page that hangs.",
    ),
]


def reading(sources: list[str], url: str | None, column: list[str] | None, allow_private: bool) -> Options:
    """How to read the sources.

    Raises:
        UsageError: a source that no file can have as its name, a column that no page has, or `--url` for something that is not one page, or that is no address.
    """
    for source in sources:
        try:
            Path(source).stat()
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG and not is_url(source):
                raise UsageError(f"{source[:40]}…: is no file, address or directory; pipe a page itself in: -") from error
    if url is not None and (len(sources) != 1 or not holds_one_page(sources[0])):
        raise UsageError("--url is the address of one page: give one .html, .txt, .mhtml or .mht file, or - for standard input")
    # Addresses need the term tables, which need numpy; most commands ask for none.
    from detector.addressed import is_address

    if url is not None and not is_address(url):
        raise UsageError(
            f"--url {url!r} is no http(s) address; give one such as https://example.org/a, or leave it out where it is unknown"
        )
    columns = {}
    for pair in column or []:
        name, equals, theirs = pair.partition("=")
        if name not in COLUMNS or not equals or not theirs:
            raise UsageError(f"--column {pair!r} is not NAME=COLUMN with one of {', '.join(COLUMNS)} for NAME")
        columns[name] = theirs
    return Options(url, columns, allow_private)


def check_format(format: str, known: Sequence[str] = FORMATS) -> None:
    """Raises:
    UsageError: it is none of `known`.
    """
    if format not in known:
        raise UsageError(f"--format {format!r} is none of {', '.join(known)}")


def check_point(operating_point: str | None, threshold: float | None) -> None:
    """Raises:
    UsageError: both are given.
    """
    if operating_point is not None and threshold is not None:
        raise UsageError("--operating-point and --threshold exclude each other; give one")


def load(model: Path | None, operating_point: str | None, threshold: float | None, semantic: str = "auto") -> Detector:
    """The detector that the options ask for.

    Raises:
        ModelError, UsageError: as `Detector.load`.
    """
    # numpy and the parsers take a while to import; --help and misuse do without.
    from detector.detector import Detector

    check_point(operating_point, threshold)
    detector = Detector.load(model, operating_point=operating_point or "default", semantic=semantic)
    return detector if threshold is None else detector.at_threshold(threshold)
