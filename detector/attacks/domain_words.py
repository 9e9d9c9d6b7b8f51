"""The words of the honest domain, said again and again."""

from __future__ import annotations

import random
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import at_end, at_start, paragraphs
from detector.features.domainwords import split
from detector.page.address import read_address

# Repetitions at full strength.
_MOST = 24


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    name = read_address(victim.url).name
    words = " ".join(split(name).words).title() if name else ""
    if not words:
        return victim.markup
    lines = [f"{words} {rng.choice(('–', '|', ','))} {words}" for _ in range(max(1, int(_MOST * strength) // 2))]
    if victim.is_text:
        return f"{words}\n{victim.markup}\n{paragraphs(lines, True)}"
    return at_end(at_start(victim.markup, f"<p>{escape(words)}</p>"), paragraphs(lines, False))


ATTACK = Attack("domain-words", "words of the domain added to the text", False, apply)
