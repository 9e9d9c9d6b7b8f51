"""Menus and footers of honest sites stuffed into the page."""

from __future__ import annotations

import random
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import at_end, at_start

_SHORT = 60
# Lines at full strength.
_MOST = 80


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    """Short lines of honest pages are what menus and footers are made of."""
    source = rng.choice(victim.honest) if victim.honest else ""
    lines = [line for line in source.splitlines() if 2 <= len(line) <= _SHORT][: int(_MOST * strength)]
    half = len(lines) // 2
    if victim.is_text:
        return "\n".join([*lines[:half], victim.markup, *lines[half:]])
    menu, foot = (
        "".join(f'<li><a href="/{number}">{escape(line)}</a></li>' for number, line in enumerate(part))
        for part in (lines[:half], lines[half:])
    )
    return at_end(at_start(victim.markup, f"<nav><ul>{menu}</ul></nav>"), f"<footer><ul>{foot}</ul></footer>")


ATTACK = Attack("stuffed-boilerplate", "menus and footers of honest pages stuffed in", False, apply)
