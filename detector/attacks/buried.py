"""The spam below forty kilobytes of honest text."""

from __future__ import annotations

import random

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import at_start, paragraphs

_MOST = 40_000


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    lines: list[str] = []
    left = int(_MOST * strength)
    for text in rng.sample(list(victim.honest), len(victim.honest)):
        for line in text.splitlines():
            if left <= 0:
                break
            if line.strip():
                lines.append(line[:left])
                left -= len(line.encode("utf-8", "replace"))
    return paragraphs(lines, True) + victim.markup if victim.is_text else at_start(victim.markup, paragraphs(lines, False))


ATTACK = Attack("buried", "spam below 40 KB of honest text", True, apply)
