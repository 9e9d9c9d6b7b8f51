"""Text that a script writes when the page is opened."""

from __future__ import annotations

import json
import random
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_text
from detector.features.distributions import sold_by
from detector.terms import terms


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    """Texts that hold a spam term are written by a script; a reader sees them where they were."""

    def change(text: str) -> str:
        if rng.random() >= strength or not any(sold_by(hit) for hit in terms().find(text)):
            return escape(text)
        said = json.dumps(escape(text), ensure_ascii=False).replace("</", "<\\/")
        return f"<script>document.write({said})</script>"

    return map_text(victim.markup, False, change)


ATTACK = Attack("scripted", "text written by JavaScript", False, apply, html_only=True)
