"""Letters of spam words replaced by letters of other alphabets that look alike."""

from __future__ import annotations

import random

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_spam

_ALIKE = str.maketrans("aceopxyABCEHIKMOPTX", "асеорхуАВСЕНІКМОРТХ")


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    return map_spam(victim.markup, victim.is_text, lambda word: word.translate(_ALIKE) if rng.random() < strength else word)


ATTACK = Attack("homoglyphs", "letters of spam words that look alike in another alphabet", True, apply)
