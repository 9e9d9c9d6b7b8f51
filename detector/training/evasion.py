"""`detector evaluate --attacks`: what is still flagged after a spammer has changed it, and what stays clean after honest tools have."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import Any

from detector.attacks.base import STRENGTHS, Attack, Victim
from detector.attacks.registry import ATTACKS, TOOLS
from detector.detector import Detector
from detector.page.decode import decode
from detector.page.page import HTML, Page
from detector.page.read import Unreadable, read
from detector.training.evaluate import Labelled
from detector.verdict import Verdict

# Pages attacked of each side: those with the smallest digests. Every one is judged about forty times.
MOST = 300
# Honest texts to borrow from, and characters that make one worth it.
_DONORS, _LEAST_TEXT = 60, 600


def resist(detector: Detector, pages: Sequence[Labelled], workers: int = 1, most: int = MOST) -> dict[str, Any]:
    """Figures of a labelled set under attack.

    Returns:
        `attacks`: by attack and strength the bad pages tried, recall, recall as a share of the unattacked recall on the same pages, and how
        many abstained; `tools` the same for clean pages and honest tools, with the share flagged; `summary` for the unseen half.
    """
    bad = _chosen([item for item in pages if item.label != "clean"], most)
    clean = _chosen([item for item in pages if item.label == "clean"], most)
    honest = _honest(clean)
    attacks: dict[str, Any] = {}
    tools: dict[str, Any] = {}
    for tried, kinds, items in ((attacks, ATTACKS, bad), (tools, TOOLS, clean)):
        before = [bool(verdict.flagged) for verdict in detector.classify_many((item.page for item in items), workers)]
        tried |= {attack.name: _tried(detector, attack, items, before, honest, workers) for attack in kinds}
    return {"attacks": attacks, "tools": tools, "summary": _summary(attacks, tools)}


def attacked(page: Page, attack: Attack, strength: float, honest: Sequence[str] = ()) -> Page:
    """The page after an attack; the same page, attack and strength give the same bytes."""
    page = page.with_media_type()
    markup = page.body if isinstance(page.body, str) else decode(page.body, page.charset) or ""
    seed = hashlib.sha256(f"{attack.name} {strength} {markup}".encode("utf-8", "replace")).digest()
    victim = Victim(markup, page.media_type != HTML, page.url, honest)
    return Page(attack.apply(victim, strength, random.Random(seed)), page.url, page.id, page.media_type)


def _chosen(items: list[Labelled], most: int) -> list[Labelled]:
    def digest(item: Labelled) -> str:
        body = item.page.body
        return hashlib.sha256(body.encode("utf-8", "replace") if isinstance(body, str) else body).hexdigest()

    return sorted(items, key=digest)[:most]


def _honest(clean: Sequence[Labelled]) -> list[str]:
    texts = []
    for item in clean:
        try:
            text = read(item.page).text
        except Unreadable:
            continue
        if len(text) >= _LEAST_TEXT:
            texts.append(text)
        if len(texts) == _DONORS:
            break
    return texts


def _tried(
    detector: Detector, attack: Attack, items: Sequence[Labelled], flags: Sequence[bool], honest: Sequence[str], workers: int
) -> dict[str, Any]:
    """An attack on pages of which `flags` says whether they were flagged before."""
    chosen = [
        (item.page, flag)
        for item, flag in zip(items, flags, strict=True)
        if not attack.html_only or item.page.with_media_type().media_type == HTML
    ]
    pages, before = [page for page, _ in chosen], sum(flag for _, flag in chosen)
    found: dict[str, Any] = {"doc": attack.doc, "half": "training" if attack.training else "testing", "pages": len(pages)}
    found["before"] = _share(before, len(pages))
    found["strengths"] = {}
    for strength in STRENGTHS:
        verdicts = list(detector.classify_many((attacked(page, attack, strength, honest) for page in pages), workers))
        after = _flagged(verdicts)
        found["strengths"][f"{strength:g}"] = {
            "flagged": _share(after, len(pages)),
            "of_before": _share(after, before),
            "abstained": sum(verdict.abstained is not None for verdict in verdicts),
        }
    return found


def _flagged(verdicts: Sequence[Verdict]) -> int:
    return sum(bool(verdict.flagged) for verdict in verdicts)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _summary(attacks: dict[str, Any], tools: dict[str, Any]) -> dict[str, Any]:
    """Over attacks and strengths: mean and least recall as a share of the unattacked, of the half that no training sees and of all; the
    largest share of clean pages flagged after an honest tool.

    A share above one counts as one: an attack that betrays the page must not make up for one that hides it.
    """

    def shares(half: str | None) -> list[float]:
        return [
            min(1.0, entry["of_before"])
            for attack in attacks.values()
            for entry in attack["strengths"].values()
            if (half is None or attack["half"] == half) and entry["of_before"] is not None
        ]

    result: dict[str, Any] = {}
    for name, half in (("unseen", "testing"), ("all", None)):
        found = shares(half)
        result[name] = {"mean": round(sum(found) / len(found), 4), "least": min(found)} if found else {"mean": None, "least": None}
    flagged = [entry["flagged"] for tool in tools.values() for entry in tool["strengths"].values() if entry["flagged"] is not None]
    result["clean_flagged_most"] = max(flagged, default=None)
    return result
