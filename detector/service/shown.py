"""What the templates are given: a stored verdict in the words and numbers that a person reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detector.reports.passages import Part, parts_of
from detector.reports.writing import percentage
from detector.service.worker import Ready
from detector.store.records import Stored
from detector.verdict import LABELS

LABEL_NAMES = [str(label) for label in LABELS]
ABSTAINED = "not judged"
_REASONS = {
    "too-little-text": "there is too little text to decide on",
    "empty": "the page is empty",
    "not-text": "this is not a page of text",
    "over-limit": "the page is over the limits of what is read",
    "timed-out": "reading the page took too long",
    "login-wall": "the page asks to sign in and shows little else",
}
_MEANINGS = {
    "clean": "what the page says belongs to its site",
    "scraped": "an article taken from elsewhere, put on a site that sells something else",
    "hijacked": "an honest site with foreign content planted in it",
    "spam": "a page made to sell or to rank, with no honest matter of its own",
}


@dataclass(frozen=True, slots=True)
class Point:
    """An operating point as a choice; `alarms` is its measured false-alarm rate in words, or empty."""

    name: str
    threshold: float
    alarms: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One verdict on a page. `parts` is None where the page's text was not kept."""

    stored: Stored
    point: str
    threshold: float
    flagged: bool | None
    label: str
    sentence: str
    percent: str
    parts: list[Part] | None
    omitted: int
    families: list[tuple[str, float]]


def points_of(about: Ready) -> list[Point]:
    """Operating points, strictest first."""
    rates = about.manifest.get("operating_points", {})
    found = []
    for name, threshold in sorted(about.operating_points.items(), key=lambda pair: -pair[1]):
        rate = rates.get(name, {}).get("false_positive_rate")
        found.append(Point(name, threshold, "" if rate is None else f"{rate * 100:.2g} % false alarms measured"))
    return found


def shown(
    stored: Stored, points: list[Point], point: str | None, text: str | None, blocks: tuple[tuple[int, int, str, str | None], ...]
) -> Shown:
    """The verdict at `point`, or at its own operating point when None."""
    verdict = stored.verdict
    chosen = next((one for one in points if one.name == point), None)
    name, threshold = (verdict["operating_point"], verdict["threshold"]) if chosen is None else (chosen.name, chosen.threshold)
    flagged, label = decision(verdict, threshold)
    parts, omitted = (None, 0) if text is None else parts_of(text, blocks, verdict["evidence"])
    families = sorted(((family, share) for family, share in stored.shares.items() if share >= 0.005), key=lambda pair: -pair[1])
    probability = verdict["flag_probability"]
    percent = "" if probability is None else percentage(probability)
    return Shown(stored, name, threshold, flagged, label, sentence(verdict, label), percent, parts, omitted, families)


def decision(verdict: dict[str, Any], threshold: float) -> tuple[bool | None, str]:
    """(flagged, label) at a threshold, as `Verdict.at`; the page's script computes the same."""
    probabilities = verdict["probabilities"]
    if probabilities is None:
        return None, ABSTAINED
    # The stored number is rounded to six places, and so are the thresholds that it was compared with.
    flagged = verdict["flag_probability"] >= round(threshold, 6)
    return flagged, max(LABEL_NAMES[1:], key=lambda name: probabilities[name]) if flagged else "clean"


def sentence(verdict: dict[str, Any], label: str) -> str:
    if label == ABSTAINED:
        return f"Neither yes nor no: {_REASONS.get(verdict['abstained'], verdict['abstained'])}."
    return f"{_MEANINGS[label].capitalize()}."


def meanings() -> dict[str, str]:
    return dict(_MEANINGS)
