"""The plain characters that are looked for before a publishing system's pattern is tried."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.features.address import required_literal
from detector.terms import read_table

PATTERNS = [row[1] for row in read_table("publishing.tsv")]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_whatever_a_pattern_of_the_table_matches_holds_its_literal(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    path = data.draw(st.from_regex(pattern, alphabet=st.characters(codec="ascii")))
    assert re.search(pattern, path)
    assert required_literal(pattern) in path


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r"/a/\d{6}/WS[0-9a-f]{24}\.html?", ".htm"),
        (r"/s\?__biz=[A-Z]+&", "/s?__biz="),
        (r"/blob/|/tree/", ""),
        (r"/(news|sport)/\d+", "/"),
        (r"ab?c*de", "de"),
        (r"[.]x\.y", "x.y"),
        (r"/(a|b(c|d)e)longer/\d", "longer/"),
    ],
)
def test_the_literal_is_the_longest_run_that_nothing_makes_optional(pattern: str, literal: str) -> None:
    assert required_literal(pattern) == literal
