"""Composed pages as they come after an attack, and controls after honest tools: those of the training half, at a small share.

What is measured must be what was never seen, so nothing here reaches the other half (`detector.attacks.registry`). An attack changes the markup
and neither the label nor what is foreign; one that takes away all that was foreign is not kept.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace

from detector.attacks.base import STRENGTHS, Attack, Victim
from detector.attacks.registry import FOR_TRAINING, TOOLS_FOR_TRAINING
from detector.page.decode import decode
from detector.page.page import HTML, TEXT, Page
from detector.page.read import Unreadable, read
from detector.training.content import Article
from detector.training.intruders import foreign_blocks
from detector.training.pool import Sample

# Share of the bad pages and of the controls that are tried; one page in three has no spam word to disguise, no footer to lose, and is tried again.
SHARE = 0.07
# Attacks after which an honest page is still one: controls go through the same scissors, so that a split block alone says nothing.
_HARMLESS = frozenset(("split-blocks", "removed-footer"))
_DONORS = 60


def donors_of(articles: Sequence[Article], rng: random.Random) -> list[str]:
    """Honest texts of a fold that an attack may borrow from."""
    chosen = rng.sample(list(articles), min(_DONORS, len(articles)))
    return ["\n".join((article.headline, *article.paragraphs)) for article in chosen]


def disguised(sample: Sample, donors: Sequence[str]) -> Sample:
    """The sample, or for `SHARE` of them the sample after an attack (a control: after an honest tool), which `choices` records.

    It depends on the sample and the donors alone.
    """
    body = sample.body if isinstance(sample.body, str) else decode(sample.body) or ""
    rng = random.Random(hashlib.sha256(f"{sample.fold} {body}".encode("utf-8", "replace")).digest())
    if rng.random() >= SHARE:
        return sample
    is_clean = sample.label == "clean"
    kinds = [*TOOLS_FOR_TRAINING, *(attack for attack in FOR_TRAINING if attack.name in _HARMLESS)] if is_clean else list(FOR_TRAINING)
    for attack in rng.sample(kinds, len(kinds)):
        strength = rng.choice(STRENGTHS)
        made = None if attack.html_only and sample.is_text else _after(sample, body, attack, strength, donors, rng)
        if made is not None:
            return replace(sample, body=made, choices={**sample.choices, "attack": attack.name, "strength": strength})
    return sample


def _after(sample: Sample, body: str, attack: Attack, strength: float, donors: Sequence[str], rng: random.Random) -> str | None:
    """The body after an attack, None where that changed nothing or left nothing foreign."""
    made = attack.apply(Victim(body, sample.is_text, sample.url, donors), strength, rng)
    if made == body:
        return None
    if not sample.foreign:
        return made
    had, has = (_has_foreign(markup, sample) for markup in (body, made))
    return made if has or not had else None


def _has_foreign(markup: str, sample: Sample) -> bool:
    try:
        document = read(Page(markup, sample.url, "", TEXT if sample.is_text else HTML))
    except Unreadable:
        return False
    return bool(foreign_blocks(document, [(block.start, block.end) for block in document.blocks], sample.foreign).any())
