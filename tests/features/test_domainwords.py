"""Words inside a domain's name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.features.domainwords import split


@pytest.mark.parametrize(
    ("name", "words", "topic"),
    [
        ("millbrookdental", ("mill", "brook", "dental"), "medical"),
        ("riversidehospital", ("riverside", "hospital"), "medical"),
        ("bridgeprimaryschool", ("bridge", "primary", "school"), "education"),
        ("best-casino-24", ("best", "casino", "24"), "gambling"),
        ("autohaus-meier", ("autohaus", "meier"), "automotive"),
        ("kankou-kyokai", ("kankou", "kyokai"), "travel"),
    ],
)
def test_a_name_is_split_into_its_words_and_trades(name: str, words: tuple[str, ...], topic: str) -> None:
    """Words in order, and what trade they speak of."""
    found = split(name)
    assert found.words == words
    assert topic in found.topics
    assert found.known == 1.0


@given(st.text(max_size=70))
def test_any_name_is_split(name: str) -> None:
    """Shares stay in range and the ASCII letters and digits of the first 60 characters are all in the words."""
    found = split(name)
    assert 0.0 <= found.known <= 1.0
    assert all(found.words)
    assert found.cost <= 0.0 or found.cost != found.cost
    if len(name) <= 60:
        expected = [character for character in name.lower() if character in "abcdefghijklmnopqrstuvwxyz0123456789"]
        assert [character for character in "".join(found.words) if character in "abcdefghijklmnopqrstuvwxyz0123456789"] == expected
