"""rich's console, leaving a closed pipe to the command line: by itself rich would end the process with exit code 1."""

from __future__ import annotations

from rich.console import Console as RichConsole


class Console(RichConsole):
    """A console that raises BrokenPipeError like any other writer."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError
