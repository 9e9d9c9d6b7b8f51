"""`detector evaluate`: how good a model is on labelled rows."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from detector.cli import options
from detector.cli.extras import needs
from detector.errors import UsageError
from detector.sinks.output import check_writable
from detector.sinks.printable import printable

FORMATS = ("table", "json")


def evaluate(
    dataset: Annotated[
        Path,
        typer.Argument(
            metavar="DATASET", help="JSONL or Parquet rows (id url html|text label group), or a folder of pages with front matter."
        ),
    ],
    model: options.Model = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Measure this artefact on the same pages too: before and after.", show_default=False),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="OUT.html", help="Write the figures and the worst errors as one HTML file too.", show_default=False),
    ] = None,
    attacks: Annotated[
        bool, typer.Option("--attacks", help="Also try each known way to evade it on the bad pages, and honest tools on the clean ones.")
    ] = False,
    format: Annotated[
        str,
        typer.Option(metavar="|".join(FORMATS), autocompletion=options.completing(FORMATS), help="A table for people, JSON for programs."),
    ] = "table",
    workers: options.Workers = 2,
) -> None:
    """Measure a model on labelled pages.

    Metrics with intervals, slices, calibration.

    \b
    Examples:
      detector evaluate labelled.jsonl
      detector evaluate tests/pages --report report.html
      detector evaluate labelled.parquet --model models/mine --against models/default
      detector evaluate labelled.jsonl --attacks

    \b
    Exit: 0 done; 2 misuse; 3 the data set could not be read.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format!r} is none of {', '.join(FORMATS)}")
    if report is not None:
        # Before the pages are judged, which may take hours.
        check_writable(report, "--report")
    with needs("train"):
        from detector.training.evaluate import run

        metrics: dict[str, Any] = run(dataset, model, report, workers, attacks=attacks)
        before = None if against is None else run(dataset, against, None, workers)
    if before is not None:
        metrics["before"] = before
    if format == "json":
        print(json.dumps(_finite(metrics), ensure_ascii=True, allow_nan=False))
    else:
        _show(metrics)


def _finite(value: Any) -> Any:
    """The same structure with null for what is not a number, as JSON has it."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _show(metrics: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from detector.sinks.console import Console

    before = metrics.pop("before", None)
    evasion = metrics.pop("evasion", None)
    then = dict(flat(_finite(before))) if before is not None else {}
    table = Table("metric", *(("before", "after") if before is not None else ("value",)))
    for name, value in flat(_finite(metrics)):
        shown = [then.get(name, "unknown"), value] if before is not None else [value]
        table.add_row(Text(printable(name)), *(Text(printable(one)) for one in shown))
    console = Console(highlight=False)
    console.print(table)
    if evasion is not None:
        _show_evasion(console, evasion)


def _show_evasion(console: Any, evasion: dict[str, Any]) -> None:
    """A line for each attack and strength: recall before and after, or for honest tools the share of clean pages flagged."""
    from rich.table import Table

    for kind, what in (("attacks", "bad pages"), ("tools", "clean pages")):
        table = Table(kind[:-1], "half", "strength", what, "flagged before", "flagged after", "of before", "abstained")
        for name, found in evasion[kind].items():
            for strength, entry in found["strengths"].items():
                shares = (found["before"], entry["flagged"], entry["of_before"])
                cells = ("unknown" if share is None else f"{share:.1%}" for share in shares)
                table.add_row(name, found["half"], strength, str(found["pages"]), *cells, str(entry["abstained"]))
        console.print(table)
    for name, value in flat(_finite(evasion["summary"]), "evasion."):
        console.print(f"{name}: {value}")


def flat(metrics: dict[str, Any], above: str = "") -> list[tuple[str, str]]:
    """(dotted name, value) of every number; a list of numbers, such as an interval, stays together."""
    rows: list[tuple[str, str]] = []
    for key, value in metrics.items():
        if isinstance(value, dict):
            rows += flat(value, f"{above}{key}.")
        elif isinstance(value, list):
            rows.append((f"{above}{key}", " … ".join(map(_said, value))))
        else:
            rows.append((f"{above}{key}", _said(value)))
    return rows


def _said(value: Any) -> str:
    if value is None:
        return "unknown"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
