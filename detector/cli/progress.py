"""A moving bar for a long stage, on a terminal only. rich draws it, as it draws the tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from detector.training.progress import Lines, Progress

T = TypeVar("T")


def progress() -> Progress:
    """Bars where standard error is a terminal, else a line a stage."""
    return Bars() if sys.stderr.isatty() else Lines()


class Bars(Lines):
    """A bar for each stage while it lasts, and its line with the time it took when it is done."""

    def track(self, steps: Iterable[T], message: str, total: int) -> Iterator[T]:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bars:
            yield from bars.track(steps, total=total, description=message)
