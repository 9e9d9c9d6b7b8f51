"""A page as it was stored: of some archives hold only the beginning, and some have an address that is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

from detector.addressed import as_judged
from detector.page.document import Document
from detector.page.limits import Limits
from detector.page.page import Page
from detector.page.read import read


@dataclass(frozen=True, slots=True)
class PartOfPage(Page):
    """As `Page`, but `body` ends early; the verdict is on what is there and says `partial`, as on a page over the limits."""


def document_of(page: Page, limits: Limits) -> Document:
    """The page as it is judged.

    Raises:
        Unreadable: as `read`.
    """
    document = read(as_judged(page), limits)
    return replace(document, partial="over-limit") if isinstance(page, PartOfPage) else document
