"""Articles that share their vocabulary and nothing else, in pages of a publisher or of a copier."""

from __future__ import annotations

import random

from detector import Page

NOUNS = [
    "council",
    "bridge",
    "river",
    "mayor",
    "budget",
    "winter",
    "school",
    "harbour",
    "market",
    "train",
    "forest",
    "museum",
    "bakery",
    "stadium",
    "hospital",
]
VERBS = ["repairs", "visits", "closes", "opens", "paints", "sells", "praises", "inspects", "floods", "measures", "crosses", "leaves"]


def article(seed: int, sentences: int = 40) -> list[str]:
    """Sentences that no other seed has in this order."""
    words = random.Random(seed)
    pick = words.choice
    return [
        f"The {pick(NOUNS)} of {pick(NOUNS)} number {words.randrange(900)} {pick(VERBS)} the old {pick(NOUNS)}." for _ in range(sentences)
    ]


def page(sentences: list[str], url: str, date: str | None = None, around: str = "") -> Page:
    said = f'<meta property="article:published_time" content="{date}">' if date else ""
    body = "".join(f"<p>{' '.join(sentences[start : start + 4])}</p>" for start in range(0, len(sentences), 4))
    html = f"<html><head><title>News</title>{said}</head><body><nav>{around}</nav><article><h1>News</h1>{body}</article></body></html>"
    return Page.from_html(html, url, url)
