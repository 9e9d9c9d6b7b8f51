"""The application: its commands, and what becomes of errors.

Exit codes: 0 done; 1 `--exit-code` and something was flagged or abstained on; 2 misuse; 3 some input could not be read; 130 Ctrl-C.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import detector
from detector.cli.classify import classify
from detector.cli.dataset import dataset
from detector.cli.doctor import doctor
from detector.cli.drift import drift
from detector.cli.evaluate import evaluate
from detector.cli.explain import explain
from detector.cli.hosts import hosts
from detector.cli.index import index
from detector.cli.rethreshold import rethreshold
from detector.cli.serve import serve
from detector.cli.train import train
from detector.errors import INTERRUPTED, MISUSE, UNREADABLE, DetectorError, InputError


class Guarded(TyperGroup):
    """Errors of this package become a line and an exit code, never a traceback; a closed pipe ends the run without a word."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            # Here, where a closed pipe is understood, and not on the interpreter's way out.
            sys.stdout.flush()
            return result
        except DetectorError as error:
            with contextlib.suppress(BrokenPipeError):
                print(f"detector: {error}", file=sys.stderr)
            raise typer.Exit(UNREADABLE if isinstance(error, InputError) else MISUSE) from error
        except BrokenPipeError as error:
            _forget_stdout()
            raise typer.Exit(0) from error
        except KeyboardInterrupt as error:
            raise typer.Exit(INTERRUPTED) from error


def _forget_stdout() -> None:
    """What is still buffered has no reader; without this the interpreter would try again on its way out and complain."""
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())


app = typer.Typer(
    cls=Guarded,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"detector {detector.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")] = False,
) -> None:
    """Does what a web page says belong to the host that says it? Flags scraped, hijacked and spam pages, and shows why.

    \b
    Examples:
      detector classify page.html --url https://example.org/a
      detector classify pages.jsonl.gz -o verdicts.jsonl
      detector explain page.html
    """


for command in (classify, explain, train, evaluate, rethreshold, hosts, serve, drift, doctor):
    app.command()(command)
app.add_typer(dataset, name="dataset")
app.add_typer(index, name="index")
