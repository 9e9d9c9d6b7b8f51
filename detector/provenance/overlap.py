"""What a text shares with its original, and what was put in or changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

# Units are words, of unspaced scripts single characters; a run that both texts have is at least this long.
_WORDS, _CHARACTERS = 5, 12
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two texts share; places are (start, end) in the copy, in order.

    Attributes:
        share: of the copy's words, those in runs that the original has too, 0 to 1.
        runs: these.
        spans: the others.
    """

    share: float
    runs: tuple[tuple[int, int], ...]
    spans: tuple[tuple[int, int], ...]


def compare(copy: str, original: str) -> Overlap:
    """In time linear in both lengths."""
    units = _units(copy)
    if not units:
        return Overlap(0.0, (), ())
    width = _CHARACTERS if _is_unspaced(copy) else _WORDS
    theirs = [unit for unit, _, _ in _units(original)]
    runs = {tuple(theirs[start : start + width]) for start in range(len(theirs) - width + 1)}
    names = [unit for unit, _, _ in units]
    shared = [False] * len(units)
    for start in range(len(units) - width + 1):
        if tuple(names[start : start + width]) in runs:
            shared[start : start + width] = [True] * width
    found: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for common, group in groupby(zip(shared, units, strict=True), key=itemgetter(0)):
        places = [(start, end) for _, (_, start, end) in group]
        found[common].append((places[0][0], places[-1][1]))
    return Overlap(sum(shared) / len(units), tuple(found[True]), tuple(found[False]))


def _is_unspaced(text: str) -> bool:
    return 2 * len(_UNSPACED.findall(text)) > len("".join(text.split()))


def _units(text: str) -> list[tuple[str, int, int]]:
    """(folded unit, start, end)."""
    if _is_unspaced(text):
        return [(character.lower(), place, place + 1) for place, character in enumerate(text) if character.isalnum()]
    return [(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
