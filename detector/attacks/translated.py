"""Menus, labels and notices in another language, as a translation plug-in leaves them."""

from __future__ import annotations

import random
from functools import lru_cache
from html import escape

from detector.attacks.base import Attack, Victim
from detector.attacks.markup import map_text
from detector.terms import languages_of, read_table, terms


@lru_cache(maxsize=32)
def _labels(language: str) -> dict[str, list[str]]:
    """Marker terms of a language by category."""
    found: dict[str, list[str]] = {}
    for category, term in read_table(f"markers/{language}.tsv"):
        found.setdefault(category, []).append(term)
    return found


def apply(victim: Victim, strength: float, rng: random.Random) -> str:
    labels = _labels(rng.choice(languages_of("markers")))
    plain = (lambda text: text) if victim.is_text else escape

    def change(text: str) -> str:
        parts, place = [], 0
        for hit in terms().find(text):
            known = [term for category in sorted(hit.meaning.markers) for term in labels.get(category, ())]
            if known and rng.random() < strength:
                parts += [plain(text[place : hit.start]), plain(rng.choice(known))]
                place = hit.end
        return "".join([*parts, plain(text[place:])])

    return map_text(victim.markup, victim.is_text, change)


ATTACK = Attack("translated-boilerplate", "labels of menus and footers in another language", False, apply)
