"""A page's text as a person reads it: parts by role, in order, with evidence marked where it stands. Pure functions over offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# A page of 20,000 blocks would be no page to read: parts with evidence are always shown, others up to here.
MAX_BLOCKS = 400
MAX_CHARACTERS = 60_000
# A single block may be long; around its evidence there is context enough.
MAX_BLOCK_CHARACTERS = 6_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text with the numbers of the evidence that points at it; `first` are those that begin here."""

    text: str
    numbers: tuple[int, ...] = ()
    first: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One block: its segments, and the evidence to be explained below it."""

    segments: tuple[Segment, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring blocks of one role. `hidden` is why a reader does not see them, or None; `omitted` blocks are left out before it."""

    role: str
    hidden: str | None
    passages: tuple[Passage, ...]
    omitted: int = 0


Blocks = Sequence[tuple[int, int, str, str | None]]


def parts_of(text: str, blocks: Blocks, evidence: Sequence[dict[str, Any]]) -> tuple[list[Part], int]:
    """(parts in order, blocks left out after the last). Evidence is numbered from 1 in its own order."""
    spans = [(piece["start"], piece["end"], number) for number, piece in enumerate(evidence, 1) if piece["start"] is not None]
    parts: list[Part] = []
    pending: list[Passage] = []
    key: tuple[str, str | None] | None = None
    omitted = omitted_before = shown = characters = 0
    for start, end, role, hidden in blocks:
        inside = [span for span in spans if span[0] < end and span[1] > start]
        if not inside and (shown >= MAX_BLOCKS or characters >= MAX_CHARACTERS):
            omitted += 1
            continue
        if pending and key is not None and ((role, hidden) != key or omitted):
            parts.append(Part(*key, tuple(pending), omitted_before))
            pending, omitted_before, omitted = [], omitted, 0
        elif not pending:
            omitted_before, omitted = omitted, 0
        key = (role, hidden)
        pending.append(_passage(text, start, end, inside))
        shown += 1
        characters += end - start
    if pending and key is not None:
        parts.append(Part(*key, tuple(pending), omitted_before))
    return parts, omitted


def _passage(text: str, start: int, end: int, spans: Sequence[tuple[int, int, int]]) -> Passage:
    stop = max([min(end, start + MAX_BLOCK_CHARACTERS), *(min(end, span[1] + 200) for span in spans)])
    edges = sorted({start, stop, *(edge for span in spans for edge in span[:2] if start < edge < stop)})
    segments = []
    for left, right in pairwise(edges):
        numbers = tuple(number for low, high, number in spans if low < right and high > left)
        first = tuple(number for low, _, number in spans if max(low, start) == left)
        segments.append(Segment(text[left:right], numbers, first))
    if stop < end:
        segments.append(Segment(" …"))
    return Passage(tuple(segments), tuple(number for low, _, number in sorted(spans) if low >= start))
