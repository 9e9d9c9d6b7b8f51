"""What a sink is, and the columns of the rows that most of them write."""

from __future__ import annotations

from typing import Protocol

from detector.verdict import Verdict

COLUMNS = (
    "id",
    "url",
    "label",
    "flagged",
    "flag_probability",
    "probabilities",
    "evidence",
    "abstained",
    "partial",
    "operating_point",
    "threshold",
    "model",
)


class Sink(Protocol):
    """Takes verdicts in order. Its methods raise OutputError where the output cannot be written any more."""

    def write(self, verdict: Verdict) -> None: ...

    def finish(self) -> None:
        """Everything was judged: the output gets its name."""

    def stop(self) -> str | None:
        """The run ends early: what was written stays readable. Returns where it is, None if there is nothing."""
