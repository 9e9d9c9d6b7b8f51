"""Words, their places in the tables, and sums of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.features.matcher import Matcher
from detector.features.wordvectors import BITS, DIMENSIONS, MAX_CHARACTERS, RARITY_UNIT, buckets, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Harbour Café, 24 boats", ["the", "harbour", "café", "boats"]),
        ("汽车蓄电池", ["汽车", "车蓄", "蓄电", "电池"]),
        ("茶 tea", ["茶", "tea"]),
        ("ข่าววันนี้", ["ข", "าววันน"]),
        ("a b 7 _", []),
        ("", []),
    ],
)
def test_words_are_folded_and_scripts_without_spaces_are_pairs(text: str, words: list[str]) -> None:
    found = words_of(text)
    assert found[: len(words)] == words or all(len(word) <= 2 for word in found)
    assert (found == []) == (words == [])


@given(st.text(max_size=300))
def test_any_text_has_words_with_places_inside_the_tables(text: str) -> None:
    for word in words_of(text):
        assert word and all(0 <= place < 2**BITS for place in buckets([word]))


def test_long_texts_are_read_to_a_limit() -> None:
    assert len(words_of("bridge " * 10_000)) <= MAX_CHARACTERS // 7 + 1


def test_a_word_shares_its_beginning_with_its_other_forms() -> None:
    assert set(buckets(["repairing"])) & set(buckets(["repaired"]))
    assert buckets(["repair"])[0] != buckets(["repairs"])[0]


def test_a_vector_is_a_unit_sum_that_does_not_depend_on_its_company(matcher: Matcher) -> None:
    texts = [words_of(text) for text in ("the old bridge over the river", "汽车蓄电池", "", "a choir sings on friday")]
    together = matcher.words.vectors(texts)
    assert together.shape == (4, DIMENSIONS) and np.isnan(together[2]).all()
    for index in (0, 1, 3):
        np.testing.assert_array_equal(together[index], matcher.words.vectors([texts[index]])[0])
        assert np.linalg.norm(together[index]) == pytest.approx(1.0, abs=1e-5)
    summed = matcher.words.weights[buckets(texts[0])].astype(np.float64).sum(axis=0) * matcher.words.scale
    np.testing.assert_allclose(together[0], summed / np.linalg.norm(summed), rtol=1e-5)


def test_the_longest_text_is_summed_without_overflow(matcher: Matcher) -> None:
    """Sixteen bits hold the sum of some two hundred and fifty weights, not of thousands."""
    weights = np.full_like(matcher.words.weights, 127)
    weights[:, 1] = -128
    extreme = replace(matcher.words, weights=weights, scale=np.ones_like(matcher.words.scale))
    for words in (["harmonium"] * 3000, ["of"] * 256, ["of"] * 257):
        found = extreme.vectors([["of"], words, ["river"]])
        np.testing.assert_allclose(found, np.repeat(found[:1], 3, axis=0), rtol=1e-6)
        assert found[1, 1] == pytest.approx(-128 / np.sqrt(63 * 127**2 + 128**2))


def test_rarities_are_looked_up_by_the_whole_word(matcher: Matcher) -> None:
    found = matcher.words.rarities(["bridge", "river"])
    assert found.tolist() == [matcher.words.rarity[buckets([word])[0]] / RARITY_UNIT for word in ("bridge", "river")]
    assert matcher.words.rarities([]).shape == (0,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("बिजली मिस्त्री की दुकान।", ["बिजली", "मिस्त्री", "की", "दुकान"]),
        ("বাংলা শিল্প", ["বাংলা", "শিল্প"]),
        ("Cafe\u0301 Orgel", ["cafe\u0301", "orgel"]),
        ("เว็บ", ["เว", "ว็", "็บ"]),
    ],
)
def test_vowel_signs_and_accents_belong_to_their_word(text: str, words: list[str]) -> None:
    """To `re` they are no letters, and a Hindi word would fall to pieces."""
    assert words_of(text) == words
