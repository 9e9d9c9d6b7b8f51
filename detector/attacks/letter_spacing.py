"""Spam words spelled with a space or a sign between their letters."""

from __future__ import annotations

import random

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_spam


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    def change(word: str) -> str:
        return rng.choice((" ", ".", "-", "*")).join(word.replace(" ", "")) if rng.random() < strength else word

    return map_spam(victim.markup, victim.is_text, change)


ATTACK = Attack("letter-spacing", "spam words spelled with spaces or signs between the letters", True, apply)
