"""`detector rethreshold`: one more operating point, for a caller's own pages."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detector.cli import options
from detector.cli.extras import needs
from detector.sinks.printable import printable


def rethreshold(
    dataset: Annotated[
        Path,
        typer.Argument(
            metavar="DATASET", help="JSONL or Parquet rows (id url html|text label group), or a folder; the clean ones are used."
        ),
    ],
    false_positive_rate: Annotated[
        float, typer.Option("--false-positive-rate", metavar="R", help="Share of clean pages that may be flagged, such as 0.002.")
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="What the new operating point is called.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="A new folder for the copy.")],
    model: options.Model = None,
    workers: options.Workers = 2,
) -> None:
    """Copy a model with one more operating point, chosen on your own clean pages. Nothing is trained.

    The threshold is the lowest at which at most R of the clean rows are flagged; it takes 3 / R of them. Arrays and version stay.

    \b
    Examples:
      detector rethreshold clean.jsonl --false-positive-rate 0.01 --name ours -o models/ours
      detector rethreshold labelled.parquet --false-positive-rate 0.002 --name strict -o models/strict --model models/ours
      detector classify crawl.jsonl --model models/ours --operating-point ours

    \b
    Exit: 0 done; 2 misuse, or too few clean rows for the rate; 3 the data set could not be read.
    """
    with needs("train"):
        from detector.training.rethreshold import run

        point = run(dataset, false_positive_rate, name, output, model, workers)
    on = point["chosen_on"]
    told = f"{name}: threshold {point['threshold']:.6f}; {on['flagged']:,} of {on['clean_pages']:,} clean pages in {on['groups']:,} groups flagged"
    print(printable(told))
    if on["not_judged"]:
        print(f"{on['not_judged']:,} clean rows cannot be judged at any threshold and are not counted")
    print(printable(f"use it with --model {output} --operating-point {name}"))
