"""Blocks of text cut into many small ones."""

from __future__ import annotations

import random
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_text

# Words of a piece at full strength; weaker attacks leave longer ones.
_LEAST = 4


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    size = int(_LEAST / strength)

    def change(text: str) -> str:
        words = text.split()
        if len(words) == 1 and len(text) > 4 * size:  # a script without spaces
            pieces = [text[start : start + 3 * size] for start in range(0, len(text), 3 * size)]
        else:
            pieces = [" ".join(words[start : start + size]) for start in range(0, len(words), size)]
        if victim.is_text:
            return "\n".join(pieces)
        return "".join(f"<div>{escape(piece)}</div>" for piece in pieces) if len(pieces) > 1 else escape(text)

    if not victim.is_text:
        return map_text(victim.markup, False, change)
    return "\n".join(change(line) if len(line.split()) > size or len(line) > 60 else line for line in victim.markup.splitlines())


ATTACK = Attack("split-blocks", "blocks of text cut into small ones", True, apply)
