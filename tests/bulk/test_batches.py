"""Batches of sources that hurry and of sources that pause."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Iterator

import pytest

from detector import Detector, Page
from detector.bulk import Ahead, batches, judge_in_workers

from .judges import obey

# Far more than any answer takes, far less than a pipeline would bear.
PATIENCE = 60.0


def sender(sent: queue.Queue[str | None]) -> Iterator[str]:
    """What is put into `sent`, until None is."""
    while (item := sent.get(timeout=PATIENCE)) is not None:
        yield item


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 50])
def test_a_source_that_hurries_fills_its_batches(wrapped: bool, count: int) -> None:
    """All in order, every batch but the last of full size."""
    source = range(count)
    found = [batch for batch in batches(Ahead(source) if wrapped else source, 4) if batch]
    assert list(itertools.chain(*found)) == list(source)
    if not wrapped:
        assert all(len(batch) == 4 for batch in found[:-1])


def test_what_came_goes_out_when_the_source_pauses() -> None:
    """A batch that is not full, without the next item having come; then empty ones, and the next item in its place."""
    sent: queue.Queue[str | None] = queue.Queue()
    found = batches(Ahead(sender(sent)), 4)
    for item in "abcdef":
        sent.put(item)
    assert list(itertools.chain(*itertools.islice((batch for batch in found if batch), 2))) == [*"abcdef"]
    assert next(found) == []
    sent.put("g")
    assert next(batch for batch in found if batch) == ["g"]
    sent.put(None)
    assert [batch for batch in found if batch] == []


def test_while_nothing_comes_one_looks_ever_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feed that sleeps over night costs no processor."""
    asked: list[float | None] = []

    def nothing(_: Ahead[str], seconds: float | None) -> str:
        asked.append(seconds)
        raise queue.Empty

    monkeypatch.setattr(Ahead, "take", nothing)
    found = batches(Ahead(["a"]), 4)
    assert list(itertools.islice(found, 8)) == [[]] * 8
    assert asked == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0]


def test_little_is_read_before_somebody_asks_and_nothing_after_the_end() -> None:
    """An endless source is read as it is needed; who stops asking leaves no thread."""
    taken = 0

    def endless() -> Iterator[int]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield number

    found = batches(Ahead(endless()), 4)
    assert next(found) == [0, 1, 2, 3]
    time.sleep(0.2)
    assert taken <= 20
    found.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name == "detector-ahead" and thread.is_alive()]


def test_what_the_source_raises_comes_out_in_its_place() -> None:
    """And not in another thread, where nobody sees it."""

    def broken() -> Iterator[str]:
        yield "a"
        raise ValueError("broken off")

    source = Ahead(broken())
    assert next(source) == "a"
    for _ in range(2):
        with pytest.raises(ValueError, match="broken off"):
            next(source)


def test_workers_hand_on_answers_while_the_source_pauses() -> None:
    """A page sent alone is answered before the next is sent."""
    sent: queue.Queue[str | None] = queue.Queue()
    found = judge_in_workers(obey, batches(Ahead(sender(sent)), 32), 2, str)
    for item in "abc":
        sent.put(item)
        assert next(found) == f"answer to {item}"
    sent.put(None)
    assert list(found) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_a_generator_that_pauses_is_answered_through_the_library(detector: Detector, workers: int) -> None:
    """Wrapped in `Ahead`; the verdicts are those of whole batches."""
    sent: queue.Queue[str | None] = queue.Queue()
    texts = [f"The council of ward {number} agreed to repair the bridge. " * 10 for number in range(3)]
    found = detector.classify_many(Ahead(map(Page.from_text, sender(sent))), workers)
    answers = []
    for text in texts:
        sent.put(text)
        answers.append(next(found))
    sent.put(None)
    assert [*answers, *found] == list(detector.classify_many(map(Page.from_text, texts)))
