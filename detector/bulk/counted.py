"""Worker processes whose sentence encoders keep count: what their caches were asked is added to this process's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from detector.bulk.engine import judge_in_workers
from detector.features.embedding import Cached, Hits

T = TypeVar("T")
R = TypeVar("R")
# Plain numbers, so that nothing of the encoder's is unpickled.
_Counts = tuple[int, int]
_NONE = (0, 0)


def judge_counted(
    judge: Callable[[list[T]], list[R]], embedder: Cached, batches: Iterable[list[T]], workers: int, given_up: Callable[[T], R]
) -> Iterator[R]:
    """As `judge_in_workers`. `embedder` is the one that `judge` asks; what was counted by a worker that died is lost with it."""
    for answer, hits in judge_in_workers(_Counted(judge, embedder), batches, workers, lambda page: (given_up(page), _NONE)):
        embedder.add(Hits(*hits))
        yield answer


class _Counted(Generic[T, R]):
    """A judge whose first answer to a batch brings what the encoder's cache was asked for all of it."""

    def __init__(self, judge: Callable[[list[T]], list[R]], embedder: Cached) -> None:
        self._judge = judge
        self._embedder = embedder

    def __call__(self, batch: list[T]) -> list[tuple[R, _Counts]]:
        before = self._embedder.hits
        answers = self._judge(batch)
        asked, found = self._embedder.hits.since(before)
        return [(answer, _NONE if place else (asked, found)) for place, answer in enumerate(answers)]
