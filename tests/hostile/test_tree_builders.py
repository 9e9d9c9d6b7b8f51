"""Markup that makes a tree builder repeat its work: read in time, its text kept, and honest markup left as it is."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from detector import Page
from detector.page.limits import scan
from detector.page.read import read
from detector.page.repeaters import FEW_TAGS, MAX_ROOTS

# What no input up to 10 MB may take, in seconds; features have their share of it.
BOUND = 1.5


def numbered(pattern: bytes, number: int) -> bytes:
    return b"".join(pattern % place for place in range(number))


def names(start: int) -> bytes:
    return b"".join(b"a%dx%d " % (start, place) for place in range(390))


REPEATING: dict[str, Callable[[], bytes]] = {
    "an open element in every paragraph": lambda: numbered(b"<b id=%d><p>x", 39_000),
    "an open element in every list item": lambda: numbered(b"<li><i id=%d>x", 39_000),
    "a thousand open elements closed in vain": lambda: numbered(b"<b id=%d>", 1_000) + b"<div>x" * 1_000 + b"</b>" * 70_000,
    "a second body with other attributes": lambda: b"".join(b"<body " + names(start) + b">x" for start in range(700)),
    "upper case": lambda: numbered(b"<FONT\tID=%d><P>x", 39_000),
    "150,000 names of attributes": lambda: b"".join(b"<p " + names(start) + b">x" for start in range(390)),
    "names that hold quotes": lambda: b"".join(b"<p " + names(start).replace(b"x", b'"x') + b">x" for start in range(390)),
}


@pytest.mark.parametrize("name", REPEATING)
def test_repeated_work_is_bounded(name: str) -> None:
    """Every one of these took a tree builder more than five seconds or three gigabytes."""
    body = REPEATING[name]()
    start = time.process_time()
    document = read(Page.from_html(b"<p>" + b"the council agreed to repair the bridge " * 9 + b"</p>" + body))
    assert time.process_time() - start < BOUND
    assert "the council agreed" in document.text


def test_renamed_elements_keep_their_text_and_end_a_drawing() -> None:
    """Nothing a reader sees goes unread: a formatting tag in a drawing ends it, and so does what stands in its place."""
    body = numbered(b"<b id=%d><p>x", 2_000) + b"<svg><b>casino bonus</b></svg><p>after"
    safe, _ = scan(body)
    assert b"<b" not in safe
    text = read(Page.from_html(body)).text
    assert "casino bonus" in text and "after" in text and text.count("x") == 2_000


def test_honest_markup_is_left_as_it_is() -> None:
    """Many alike, few that differ, or a small page: not a byte changes."""
    for body in (b"<p><b>x</b></p>" * 9_000, numbered(b"<b id=%d>x</b>", FEW_TAGS // 2 - 1), b"<body>" * MAX_ROOTS):
        assert scan(body) == (body, False)


def test_a_text_of_very_many_words_is_cut_where_the_names_are_too_many() -> None:
    """What stands before is read, and the cut is said."""
    words = numbered(b"word%d ", 61_000)
    safe, cut = scan(b"<p>" + words)
    assert cut and (b"<p>" + words).startswith(safe) and len(set(safe.split())) >= 59_000
