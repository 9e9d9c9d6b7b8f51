"""`detector classify`: a verdict for every page of every source."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from detector.bulk import Ahead
from detector.cli import options
from detector.cli.extras import needs
from detector.cli.report import Report
from detector.cli.resuming import begun_again, skip
from detector.cli.targets import check_targets
from detector.errors import FLAGGED, UNREADABLE, UsageError
from detector.page.page import Page
from detector.sinks import FORMATS, format_of, open_sink
from detector.sinks.output import Output
from detector.sinks.registry import open_facts, path_of
from detector.sinks.written import RESUMABLE, find_written
from detector.sources import Failure, Item, open_pages
from detector.sources.meter import Meter, size_of
from detector.sources.registry import is_url, may_pause

if TYPE_CHECKING:
    from detector.detector import Detector
    from detector.provenance.index import OriginalsIndex
    from detector.verdict import Verdict


def classify(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Files, directories, row files, addresses, or - (the default).", show_default=False),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(FORMATS),
            autocompletion=options.completing(FORMATS),
            help="Follows OUT's suffix; else table.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", metavar="OUT", help="Write to a file, renamed when whole.", show_default=False)
    ] = None,
    operating_point: options.OperatingPoint = None,
    threshold: options.Threshold = None,
    semantic: Annotated[
        options.Semantic, typer.Option(help="Read meaning (slower) where the rest leaves it open, always, or never.")
    ] = options.Semantic.AUTO,
    workers: options.Workers = 1,
    model: options.Model = None,
    evidence: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="At most N pieces of evidence a page.", show_default=False)
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if anything was flagged or abstained on.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on behind the rows that a cut-off run left in OUT.part.")] = False,
    facts: Annotated[
        Path | None,
        typer.Option("--facts", metavar="FILE", help="Write what `detector hosts` needs, JSON lines.", show_default=False),
    ] = None,
    index: Annotated[
        Path | None,
        typer.Option(
            "--index", metavar="DIR", help="Name the original of a copied text, out of `detector index build`.", show_default=False
        ),
    ] = None,
    url: options.Url = None,
    column: options.Column = None,
    allow_private: options.AllowPrivate = False,
) -> None:
    """Judge pages: label, flag probability and evidence for each.

    A SOURCE is a page (.html .htm .txt .mhtml .mht, also .gz), a directory, rows (.jsonl, also .gz and .zst; .csv .parquet), an archive (.warc
    .wet, also .gz and .zst), an http(s) address, or - for standard input. What cannot be read is named on standard error; the rest is answered.
    Of an archive, HTML and text with status 200 are pages; redirects, errors, revisits and other types are counted and passed over.

    \b
    Examples:
      detector classify page.html --url https://example.org/a
      curl -s https://example.org/a | detector classify --url https://example.org/a --format jsonl
      detector classify crawl.warc.gz -o verdicts.jsonl --facts facts.jsonl --workers 4 --resume
      detector classify export.csv --column html=body -o verdicts.parquet --operating-point high-precision --index originals

    With --index, main text that stands at another site is the first evidence (provenance.copied), with the original's address, date and
    overlap, on clean pages too. It moves no probability: licensed reprints are clean. Pages without an address are not compared.

    \b
    Exit: 0 done; 1 flagged or abstained, with --exit-code; 2 misuse; 3 some input could not be read.
    """
    names = _sources(sources)
    how = options.reading(names, url, column, allow_private)
    options.check_point(operating_point, threshold)
    format, out = format_of(format, output), path_of(output)
    if resume and out is None:
        raise UsageError("--resume needs -o OUT: it goes on behind the rows in OUT.part")
    targets = check_targets((("-o", out), ("--facts", facts)), [("a SOURCE", Path(name)) for name in names if not is_url(name)], index)
    how = replace(how, no_pages=Counter(), passed_over=targets)
    detector = options.load(model, operating_point, threshold, semantic)
    before = detector.cache_hits
    originals = None if index is None else _opened(index)
    written = find_written(out, format) if resume and out is not None else None
    notice = None if out is None or written is not None else begun_again(out, format, resume)
    sink = open_sink(format, out, written)
    try:
        beside = None if facts is None else open_facts(facts, 0 if written is None else written.rows)
    except BaseException:
        sink.stop()
        raise
    # Rows that scroll by on the same terminal are progress enough.
    progress = sys.stderr.isatty() and (out is not None or not sys.stdout.isatty())
    if progress:
        how = replace(how, meter=Meter())
    report = Report(progress, how.meter, size_of(names) if progress and not any(map(is_url, names)) else None, how.no_pages)
    if notice is not None:
        report.say(notice)
    begun = False
    try:
        items = open_pages(names, how)
        if written is not None:
            skip(written, _pages(items, report), detector, report)
        begun = True
        report.begin()
        pages = _pages(items, report)
        if any(map(may_pause, names)):
            pages = Ahead(pages)
        for verdict in _verdicts(pages, detector, beside, workers, originals):
            sink.write(verdict if evidence is None else replace(verdict, evidence=verdict.evidence[:evidence]))
            report.count(verdict.label, verdict.abstained)
        # Verdicts first: a run that ends in between is resumed from both parts, and verdicts without a part are judged again.
        sink.finish()
        if beside is not None:
            beside.finish()
    except BaseException as error:
        left = sink.stop()
        if beside is not None:
            beside.stop(keep=written is not None or report.rows > 0)
        report.close()
        # A refused --resume has stopped nothing and has its own message.
        if left is not None and (begun or not isinstance(error, UsageError)):
            rows = report.rows if written is None else max(report.rows, written.rows)
            hint = "; --resume goes on from there" if format in RESUMABLE else ""
            report.say(f"stopped; {rows:,} rows are in {left}{hint}")
        raise
    report.close()
    if out is not None or sys.stderr.isatty():
        report.say(report.summary(detector.cache_hits.since(before)))
    if report.unreadable:
        raise typer.Exit(UNREADABLE)
    if exit_code and report.flagged_or_abstained:
        raise typer.Exit(FLAGGED)


def _opened(folder: Path) -> OriginalsIndex:
    with needs("provenance"):
        import datasketch  # noqa: F401

        from detector.provenance.index import OriginalsIndex
    return OriginalsIndex(folder)


def _verdicts(
    pages: Iterator[Page], detector: Detector, beside: Output | None, workers: int, originals: OriginalsIndex | None
) -> Iterator[Verdict]:
    if beside is None and originals is None:
        yield from detector.classify_many(pages, workers)
        return
    from detector.provenance.observer import observe_many

    with nullcontext() if originals is None else originals:
        for verdict, found in observe_many(detector, pages, workers, facts=beside is not None, originals=originals):
            if beside is not None:
                # Before the verdict: a killed run has facts of every row that it has, and what is too much is cut off.
                beside.write((json.dumps(found.to_dict(), ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace"))
            yield verdict


def _pages(items: Iterator[Item], report: Report) -> Iterator[Page]:
    for item in items:
        if isinstance(item, Failure):
            report.failure(item)
        else:
            yield item


def _sources(sources: list[str] | None) -> list[str]:
    if sources:
        if sources.count("-") > 1:
            raise UsageError("- can be read once; give it once")
        return sources
    if sys.stdin.isatty():
        raise UsageError("nothing to judge; give a SOURCE, or pipe a page, rows or an archive in (--help shows how)")
    return ["-"]
