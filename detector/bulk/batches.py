"""Pages into batches. A source that pauses gets what it has sent answered: a batch that is not full goes out when nothing more comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# Seconds without a page after which a batch goes out as it is: less than a person notices, more than a sender takes between two rows.
PAUSE = 0.05
# Nothing came still: the next look is twice as far away, up to this, so that a source that sleeps costs nothing.
_LONGEST_PAUSE = 1.0
# Items that are read before somebody asks. Memory holds these besides the batches.
_AHEAD = 8
# Seconds for a reader to come to an end.
_LEAVE = 0.2


class Ahead(Iterator[T]):
    """An iterable that is read by a thread of its own, so that whoever takes from it need not wait while it pauses.

    What the iterable raises comes out in its place. It is to be read by nobody else; what it uses must not hang on the thread it was made in.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items = items
        self._taken: queue.Queue[tuple[T] | BaseException] = queue.Queue(_AHEAD)
        self._end: BaseException | None = None
        self._closed = False
        # A daemon: one that waits for a pipe cannot be woken, and the program shall end nevertheless.
        self._thread = threading.Thread(target=self._read, name="detector-ahead", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        end: BaseException = StopIteration()
        try:
            for item in self._items:
                self._taken.put((item,))
                if self._closed:
                    return
        except BaseException as error:
            end = error
        self._taken.put(end)

    def __next__(self) -> T:
        return self.take(None)

    def take(self, seconds: float | None) -> T:
        """The next item.

        Args:
            seconds: to wait for it; None waits as long as it takes.

        Raises:
            queue.Empty: none came in time.
            StopIteration: there are no more.
        """
        if self._end is None:
            found = self._taken.get(timeout=seconds)
            if isinstance(found, tuple):
                return found[0]
            self._end = found
        raise self._end

    def close(self) -> None:
        """Nobody takes any more: the thread ends with the item that it reads, and is waited for unless that takes long."""
        self._closed = True
        while not self._taken.empty():
            self._taken.get()
        self._thread.join(_LEAVE)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """All items in order, `size` together, lazily.

    Of an `Ahead`, fewer as soon as nothing came for `PAUSE` seconds; while nothing comes still, empty batches, ever more seldom: a chance to
    hand on what was answered meanwhile.
    """
    if not isinstance(items, Ahead):
        source = iter(items)
        yield from iter(lambda: list(islice(source, size)), [])
        return
    try:
        yield from _as_they_come(items, size)
    finally:
        items.close()


def _as_they_come(items: Ahead[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    pause = PAUSE
    while True:
        try:
            batch.append(items.take(pause))
        except queue.Empty:
            yield batch
            batch, pause = [], min(2 * pause, _LONGEST_PAUSE)
            continue
        except StopIteration:
            break
        pause = PAUSE
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
