"""What a run tells on standard error: failures as they come, progress on a terminal, a closing line."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from detector.sinks.printable import printable
from detector.sources.item import Failure
from detector.verdict import LABELS

if TYPE_CHECKING:
    from rich.progress import Progress


class Report:
    """Counts a run. `progress` asks for a moving line; the caller gives it only where standard error is a terminal."""

    def __init__(self, progress: bool) -> None:
        self.labels: Counter[str] = Counter()
        self.abstained: Counter[str] = Counter()
        self.unreadable = 0
        self._progress = _started() if progress else None

    @property
    def rows(self) -> int:
        return self.labels.total() + self.abstained.total()

    @property
    def flagged_or_abstained(self) -> bool:
        return self.rows > self.labels["clean"]

    def count(self, label: str | None, abstained: str | None) -> None:
        if label is None:
            self.abstained[abstained or "unknown"] += 1
        else:
            self.labels[label] += 1
        if self._progress is not None:
            flagged = self.labels.total() - self.labels["clean"]
            self._progress.update(self._progress.task_ids[0], completed=self.rows, flagged=flagged)

    def failure(self, failure: Failure) -> None:
        self.unreadable += 1
        self.say(f"unreadable: {failure}")

    def say(self, message: str) -> None:
        line = printable(f"detector: {message}")
        if self._progress is None:
            print(line, file=sys.stderr, flush=True)
        else:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def close(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def summary(self) -> str:
        """One line: pages, labels, abstentions by reason, what was unreadable."""
        parts = [f"{self.labels[label]:,} {label}" for label in LABELS if self.labels[label]]
        if self.abstained:
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.abstained.most_common())
            parts.append(f"{self.abstained.total():,} abstained ({reasons})")
        pages = f"{self.rows:,} page{'' if self.rows == 1 else 's'}"
        told = f"{pages}: {', '.join(parts)}" if parts else pages
        return f"{told}; {self.unreadable:,} unreadable" if self.unreadable else told


def _started() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    progress = Progress(
        SpinnerColumn(),
        TextColumn("{task.completed:,.0f} pages, {task.fields[flagged]:,} flagged"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    progress.add_task("", total=None, flagged=0)
    progress.start()
    return progress
