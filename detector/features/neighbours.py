"""Which link leads to the page before and which to the one after."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from detector.page.document import Block
from detector.terms import Hit

_NAMES = ("previous", "next")
# Blocks that are looked at, and characters that may stand before the word: a bracket, an arrow.
_MOST, _OPENING = 4, 4


def neighbours_of(blocks: Sequence[Block], hits_in: Callable[[Block], Sequence[Hit]]) -> dict[str, Block]:
    """`previous` and `next` among the blocks of role prevnext: by the word that opens a block, those without such a word by their order."""
    found: dict[str, Block] = {}
    unnamed = []
    for block in blocks[:_MOST]:
        opening = {marker for hit in hits_in(block) if hit.start - block.start <= _OPENING for marker in hit.meaning.markers}
        name = next((name for name in _NAMES if name in opening and name not in found), None)
        if name is not None:
            found[name] = block
        elif opening.isdisjoint(_NAMES):
            unnamed.append(block)
    found |= zip([name for name in _NAMES if name not in found], unnamed, strict=False)
    return {name: found[name] for name in _NAMES if name in found}
