"""Footers, copyright lines and owners taken out."""

from __future__ import annotations

import random
import re

from detector.attacks.base import Attack, Victim

_SIGN = r"(?:©|&copy;|copyright|\(c\) ?(?:19|20)|版权所有|版權所有|ICP[备備证]|저작권|著作権|all rights reserved)"
_LINE = re.compile(rf"^[^\n]{{0,300}}{_SIGN}[^\n]{{0,300}}$", re.IGNORECASE | re.MULTILINE)
_ELEMENT = re.compile(rf">[^<>]{{0,300}}{_SIGN}[^<>]{{0,300}}<", re.IGNORECASE)
_FOOTER = re.compile(
    r"<footer\b[^<]*(?:<(?!/?footer\b)[^<]*)*</footer\s{0,9}>|<div[^<>]{0,80}(?:foot|bottom)[^<>]{0,80}>.{0,4000}?</div>",
    re.IGNORECASE | re.DOTALL,
)


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    """Weak: lines that name an owner; at full strength the footers too."""
    if victim.is_text:
        lines = _LINE.sub("", victim.markup).rstrip().splitlines()
        return "\n".join(lines[: len(lines) - int(6 * strength)] if strength == 1.0 and len(lines) > 20 else lines)
    markup = _ELEMENT.sub(lambda match: "><" if rng.random() < strength * 2 else match[0], victim.markup)
    return _FOOTER.sub("", markup) if strength == 1.0 else markup


ATTACK = Attack("removed-footer", "footers and owners taken out", True, apply)
