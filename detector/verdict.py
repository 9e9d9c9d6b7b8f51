"""The answer: label, probabilities, evidence, or the reason why there is none.

Records are frozen and hold probabilities, so another threshold is a comparison and not a second run (`Verdict.at`).
The JSON form and the order of its keys are part of the public interface.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from numbers import Real
from typing import Any

from detector.errors import UsageError


class Label(StrEnum):
    """What a page is, by the question: does what it says belong to the host that says it?"""

    CLEAN = "clean"
    SCRAPED = "scraped"
    HIJACKED = "hijacked"
    SPAM = "spam"

    def __setstate__(self, state: object) -> None:
        """Raises:
        TypeError: always. There is one of each label, and no pickle may change it.
        """
        raise TypeError("a label has no state")


LABELS: tuple[Label, ...] = (Label.CLEAN, Label.SCRAPED, Label.HIJACKED, Label.SPAM)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation that the verdict rests on.

    Attributes:
        code: family and finding, such as ``identity.owner-is-offer``.
        source: ``text``, ``address``, ``head`` or ``attribute``.
        role: the role of the block it was seen in (``copyright``, ``prevnext`` …), or of the field (``title``, ``host``).
        quote: the words seen; for ``text`` exactly ``document.text[start:end]``.
        start, end: code points into ``document.text``; None unless the source is ``text``.
        weight: 0 to 1, the family's share of the decision times the witness's share of the family; 0 of what stands beside the decision
            (``provenance.copied``).
        message: one sentence for a person.
    """

    code: str
    source: str
    role: str
    quote: str
    start: int | None
    end: int | None
    weight: float
    message: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "source": self.source,
            "role": self.role,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "weight": round(self.weight, 4),
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Asking:
    """What `Verdict.at` needs to ask again, and no reader of a verdict does.

    Attributes:
        if_flagged, if_clean: the reason to abstain where the threshold is reached, and where it is not; None is an answer.
        probabilities, evidence: what an abstaining verdict holds back; None and nothing while it answers.
    """

    if_flagged: str | None
    if_clean: str | None
    probabilities: dict[str, float] | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the detector says of one page.

    An abstaining verdict has ``abstained`` set and no label, probabilities or flag: null is neither yes nor no.
    """

    id: str
    url: str | None
    label: Label | None
    flagged: bool | None
    flag_probability: float | None
    probabilities: dict[str, float] | None
    evidence: tuple[Evidence, ...]
    abstained: str | None
    partial: str | None
    operating_point: str
    threshold: float
    model: str
    # Equality is of what is said: a verdict read back from its JSON form has nothing to ask again with.
    _asking: Asking | None = field(default=None, repr=False, compare=False)

    def at(self, threshold: float, name: str = "custom") -> Verdict:
        """The same answer asked again at another threshold (0 to 1), as the detector at that threshold gives it.

        Whether to abstain is asked again too: a short page that was flagged on its address abstains where it no longer is, and the
        other way round. A page without a document (`empty`, `not-text`, `over-limit`) abstains at every threshold.

        Evidence is what was collected at the first asking: that of every page whose flag probability reaches the loosest named
        operating point or the threshold then asked for. Below both there is none, as collecting it for every clean page would cost a
        fifth of a run; `Detector.at_threshold` collects it.

        Raises:
            UsageError: the threshold is no number, or outside 0 to 1.
        """
        check_threshold(threshold)
        asking = self._asking
        probabilities, evidence = self.probabilities, self.evidence
        if self.abstained is not None and asking is not None:
            probabilities, evidence = asking.probabilities, asking.evidence
        if probabilities is None:
            return replace(self, threshold=threshold, operating_point=name)
        flagged, label = decide(probabilities, threshold)
        reason = None if asking is None else asking.if_flagged if flagged else asking.if_clean
        if reason is not None and asking is not None:
            return replace(
                self,
                label=None,
                flagged=None,
                flag_probability=None,
                probabilities=None,
                evidence=(),
                abstained=reason,
                operating_point=name,
                threshold=threshold,
                _asking=replace(asking, probabilities=probabilities, evidence=evidence),
            )
        return replace(
            self,
            label=label,
            flagged=flagged,
            flag_probability=1.0 - probabilities[Label.CLEAN],
            probabilities=probabilities,
            evidence=evidence,
            abstained=None,
            operating_point=name,
            threshold=threshold,
            _asking=None if asking is None else replace(asking, probabilities=None, evidence=()),
        )

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the interface, keys in its order."""
        return {
            "id": self.id,
            "url": self.url,
            "label": None if self.label is None else str(self.label),
            "flagged": self.flagged,
            "flag_probability": None if self.flag_probability is None else round(self.flag_probability, 6),
            "probabilities": None if self.probabilities is None else {name: round(value, 6) for name, value in self.probabilities.items()},
            "evidence": [piece.to_dict() for piece in self.evidence],
            "abstained": self.abstained,
            "partial": self.partial,
            "operating_point": self.operating_point,
            "threshold": round(self.threshold, 6),
            "model": self.model,
        }


def check_threshold(threshold: float) -> None:
    """Raises:
    UsageError: it is no number, or outside 0 to 1.
    """
    # A bool is a number to Python; nobody who passes one means a probability.
    if isinstance(threshold, bool) or not isinstance(threshold, Real):
        raise UsageError(f"a threshold is a number from 0 to 1, not {type(threshold).__name__}; give a probability such as 0.9")
    if not 0.0 <= threshold <= 1.0:
        raise UsageError(f"threshold {threshold!r} is outside 0 to 1; give a probability such as 0.9")


def decide(probabilities: dict[str, float], threshold: float) -> tuple[bool, Label]:
    """Flagged when 1 - p(clean) reaches the threshold; the label is then the likeliest of the bad three."""
    flagged = 1.0 - probabilities[Label.CLEAN] >= threshold
    if not flagged:
        return False, Label.CLEAN
    return True, max(LABELS[1:], key=lambda label: probabilities[label])
