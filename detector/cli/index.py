"""`detector index`: where was this article first?"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from detector.cli import options
from detector.cli.extras import needs
from detector.cli.report import Report
from detector.errors import UNREADABLE
from detector.page.page import Page
from detector.sinks.printable import printable
from detector.sources import Failure, Options, open_pages

FORMATS = ("table", "jsonl")
index = typer.Typer(no_args_is_help=True, help="Near-duplicate index of originals: where was this article first?")
Sources = Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Files, directories, row files, addresses, or -.")]


@index.command()
def build(
    sources: Sources,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder of the index; one that is there is added to.")],
    url: options.Url = None,
    column: options.Column = None,
    allow_private: options.AllowPrivate = False,
) -> None:
    """Add the articles of pages to an index of originals. Pages that are in it already are passed over.

    \b
    Example:
      detector index build agency-archive.warc.gz -o originals

    \b
    Exit: 0 done; 2 misuse; 3 some input could not be read.
    """
    how = options.reading(sources, url, column, allow_private)
    with needs("provenance"):
        import datasketch  # noqa: F401

        from detector.provenance.index import OriginalsIndex
    report = Report(progress=False)
    with OriginalsIndex(output, create=True) as originals:
        added, passed = originals.add(_pages(sources, how, report))
        held = len(originals)
        report.say(f"{added:,} originals added, {passed:,} pages passed over (known, or no article); the index holds {held:,}")
    if not held:
        report.say(f"no index was left in {output}: nothing is in it; give pages with an article of their own")
    if report.unreadable:
        raise typer.Exit(UNREADABLE)


@index.command()
def query(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the index.")],
    sources: Sources,
    format: Annotated[
        str,
        typer.Option(metavar="|".join(FORMATS), autocompletion=options.completing(FORMATS), help="A table for people, rows for programs."),
    ] = "table",
    least: Annotated[float, typer.Option(min=0.0, max=1.0, metavar="SHARE", help="Share of the page's words that an original has.")] = 0.5,
    url: options.Url = None,
    column: options.Column = None,
    allow_private: options.AllowPrivate = False,
) -> None:
    """Name the nearest original of each page: its date, the overlap, and what was put in or changed.

    \b
    Example:
      detector index query originals suspect.html --url https://example.org/a --format jsonl

    \b
    Exit: 0 done; 2 misuse; 3 some input could not be read.
    """
    options.check_format(format, FORMATS)
    how = options.reading(sources, url, column, allow_private)
    with needs("provenance"):
        import datasketch  # noqa: F401

        from detector.provenance.article import LEAST, article_of
        from detector.provenance.index import OriginalsIndex
    report = Report(progress=False)
    with OriginalsIndex(folder) as originals:
        for page in _pages(sources, how, report):
            article = article_of(page)
            match = None if article is None else originals.nearest_of(article, page, least)
            if format == "jsonl":
                row = {
                    "id": page.id,
                    "url": page.url,
                    "compared": article is not None,
                    "original": None if match is None else match.to_dict(),
                }
                sys.stdout.buffer.write((json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
            elif article is None:
                print(f"{printable(page.id)}  not compared: it cannot be read, or has no article of {LEAST} characters")
            elif match is None:
                print(f"{printable(page.id)}  no original in the index")
            else:
                changed = f"; changed: {' … '.join(match.spans)[:300]}" if match.spans else ""
                date = match.date or "undated"
                print(printable(f"{page.id}  {match.overlap:.0%} of it is in {match.url or match.id} ({date}){changed}"))
    if report.unreadable:
        raise typer.Exit(UNREADABLE)


def _pages(sources: list[str], how: Options, report: Report) -> Iterator[Page]:
    for item in open_pages(sources, how):
        if isinstance(item, Failure):
            report.failure(item)
        else:
            yield item
