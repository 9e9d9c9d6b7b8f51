"""The command line: one file a command; each parses its arguments, calls the library, prints."""

from __future__ import annotations


def main() -> int:
    """Run the command that the process was called with; returns its exit code."""
    from detector.cli.app import app

    # typer: options are annotated parameters, checked by the type checker like any call; it parses in a tenth of the time that it takes to
    # load a model, and needs nothing that rich does not.
    app(prog_name="detector")
    return 0
