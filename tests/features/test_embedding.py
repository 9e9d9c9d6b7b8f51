"""Sentence vectors: a string's own, whatever stands beside it, was asked before, or is kept."""

from __future__ import annotations

import random
import threading
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.features.embedding import FEWEST, Cached, UniversalSentenceEncoder, grouped

STRINGS = (
    "The council agreed to repair the bridge",
    "Council repairs bridge",
    "Der Rat beschloss, die Brücke zu reparieren",
    "市政厅决定修桥",
    "online casino bonus",
    "казино онлайн",
    "a",
    "",
    "   ",
    "🙂🙂🙂",
    "a\u200bb\x00c",
    "word " * 120,
    "© 2024 Harrow Lane Dental Practice",
)


@pytest.fixture(scope="module")
def alone() -> dict[str, np.ndarray]:
    """Each string's vector from the encoder itself, which keeps nothing."""
    encoder = UniversalSentenceEncoder()
    return {string: encoder.encode([string])[0] for string in STRINGS}


def test_vectors_are_of_one_shape_and_unit_length(alone: dict[str, np.ndarray]) -> None:
    """float32 (strings, 512), finite, of length one; none for no strings."""
    encoder = Cached(UniversalSentenceEncoder())
    found = encoder.encode(list(STRINGS))
    assert (found.shape, found.dtype) == ((len(STRINGS), 512), np.float32)
    assert np.isfinite(found).all()
    lengths = [float(np.linalg.norm(alone[string])) for string in STRINGS if string.strip()]
    np.testing.assert_allclose(lengths, 1.0, atol=1e-4)
    assert encoder.encode([]).shape == (0, 512)


def test_a_translation_is_nearer_than_another_matter(alone: dict[str, np.ndarray]) -> None:
    """What the family rests on: meaning across languages."""
    english, german, casino, russian = (alone[STRINGS[index]] for index in (0, 2, 4, 5))
    assert english @ german > english @ casino + 0.3
    assert casino @ russian > german @ russian + 0.3


@settings(max_examples=25)
@given(strings=st.lists(st.sampled_from(STRINGS), max_size=30), cached=st.sampled_from([0, 1, 3, 100]))
def test_a_vector_depends_on_its_string_alone(strings: list[str], cached: int, alone: dict[str, np.ndarray]) -> None:
    """To the last bit: in any company and order, repeated, from a cache or not."""
    encoder = Cached(UniversalSentenceEncoder(), cached)
    half = len(strings) // 2
    for part in (strings, strings[half:], strings[:half], strings):
        for string, vector in zip(part, encoder.encode(part), strict=True):
            np.testing.assert_array_equal(vector, alone[string])


def test_a_caller_who_changes_an_answer_changes_no_other(alone: dict[str, np.ndarray]) -> None:
    """The cache is not handed out."""
    encoder = Cached(UniversalSentenceEncoder())
    for _ in range(2):
        found = encoder.encode([STRINGS[0]])
        np.testing.assert_array_equal(found[0], alone[STRINGS[0]])
        found[:] = 7.0


def test_what_is_kept_is_bounded_and_the_longest_unasked_goes_first() -> None:
    """Memory does not grow with pages; a string that returns stays."""
    encoder = Cached(UniversalSentenceEncoder(), 3)
    for number in range(12):
        encoder.encode(["a menu that returns", f"article {number}"])
    assert encoder.hits == (24, 11)
    assert len(encoder._cache) == 3
    assert list(encoder._cache) == ["article 10", "a menu that returns", "article 11"]


def test_threads_share_an_encoder(alone: dict[str, np.ndarray]) -> None:
    """Many at once get what one gets."""
    encoder = Cached(UniversalSentenceEncoder(), 4)
    wrong: list[str] = []
    told = threading.Barrier(6)

    def ask(seed: int) -> None:
        rng = random.Random(seed)
        told.wait()
        for _ in range(12):
            strings = rng.choices(STRINGS, k=5)
            wrong.extend(s for s, vector in zip(strings, encoder.encode(strings), strict=True) if not np.array_equal(vector, alone[s]))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert encoder.hits.asked == 6 * 12 * 5


@given(st.lists(st.text(max_size=500), max_size=40))
def test_groups_hold_every_string_in_order_and_are_never_split(strings: list[str]) -> None:
    """The encoder's limit is 384 tokens; only a string that is alone may pass it."""
    groups = list(grouped(strings))
    assert [string for group in groups for string in group] == strings
    for group in groups:
        tokens = sum(len(unicodedata.normalize("NFKC", string)) + 3 for string in group) + 3 * max(0, FEWEST - len(group))
        assert len(group) == 1 or tokens <= 384


def test_short_strings_share_a_group() -> None:
    """Which is what a group is for."""
    assert len(list(grouped([f"menu item {number}" for number in range(20)]))) == 1
