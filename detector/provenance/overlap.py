"""What a text shares with its original, and what was put in or changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Units are words, of unspaced scripts single characters; a run that both texts have is at least this long.
_WORDS, _CHARACTERS = 5, 12
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class Overlap:
    """`share`: of the copy's words, those in runs that the original has too, 0 to 1. `spans`: the others, (start, end) in the copy."""

    share: float
    spans: tuple[tuple[int, int], ...]


def compare(copy: str, original: str) -> Overlap:
    """In time linear in both lengths."""
    units = _units(copy)
    if not units:
        return Overlap(0.0, ())
    width = _CHARACTERS if _is_unspaced(copy) else _WORDS
    theirs = [unit for unit, _, _ in _units(original)]
    runs = {tuple(theirs[start : start + width]) for start in range(len(theirs) - width + 1)}
    names = [unit for unit, _, _ in units]
    shared = [False] * len(units)
    for start in range(len(units) - width + 1):
        if tuple(names[start : start + width]) in runs:
            shared[start : start + width] = [True] * width
    spans = []
    begin = None
    for place, common in enumerate([*shared, True]):
        if not common and begin is None:
            begin = place
        elif common and begin is not None:
            spans.append((units[begin][1], units[place - 1][2]))
            begin = None
    return Overlap(sum(shared) / len(units), tuple(spans))


def _is_unspaced(text: str) -> bool:
    return 2 * len(_UNSPACED.findall(text)) > len("".join(text.split()))


def _units(text: str) -> list[tuple[str, int, int]]:
    """(folded unit, start, end)."""
    if _is_unspaced(text):
        return [(character.lower(), place, place + 1) for place, character in enumerate(text) if character.isalnum()]
    return [(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
