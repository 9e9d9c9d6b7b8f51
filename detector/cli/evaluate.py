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
    format: Annotated[str, typer.Option(metavar="|".join(FORMATS), help="A table for people, JSON for programs.")] = "table",
    workers: options.Workers = 2,
) -> None:
    """Measure a model on labelled pages.

    Metrics with intervals, slices, calibration.

    \b
    Examples:
      detector evaluate labelled.jsonl
      detector evaluate tests/pages --report report.html
      detector evaluate labelled.parquet --model models/mine --against models/default
      detector evaluate labelled.jsonl --format json > metrics.json

    \b
    Exit: 0 done; 2 misuse; 3 the data set could not be read.
    """
    if format not in FORMATS:
        raise UsageError(f"--format {format!r} is none of {', '.join(FORMATS)}")
    with needs("train"):
        from detector.training.evaluate import run

        metrics: dict[str, Any] = run(dataset, model, report, workers)
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
    then = dict(flat(_finite(before))) if before is not None else {}
    table = Table("metric", *(("before", "after") if before is not None else ("value",)))
    for name, value in flat(_finite(metrics)):
        shown = [then.get(name, "unknown"), value] if before is not None else [value]
        table.add_row(Text(printable(name)), *(Text(printable(one)) for one in shown))
    Console(highlight=False).print(table)


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
