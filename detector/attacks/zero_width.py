"""Characters without width between the letters of spam words."""

from __future__ import annotations

import random

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_spam

_WITHOUT_WIDTH = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad")


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    def change(word: str) -> str:
        return rng.choice(_WITHOUT_WIDTH).join(word) if rng.random() < strength else word

    return map_spam(victim.markup, victim.is_text, change)


ATTACK = Attack("zero-width", "characters without width inside spam words", False, apply)
