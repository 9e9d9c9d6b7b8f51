"""What a run tells on standard error: failures as they come, progress with rate and time left on a terminal, a closing line."""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from detector.sinks.printable import printable
from detector.sources.item import Failure
from detector.sources.meter import Meter
from detector.verdict import LABELS

if TYPE_CHECKING:
    from rich.progress import Progress


class Report:
    """Counts a run.

    Args:
        progress: whether to show a moving line; the caller asks for it only where standard error is a terminal.
        meter: where the run stands in its sources, in bytes; without one, or without `total`, no time left is told.
        total: bytes of all sources.
        no_pages: archive records passed over, counted by whoever reads them.
    """

    def __init__(self, progress: bool, meter: Meter | None = None, total: int | None = None, no_pages: Counter[str] | None = None) -> None:
        self.labels: Counter[str] = Counter()
        self.abstained: Counter[str] = Counter()
        self.unreadable = 0
        self._meter = meter
        self._no_pages = no_pages
        self._begun = time.monotonic()
        self._before = 0
        self._progress = _started(None if meter is None else total) if progress else None

    @property
    def rows(self) -> int:
        return self.labels.total() + self.abstained.total()

    @property
    def flagged_or_abstained(self) -> bool:
        return self.rows > self.labels["clean"]

    def begin(self) -> None:
        """What was counted so far was found, not judged: the rate is that of the pages from here."""
        self._begun = time.monotonic()
        self._before = self.rows

    @property
    def rate(self) -> float:
        """Pages judged a second, 0 before the first."""
        return (self.rows - self._before) / max(time.monotonic() - self._begun, 1e-6)

    def count(self, label: str | None, abstained: str | None) -> None:
        if label is None:
            self.abstained[abstained or "unknown"] += 1
        else:
            self.labels[label] += 1
        if self._progress is not None:
            flagged = self.labels.total() - self.labels["clean"]
            told = f"{self.rows:,} pages, {flagged:,} flagged, {self.rate:,.0f} a second"
            self._progress.update(self._progress.task_ids[0], completed=0 if self._meter is None else self._meter.done, told=told)

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

    def summary(self, hits: tuple[int, int] = (0, 0)) -> str:
        """One line: pages, labels, abstentions by reason, what was unreadable, pages a second; of `hits`, the strings that the sentence
        encoder was asked for, the share that its cache knew."""
        parts = [f"{self.labels[label]:,} {label}" for label in LABELS if self.labels[label]]
        if self.abstained:
            reasons = ", ".join(f"{reason} {count:,}" for reason, count in self.abstained.most_common())
            parts.append(f"{self.abstained.total():,} abstained ({reasons})")
        pages = f"{self.rows:,} page{'' if self.rows == 1 else 's'}"
        told = f"{pages}: {', '.join(parts)}" if parts else pages
        told = f"{told}; {self.unreadable:,} unreadable" if self.unreadable else told
        passed = self._no_pages.total() if self._no_pages else 0
        told = f"{told}; {passed:,} archive record{'' if passed == 1 else 's'} without a page" if passed else told
        told = f"{told}; {self.rate:,.1f} pages a second" if self.rows > self._before else told
        asked, found = hits
        return f"{told}; {found / asked:.0%} of {asked:,} strings from the encoder's cache" if asked else told


def _started(total: int | None) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns: list[ProgressColumn] = [SpinnerColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn()]
    if total:
        # The library reckons the time left from the bytes of the last minute and more.
        columns += [BarColumn(bar_width=20), TextColumn("left"), TimeRemainingColumn()]
    progress = Progress(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=120)
    progress.add_task("", total=total, told="")
    progress.start()
    return progress
