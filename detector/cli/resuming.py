"""What `--resume` finds: rows that must be of these very pages and options, or nothing to go on from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from detector.cli.report import Report
from detector.cli.targets import replaced_part
from detector.errors import UsageError
from detector.page.page import Page
from detector.sinks.output import part_of
from detector.sinks.written import RESUMABLE, Written

if TYPE_CHECKING:
    from detector.detector import Detector

# Pages judged a second time, one batch: rows do not say how deep they were read (--semantic), nor what stood in the page.
_SAMPLE = 32
# The same page has the same probability alone and in a batch; what other tiers answer differs in the first digits.
_SAME = 1e-6


def skip(written: Written, pages: Iterator[Page], detector: Detector, report: Report) -> None:
    """Pass over the pages that have their row, and count them.

    Raises:
        UsageError: the rows are of other pages, another model, threshold or tier; one file never holds both.
    """
    # Every verdict carries model and threshold, that on no page too.
    now = detector.classify(b"").to_dict()
    judged: deque[tuple[int, Page, float]] = deque(maxlen=_SAMPLE)
    for number, done in enumerate(written, 1):
        page = next(pages, None)
        # CSV writes no address and an empty one alike.
        if page is None or (_escaped(page.id), _escaped(page.url or "")) != (_escaped(done.id), _escaped(done.url or "")):
            raise UsageError(
                f"{written.part}: row {number} is not of these sources; give those of the cut-off run, or run without --resume"
            )
        if (done.model, done.threshold) != (now["model"], now["threshold"]):
            raise UsageError(
                f"{written.part}: was judged by {done.model} at {done.threshold}, not by {now['model']} at {now['threshold']}; "
                "give the options of the cut-off run, or run without --resume"
            )
        if done.flag_probability is not None:
            judged.append((number, page, done.flag_probability))
        report.count(done.label, done.abstained)
    again = detector.classify_many(page for _, page, _ in judged)
    for (number, _, before), verdict in zip(judged, again, strict=True):
        if verdict.flag_probability is None or abs(verdict.flag_probability - before) > _SAME:
            raise UsageError(
                f"{written.part}: row {number} has another answer now; give the sources and options (--semantic) of the cut-off run, "
                "or run without --resume"
            )


def begun_again(out: Path, format: str, resume: bool) -> str | None:
    """What to tell before a run from the start replaces what stands there; None where nothing does."""
    if not resume:
        return replaced_part(out, "; --resume would have gone on behind them" if format in RESUMABLE else "")
    part = part_of(out.resolve())
    if not part.exists() and out.is_file():
        return f"{out} is whole and there is no {part.name} to go on from; every page is judged again"
    return None


def _escaped(text: str) -> str:
    """A text as CSV has it: a file name's bytes that are not UTF-8 stand as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
