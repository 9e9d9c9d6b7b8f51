"""Scripts of a text and of its parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.features.languages import SCRIPTS, language_beside, language_of, script_counts, scripts_of_spans

PIECES = st.sampled_from(
    ["council ", "казино", "赌场", "カジノ", "카지노", "كازينو", "कैसीनो", "คาสิโน", "©", "1", "\n", "é", "ß", "𝒞", "😀", "\ud83d"]
)
TEXTS = st.lists(PIECES | st.characters(), max_size=40).map("".join)


@st.composite
def texts_and_spans(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text and ascending spans of it that do not overlap, empty ones among them."""
    text = draw(TEXTS)
    bounds = sorted(draw(st.lists(st.integers(0, len(text)), max_size=12)))
    return text, list(zip(bounds[::2], bounds[1::2], strict=False))


@given(given_=texts_and_spans())
def test_the_scripts_of_spans_are_those_of_their_texts(given_: tuple[str, list[tuple[int, int]]]) -> None:
    """One pass over the text counts letters as a look at each part does."""
    text, spans = given_
    found = scripts_of_spans(text, spans)
    assert found.shape == (len(spans), len(SCRIPTS))
    expected = np.array([script_counts(text[start:end]) for start, end in spans]).reshape(len(spans), len(SCRIPTS))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(("text", "script"), [("𠀀𠀁", "han"), ("文𠀀", "han")])
def test_rare_han_is_han(text: str, script: str) -> None:
    """Characters from 0x20000 on, in a whole text and in a span; a symbol beside them is none."""
    place = SCRIPTS.index(script)
    for counts in (script_counts(text + "😀"), scripts_of_spans(text + "😀", [(0, len(text) + 1)])[0].tolist()):
        assert (counts[place], counts[0]) == (len(text), 1)


@pytest.mark.parametrize(
    ("text", "home", "language"),
    [
        ("© 2024 森岡発条製作所", "ja", "ja"),
        ("自己紹介", "ja", "ja"),
        ("森岡発条製作所", "en", "zh"),
        ("产品分类", "ja", "zh"),
        ("相关文章", "ja", "zh"),
        ("版权所有", "ja", "zh"),
        ("關於我們", "ja", "zh"),
        ("體育投注", "ja", "zh"),
        ("髙島屋", "ja", "ja"),
        ("© 2024 株式会社髙橋組", "ja", "ja"),
        ("金澤製作所", "ja", "ja"),
        ("お問い合わせ", "zh", "ja"),
        ("森岡発条製作所", None, "zh"),
    ],
)
def test_chinese_characters_on_a_japanese_page_are_japanese_unless_japan_lacks_them(text: str, home: str | None, language: str) -> None:
    assert language_beside(text, home) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Global Head of Data and AI, Norwick", "en"),
        ("GLOBAL HEAD OF DATA AND AI, NORWICK", "en"),
        ("Sonderangebote Für Werkzeuge Und Maschinen", "de"),
        ("Les animaux ne sont pas des cadeaux", "fr"),
        ("Short", None),
    ],
)
def test_a_capital_on_every_word_does_not_change_the_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "home", "language"),
    [
        ("Bravado Classic Pro 12 Bar Machine", "en", "en"),
        ("Majestic Palace Grande Punta Suites", "en", None),
        ("Sonderangebote für Werkzeuge und Maschinen", "en", "de"),
        ("Les animaux ne sont pas des cadeaux", "it", "fr"),
    ],
)
def test_a_string_that_might_be_in_the_pages_language_is_in_it(text: str, home: str, language: str | None) -> None:
    """Unless nothing is likely."""
    assert language_beside(text, home) == language
