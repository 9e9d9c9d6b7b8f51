"""`detector hosts`: one row a host, out of the verdicts on its pages."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from detector.cli import options
from detector.cli.extras import needs
from detector.errors import UsageError
from detector.sinks.output import Output
from detector.sinks.printable import printable
from detector.sinks.registry import path_of

FORMATS = ("table", "jsonl", "csv")
_FACTS = ("url", "owner", "licences", "template", "outbound", "analytics")


def hosts(
    verdicts: Annotated[Path, typer.Argument(metavar="VERDICTS", help="What `detector classify` wrote: .jsonl, .csv or .parquet.")],
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="What `classify --facts` wrote beside it.", show_default=False)
    ] = None,
    format: Annotated[
        str,
        typer.Option(metavar="|".join(FORMATS), autocompletion=options.completing(FORMATS), help="A table for people, rows for programs."),
    ] = "table",
    output: Annotated[str | None, typer.Option("-o", "--output", metavar="OUT", help="Write to a file.", show_default=False)] = None,
    graph: Annotated[
        Path | None,
        typer.Option("--graph", metavar="OUT.graphml", help="Hosts and what ties them, as GraphML; needs --facts.", show_default=False),
    ] = None,
) -> None:
    """Sum verdicts up by host: pages, the share flagged with its 95 % interval, and with --facts which hosts belong together.

    Hosts are tied by an owner, a registration number or an analytics account that two to fifty of them share.

    \b
    Examples:
      detector hosts verdicts.jsonl
      detector hosts verdicts.parquet --facts facts.jsonl --graph hosts.graphml --format jsonl

    \b
    Exit: 0 done; 2 misuse; 3 a file could not be read.
    """
    options.check_format(format, FORMATS)
    if graph is not None and facts is None:
        raise UsageError("--graph needs --facts: without facts nothing ties hosts")
    # The lists of host names take a while to import.
    from detector.provenance.hosts import Hosts
    from detector.provenance.rows import json_rows, verdict_rows

    found = Hosts()
    found.add_verdicts(verdict_rows(verdicts))
    tied = None
    if facts is not None:
        with needs("provenance"):
            found.add_facts(json_rows(facts, _FACTS))
            tied = found.graph()
    out = Output(path_of(output))
    try:
        out.write(_text(found.rows(tied), format).encode("utf-8", "backslashreplace"))
        out.finish()
    except BaseException:
        out.stop(keep=False)
        raise
    if graph is not None:
        _write_graph(tied, graph)


def _write_graph(tied: Any, path: Path) -> None:
    import networkx as nx

    content = io.BytesIO()
    nx.write_graphml(tied, content)
    out = Output(path, option="--graph")
    out.write(content.getvalue())
    out.finish()


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
    near = f"  (with {', '.join(row['neighbours'][:3])})" if row["neighbours"] else ""
    host = printable((row["host"] or "(no address)") + near)
    return f"{row['pages']:>7,} {row['flagged']:>7,} {share:>6}  {sure:<13} {row['cluster'] or '':>7}  {host}\n"
