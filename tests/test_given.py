"""What the library takes for a page or for many, and what it says of anything else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup

from detector import Detector, Page, UsageError
from tests.conftest import PROSE


def test_a_str_with_a_stray_tag_is_text(detector: Detector) -> None:
    """`classify(str)` reads a text with `<strong>` in it as the text it is."""
    text = PROSE * 3 + "It moved from Stockholm<strong></strong> to Riga."
    assert detector.document(text).kind == "text"
    assert "<strong></strong>" in detector.document(text).text
    assert detector.classify(text).to_dict() == detector.classify(Page.from_text(text)).to_dict()


def test_str_bytes_and_soup_of_one_page_have_one_verdict(detector: Detector) -> None:
    """`classify` takes what a caller has."""
    html = (
        f"<!doctype html>\n<html><head><title>Bridge</title></head><body><h1>The bridge</h1><p>{PROSE * 3}</p>"
        "<footer>© 2024 The Wend Gazette</footer></body></html>"
    )
    expected = detector.classify(Page.from_html(html))
    assert expected.abstained is None
    for form in (html, html.encode(), BeautifulSoup(html, "html.parser")):
        assert detector.classify(form) == expected


def test_anything_else_is_misuse(detector: Detector) -> None:
    """A number, a path or None is no page; the message names the type."""
    for wrong in (3, None, Path("a.html"), ["<p>"]):
        with pytest.raises(UsageError, match=type(wrong).__name__):
            detector.classify(wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="workers"):
        list(detector.classify_many([PROSE], workers=0))


@pytest.mark.parametrize(
    "page", [PROSE, PROSE.encode(), Page(PROSE), BeautifulSoup(f"<p>{PROSE}</p>", "html.parser")], ids=lambda page: type(page).__name__
)
def test_a_single_page_given_as_many_is_misuse(page: Any, detector: Detector) -> None:
    """A str is not taken for as many pages as it has characters; the message says what to pass."""
    with pytest.raises(UsageError, match=r"single .*pass a list"):
        list(detector.classify_many(page))


@pytest.mark.parametrize("url", ["notaurl", "not a url", "javascript:alert(1)", "http://", "https://[::1", "http://not a url/"])
def test_what_is_no_address_is_unknown(url: str, detector: Detector) -> None:
    """It changes nothing but the url that the verdict gives back."""
    html = f"<html><title>Bridge</title><body><h1>Bridge</h1><p>{PROSE * 3}</p></body></html>"
    unknown = detector.classify(Page.from_html(html))
    found = detector.classify(Page.from_html(html, url))
    assert found == replace(unknown, url=url)
    np.testing.assert_array_equal(detector.row(Page.from_html(html, url)).values, detector.row(Page.from_html(html)).values)


def test_half_a_surrogate_pair_is_judged(detector: Detector) -> None:
    """A str from JSON may hold one, in text, markup or address."""
    for page in (
        Page.from_text(PROSE * 3 + "\ud83d"),
        Page.from_html(f"<p>{PROSE * 3}\ud83d</p>"),
        Page.from_text(PROSE * 3, url="https://example.org/\ud83d"),
    ):
        assert detector.classify(page).abstained is None
