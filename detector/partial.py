"""A page of which whoever stored it has only the beginning."""

from __future__ import annotations

from dataclasses import dataclass

from detector.page.page import Page


@dataclass(frozen=True, slots=True)
class PartOfPage(Page):
    """As `Page`, but `body` ends early; the verdict is on what is there and says `partial`, as on a page over the limits."""
