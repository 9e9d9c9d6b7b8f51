"""Pictures of spam words instead of the words."""

from __future__ import annotations

import random

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_spam


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    def change(word: str) -> str:
        return f'<img src="/img/{rng.randrange(16**6):06x}.png" alt="">' if rng.random() < strength else word

    return map_spam(victim.markup, victim.is_text, change)


ATTACK = Attack("images", "pictures instead of spam words", False, apply, html_only=True)
