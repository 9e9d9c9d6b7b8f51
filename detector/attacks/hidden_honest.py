"""Honest text that readers do not see and a detector may."""

from __future__ import annotations

import random
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import at_end

# Characters at full strength: a long article.
_MOST = 12_000
_STYLES = ("display:none", "position:absolute;left:-9999px", "font-size:0", "height:0;overflow:hidden", "opacity:0")


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    text = rng.choice(victim.honest)[: int(_MOST * strength)] if victim.honest else ""
    inside = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    return at_end(victim.markup, f'<div style="{rng.choice(_STYLES)}">{inside}</div>')


ATTACK = Attack("hidden-honest", "honest text hidden by CSS", True, apply, html_only=True)
