"""`detector train`: corpus and banks to an artefact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from detector.cli import options
from detector.cli.extras import needs


def train(
    config: Annotated[Path, typer.Option(metavar="FILE", help="A train.toml: seed, banks, sizes, settings of the fit.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="The folder of the artefact.")],
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="The corpus; else $DETECTOR_CORPUS.", show_default=False)] = None,
    feedback: Annotated[
        str | None,
        typer.Option(
            metavar="STORE", help="Train on what people decided too: a file, sqlite:///FILE or postgresql://…", show_default=False
        ),
    ] = None,
    workers: options.Workers = 2,
    validation: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Rows of `detector dataset build`: scored out of fold, reported apart; probabilities are calibrated on them, nothing else learns.",
        ),
    ] = None,
) -> None:
    """Train a model on a corpus.

    The artefact is a folder with arrays, estimator, manifest, metrics and card.

    \b
    Examples:
      detector train --config models/default/train.toml --corpus ../corpus -o models/default
      detector dataset build -o second.jsonl.gz --corpus ../corpus && detector train --config models/default/train.toml --corpus ../corpus --validation second.jsonl.gz -o models/default
      DETECTOR_CORPUS=/data/corpus detector train --config models/mine/train.toml -o models/mine --workers 4
      detector train --config models/default/train.toml -o models/mine --feedback verdicts.db

    \b
    Exit: 0 done; 2 misuse: no corpus, a configuration that is none, an output that cannot be written.
    """
    # Training brings scikit-learn with it.
    with needs("train"):
        from detector.cli.progress import progress
        from detector.training.train import run

        run(config, corpus, output, workers, progress(), validation, feedback)
