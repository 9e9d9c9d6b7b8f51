"""What a run tells while it works. The command line brings a moving bar where a person watches; everywhere else a stage is a line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Progress(Protocol):
    """Told of stages, and handed the steps of the long ones."""

    def say(self, message: str) -> None:
        """A stage that is one step, or something found."""

    def track(self, steps: Iterable[T], message: str, total: int) -> Iterator[T]:
        """The steps of a stage, passed through one by one as they are done; `message` says what and how many, `total` counts steps."""


class Lines:
    """Each stage a line on standard error, when it begins."""

    def say(self, message: str) -> None:
        print(message, file=sys.stderr, flush=True)

    def track(self, steps: Iterable[T], message: str, total: int) -> Iterator[T]:
        self.say(message)
        yield from steps
