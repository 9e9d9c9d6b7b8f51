"""`detector hosts`: one row a host, out of the verdicts on its pages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from detector.cli import options
from detector.cli.extras import needs
from detector.cli.report import Report
from detector.cli.targets import check_targets, replaced_part
from detector.errors import UNREADABLE, UsageError
from detector.sinks import FORMATS, format_of
from detector.sinks.output import Output
from detector.sinks.printable import printable
from detector.sinks.registry import check_terminal, path_of
from detector.sources.item import Failure

if TYPE_CHECKING:
    from detector.provenance.rows import Found

# What a table's line tells of each kind: the column, its words, how many values.
_TOLD = (("owners", "owner", 1), ("licences", "licence", 1), ("templates", "template", 1), ("outbound", "links to", 3))


def hosts(
    verdicts: Annotated[Path, typer.Argument(metavar="VERDICTS", help="What `detector classify` wrote: .jsonl, .csv or .parquet.")],
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="What `classify --facts` wrote beside it.", show_default=False)
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
    graph: Annotated[
        Path | None,
        typer.Option("--graph", metavar="OUT.graphml", help="Hosts and what ties them, as GraphML; needs --facts.", show_default=False),
    ] = None,
) -> None:
    """Sum verdicts up by host: pages, the share flagged with its 95 % interval, and with --facts which hosts belong together.

    Hosts are tied by an owner, a registration number or an analytics account that two to fifty of them share. A table tells the first of
    each host's owners, licences, templates and outbound links, and what ties it to its neighbours; rows tell more.

    \b
    Examples:
      detector hosts verdicts.jsonl
      detector hosts verdicts.parquet --facts facts.jsonl --graph hosts.graphml --format jsonl

    \b
    Exit: 0 done; 2 misuse; 3 a file, or a row of one, could not be read; the rest is answered.
    """
    format, out = format_of(format, output), path_of(output)
    if graph is not None and facts is None:
        raise UsageError("--graph needs --facts: without facts nothing ties hosts")
    check_terminal(format, out)
    check_targets((("-o", out), ("--graph", graph)), [("VERDICTS", verdicts), *([] if facts is None else [("--facts", facts)])])
    # The lists of host names take a while to import.
    from detector.provenance.hosts import Hosts
    from detector.provenance.rows import FACTS, json_rows, verdict_rows

    report = Report(progress=False)
    for path in (out, graph):
        if path is not None and (notice := replaced_part(path)) is not None:
            report.say(notice)
    opened: list[Output] = []
    try:
        opened.append(Output(out))
        if graph is not None:
            opened.append(Output(graph, option="--graph"))
        found = Hosts()
        found.add_verdicts(_sound(verdict_rows(verdicts), report))
        tied = None
        if facts is not None:
            with needs("provenance"):
                found.add_facts(_sound(json_rows(facts, FACTS), report))
                tied = found.graph()
        opened[0].write(_content(found.rows(tied), format))
        if graph is not None:
            opened[1].write(_graphml(tied))
    except BaseException:
        for one in opened:
            one.stop(keep=False)
        raise
    for one in opened:
        one.finish()
    if report.unreadable:
        raise typer.Exit(UNREADABLE)


def _sound(rows: Iterator[Found], report: Report) -> Iterator[dict[str, Any]]:
    for row in rows:
        if isinstance(row, Failure):
            report.failure(row)
        else:
            yield row


def _graphml(tied: Any) -> bytes:
    import networkx as nx

    content = io.BytesIO()
    nx.write_graphml(tied, content)
    return content.getvalue()


def _content(rows: list[dict[str, Any]], format: str) -> bytes:
    return _parquet(rows) if format == "parquet" else _text(rows, format).encode("utf-8", "backslashreplace")


def _parquet(rows: list[dict[str, Any]]) -> bytes:
    with needs("parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    text, real, whole = pa.string(), pa.float64(), pa.int64()
    kinds = {
        "host": text,
        **dict.fromkeys(("pages", "flagged", "abstained"), whole),
        **dict.fromkeys(("share", "low", "high"), real),
        "labels": pa.map_(text, whole),
        **dict.fromkeys(("owners", "licences", "templates", "outbound", "analytics"), pa.list_(text)),
        "cluster": whole,
        **dict.fromkeys(("neighbours", "shared"), pa.list_(text)),
    }
    content = io.BytesIO()
    table = pa.Table.from_pylist([{**row, "labels": [*row["labels"].items()]} for row in rows], schema=pa.schema(kinds))
    pq.write_table(table, content, compression="zstd")
    return content.getvalue()


def _text(rows: list[dict[str, Any]], format: str) -> str:
    if format == "jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if format == "csv":
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(rows[0] if rows else ("host",))
        for row in rows:
            writer.writerow([json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value for value in row.values()])
        return lines.getvalue()
    head = f"{'pages':>7} {'flagged':>7} {'share':>6}  {'95 %':<13} {'cluster':>7}  host\n"
    return head + "".join(map(_line, rows))


def _line(row: dict[str, Any]) -> str:
    share = "" if row["share"] is None else f"{row['share']:.1%}"
    sure = f"{row['low']:.0%}–{row['high']:.0%}"
    told = [f"{words} {_first(row[name], most)}" for name, words, most in _TOLD if row[name]]
    if row["neighbours"]:
        told.insert(0, f"with {_first(row['neighbours'], 3)} by {_first(row['shared'], 2)}")
    host = printable((row["host"] or "(no address)") + (f"  ({'; '.join(told)})" if told else ""))
    return f"{row['pages']:>7,} {row['flagged']:>7,} {share:>6}  {sure:<13} {row['cluster'] or '':>7}  {host}\n"


def _first(values: list[str], most: int) -> str:
    """The first values, and how many more the row has."""
    return ", ".join(values[:most]) + (f" +{len(values) - most}" if len(values) > most else "")
