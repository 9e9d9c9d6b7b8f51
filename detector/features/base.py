"""What a family is: specs, one pure function, and the record it returns.

A family is a module with `NAME`, `SPECS` and `extract(reading) -> FamilyResult`. It reads nothing but the Reading, so
families are independent and each can be left out. NaN means unknown; the model is trained to bear it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from detector.features.reading import Reading

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One number of the row.

    Attributes:
        name: ``family.feature``.
        unit: ``share``, ``count``, ``flag``, ``score``, ``log10``, ``cosine`` or ``nats``.
        low, high: its range, ends included; NaN is always allowed.
        missing: what NaN means here.
        doc: what is measured, in a line.
    """

    name: str
    unit: str
    low: float
    high: float
    missing: str
    doc: str


@dataclass(frozen=True, slots=True)
class Witness:
    """Something seen that speaks for a mismatch, with its place. `strength` is 0 to 1."""

    code: str
    source: str
    role: str
    quote: str
    start: int | None
    end: int | None
    strength: float
    message: str


@dataclass(frozen=True, slots=True)
class FamilyResult:
    """`values` has exactly the names of the family's specs."""

    values: Mapping[str, float]
    witnesses: tuple[Witness, ...]


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    specs: tuple[FeatureSpec, ...]
    extract: Callable[[Reading], FamilyResult]


def ratio(part: float, whole: float) -> float:
    """part / whole, NaN when the whole is zero or either is unknown."""
    if not whole or math.isnan(whole) or math.isnan(part):
        return NAN
    return part / whole


def log_count(number: float) -> float:
    """log10(1 + number): counts of pages differ by orders of magnitude."""
    return math.log10(1.0 + number)


def specs(family: str, rows: Iterable[tuple[str, str, float, float, str]]) -> tuple[FeatureSpec, ...]:
    """Specs from rows of (feature, unit, low, high, doc); NaN means that the part it reads is absent."""
    return tuple(
        FeatureSpec(f"{family}.{name}", unit, low, high, "the part of the page it reads is absent", doc)
        for name, unit, low, high, doc in rows
    )


def mismatch(witnesses: Iterable[Witness]) -> float:
    """A family's mismatch score: noisy-or of its witnesses' strengths, 0 (nothing seen) to 1."""
    remaining = 1.0
    for witness in witnesses:
        remaining *= 1.0 - min(max(witness.strength, 0.0), 1.0)
    return 1.0 - remaining


MISMATCH = ("mismatch", "score", 0.0, 1.0, "noisy-or of the strengths of this family's witnesses")
