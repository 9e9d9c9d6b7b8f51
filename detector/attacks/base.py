"""What an attack is, and what it may use."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Shares of the page, or of its words, that an attack changes.
STRENGTHS = (0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class Victim:
    """The page under attack.

    Attributes:
        markup: HTML, or plain text when `is_text`.
        url: its address, None if unknown.
        honest: texts of honest pages, paragraphs split by newlines, of which an attack may borrow; may be empty.
    """

    markup: str
    is_text: bool
    url: str | None
    honest: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Attack:
    """`apply(victim, strength, rng)` is the changed markup. `training` says whether a model may be trained on it; an attack on
    markup alone (`html_only`) is not tried on plain text."""

    name: str
    doc: str
    training: bool
    apply: Callable[[Victim, float, random.Random], str]
    html_only: bool = False
