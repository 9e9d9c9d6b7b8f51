"""A table for people: a line a page, as it is judged. Columns have fixed widths, so that nothing waits for the last page."""

from __future__ import annotations

import io
import shutil
import sys

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from detector.sinks.output import Output
from detector.sinks.printable import printable
from detector.verdict import Verdict

_STYLES = {"clean": "green", "scraped": "red", "hijacked": "red", "spam": "red", None: "yellow"}
# Columns: `abstained` and `hijacked` fit the first, 0.999 the second; the page gets two fifths of what is left.
_LABEL, _PROBABILITY, _PAGE_SHARE = 10, 6, 0.4
# Where there is no terminal to measure.
_WIDTH = 120
_LEAST = 60
# Networks over all parts at once can decide where no witness does.
_TOGETHER = "no single passage; see `detector explain`"


class TableSink:
    """Label, flag probability, page, and what speaks most for it."""

    def __init__(self, output: Output, terminal: bool) -> None:
        self._output = output
        width = max(_LEAST, shutil.get_terminal_size((_WIDTH, 24)).columns) if terminal else _WIDTH
        rest = width - _LABEL - _PROBABILITY - 3
        self._page = int(rest * _PAGE_SHARE)
        self._message = rest - self._page
        # The console knows what the terminal can show (NO_COLOR, Windows); the bytes go through the output like any row.
        self._text = io.StringIO()
        self._console = Console(
            file=self._text,
            width=width + 1,
            force_terminal=terminal,
            color_system="standard" if terminal else None,
            highlight=False,
            legacy_windows=False,
        )
        self._rows = 0

    def write(self, verdict: Verdict) -> None:
        label = "abstained" if verdict.label is None else str(verdict.label)
        probability = "" if verdict.flag_probability is None else f"{verdict.flag_probability:.3f}"
        message = verdict.abstained or (verdict.evidence[0].message if verdict.evidence else _TOGETHER if verdict.flagged else "")
        if verdict.partial:
            message = f"({verdict.partial}: judged on a part) {message}"
        row = self._row(label, probability, verdict.id, message)
        if not self._rows:
            # With the first row and not before: a run that could read nothing shows nothing.
            self._line(Text.assemble((self._row("label", "flag", "page", "what speaks most for it"), "bold")))
        self._line(Text.assemble((row[:_LABEL], _STYLES[verdict.label]), row[_LABEL:]))
        self._rows += 1

    def finish(self) -> None:
        self._output.finish()

    def stop(self) -> str | None:
        return self._output.stop(keep=self._rows > 0)

    def _row(self, label: str, probability: str, page: str, message: str) -> str:
        page, message = shortened(printable(page), self._page, 0.5), shortened(printable(message), self._message, 1.0)
        return f"{label:<{_LABEL}} {probability:<{_PROBABILITY}} {set_cell_size(page, self._page)} {message}".rstrip()

    def _line(self, text: Text) -> None:
        self._console.print(text, no_wrap=True, overflow="ignore", crop=False)
        encoding = (sys.stdout.encoding or "utf-8") if self._output.is_stdout else "utf-8"
        self._output.write(self._text.getvalue().encode(encoding, "replace"))
        self._text.seek(0)
        self._text.truncate()


def shortened(text: str, width: int, kept_in_front: float) -> str:
    """`text` in at most `width` terminal cells, an ellipsis for what is cut out: of a path its middle, of a sentence its end."""
    if cell_len(text) <= width:
        return text
    front = int((width - 1) * kept_in_front)
    back = width - 1 - front
    tail = set_cell_size(text[::-1], back)[::-1] if back else ""
    return f"{set_cell_size(text, front).rstrip()}…{tail.lstrip()}"
