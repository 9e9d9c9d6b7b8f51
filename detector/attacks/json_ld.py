"""The structured data of a real publisher, copied."""

from __future__ import annotations

import json
import random
from typing import Any

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import in_head
from detector.terms import read_table


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    """Stronger: more of the publisher's own data."""
    name, domain, *_ = rng.choice(read_table("press.tsv"))
    publisher: dict[str, Any] = {"@type": "NewsMediaOrganization", "name": name, "url": f"https://{domain}/"}
    article: dict[str, Any] = {"@type": "NewsArticle", "publisher": publisher}
    if strength > 0.3:
        article |= {"author": {"@type": "Person", "name": name}, "mainEntityOfPage": f"https://{domain}/news/{rng.randrange(10**6)}"}
    if strength > 0.6:
        publisher |= {"logo": {"@type": "ImageObject", "url": f"https://{domain}/logo.png"}, "sameAs": [f"https://{domain}/"]}
        article |= {"isAccessibleForFree": True, "copyrightHolder": publisher}
    data = json.dumps({"@context": "https://schema.org", **article}, ensure_ascii=False).replace("<", "\\u003c")
    return in_head(victim.markup, f'<script type="application/ld+json">{data}</script>')


ATTACK = Attack("copied-json-ld", "structured data of a real publisher", False, apply, html_only=True)
