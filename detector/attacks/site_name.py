"""A site name that is another's."""

from __future__ import annotations

import random
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import in_head
from detector.terms import read_table


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    """Stronger: said in more places; the first of a page counts, so it is said before the page's own."""
    name = escape(rng.choice(read_table("press.tsv"))[0])
    says = [
        f'<meta property="og:site_name" content="{name}">',
        f'<meta name="application-name" content="{name}">',
        f'<meta name="author" content="{name}">',
    ]
    said = "".join(says[: max(1, round(len(says) * strength))])
    head = victim.markup.lower().find("<head")
    end = victim.markup.find(">", head) + 1 if head >= 0 else 0
    return victim.markup[:end] + said + victim.markup[end:] if end else in_head(victim.markup, said)


ATTACK = Attack("faked-site-name", "og:site_name of a real publisher", True, apply, html_only=True)
