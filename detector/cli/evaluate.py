"""`detector evaluate`: how good a model is on labelled rows."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from detector.cli import options
from detector.cli.extras import needs


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
    format: options.Format = "table",
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
    options.check_format(format)
    with needs("train"):
        from detector.training.evaluate import run

        metrics: dict[str, Any] = run(dataset, model, report, workers, attacks=attacks)
        before = None if against is None else run(dataset, against, None, workers)
    if format == "json":
        told = metrics if before is None else metrics | {"before": before}
        print(json.dumps(_finite(told), ensure_ascii=True, allow_nan=False))
        return
    from detector.cli.evaluation import show

    show(_finite(metrics), _finite(before))


def _finite(value: Any) -> Any:
    """The same structure with null for what is not a number, as JSON has it."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
