"""Whatever a caller has, as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from detector.errors import UsageError
from detector.page.page import Page

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

# Pages judged together: large enough to spread the model's fixed cost, small enough that answers keep coming.
BATCH = 32


def as_page(page: Page | str | bytes | BeautifulSoup) -> Page:
    """Whatever a caller has, as a Page.

    Raises:
        UsageError: it is none of the types named.
    """
    if isinstance(page, Page):
        return page
    if isinstance(page, (str, bytes)):
        return Page(page)
    if is_soup(page):
        return Page.from_soup(page)
    raise UsageError(f"a page is a Page, str, bytes or BeautifulSoup, not {type(page).__name__}; for a file give Page.from_file(path)")


def is_soup(page: object) -> TypeGuard[BeautifulSoup]:
    # By its name: nobody should need BeautifulSoup installed who has none.
    return type(page).__name__ == "BeautifulSoup" and hasattr(page, "decode")
