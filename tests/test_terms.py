"""One pass finds every term of the tables at word boundaries, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.terms import MAX_ENDING, Entry, Terms, continues_word, fold, is_unspaced, terms


def table(**terms_by_topic: str) -> Terms:
    """A small table: topic to terms separated by commas; `marker_x` makes markers, `brand_x` brands."""
    meanings: dict[str, list[Entry]] = {}
    for name, text in terms_by_topic.items():
        kind, category = name.split("_", 1) if "_" in name else ("topic", name)
        for term in text.split(","):
            meanings.setdefault(fold(term), []).append(Entry(kind, category, "en"))
    return Terms(meanings)


def found(automaton: Terms, text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in automaton.find(text)]


@pytest.mark.parametrize("text", ["bet", "Bet!", "a bet, he said", "“bet”", "bet365-free bet", "—bet—", "1 bet 2"])
def test_a_short_term_matches_as_a_word(text: str) -> None:
    """Punctuation, line ends and spaces end words; case does not matter."""
    assert "bet" in [word.lower() for word in found(table(gambling="bet"), text)]


@pytest.mark.parametrize("text", ["better", "alphabet", "bets1x", "Tibet", "bété", "abet"])
def test_a_short_term_does_not_match_inside_a_word(text: str) -> None:
    """Below five letters a term is a word of its own: “bet” is not in “better”."""
    assert found(table(gambling="bet"), text) == []


@pytest.mark.parametrize(
    ("text", "match"), [("казино", "казино"), ("в казинам!", "казинам"), ("dentistry", "dentistry"), ("Zahnärzten", "Zahnärzten")]
)
def test_a_stem_takes_an_ending_with_it(text: str, match: str) -> None:
    """Stems of five letters or more are found with their inflection, and the ending is part of the match."""
    assert found(table(medical="казин,dentis,zahnärzt"), text) == [match]


def test_a_stem_takes_no_more_than_an_ending() -> None:
    """A longer continuation is another word."""
    stem = "dentis"
    assert found(table(medical=stem), stem + "x" * MAX_ENDING) == [stem + "x" * MAX_ENDING]
    assert found(table(medical=stem), stem + "x" * (MAX_ENDING + 1)) == []


def test_a_stem_must_begin_a_word() -> None:
    """Only the end may be continued."""
    assert found(table(medical="dentis"), "undentis codentist") == []


def test_brands_are_never_continued() -> None:
    """A brand is a name: “royal” in “royalty” is not it."""
    assert found(table(brand_gambling="royal"), "royal royalty Royal.") == ["royal", "Royal"]


@pytest.mark.parametrize(
    ("term", "text"),
    [("赌场", "真人赌场网址"), ("カジノ", "オンラインカジノの遊び方"), ("คาสิโน", "เว็บคาสิโนออนไลน์"), ("上一篇", "返回上一篇：新闻")],
)
def test_unspaced_scripts_match_anywhere(term: str, text: str) -> None:
    """Han, kana and Thai put no space between words."""
    assert found(table(gambling=term), text) == [term]


def test_a_latin_term_matches_right_beside_an_unspaced_script() -> None:
    """“苹果apple账号”: the script ends the word."""
    assert found(table(accounts="apple"), "苹果apple账号") == ["apple"]


def test_hindi_vowel_signs_belong_to_the_word() -> None:
    """A term is not found where a vowel sign makes it another word, and is found with its own signs."""
    automaton = table(gambling="सट,सट्टा")
    assert found(automaton, "सट्टा मटका") == ["सट्टा"]
    assert found(table(gambling="सट"), "सटे") == []
    assert continues_word("\u093e")
    assert continues_word("\u094d")


def test_the_longest_term_wins() -> None:
    """Overlapping terms give one hit, leftmost and longest."""
    assert found(table(gambling="casino,online casino,casino bonus"), "online casino bonus") == ["online casino"]


def test_a_term_of_two_tables_has_both_meanings() -> None:
    """One hit, all meanings sorted out."""
    meanings = {
        "royal": [
            Entry("topic", "gambling", "en"),
            Entry("marker", "offer", "en"),
            Entry("topic", "gambling", "fr"),
            Entry("press", "royal.example", "en", "Royal"),
        ]
    }
    (hit,) = Terms(meanings).find("Royal")
    assert (hit.meaning.topics, hit.meaning.markers, hit.meaning.press, hit.meaning.is_brand) == (
        ("gambling",),
        frozenset({"offer"}),
        (("royal.example", "Royal"),),
        False,
    )


@given(st.text(max_size=200))
def test_folding_keeps_the_length(text: str) -> None:
    """Places in the folded text are places in the text, in every alphabet."""
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["İSTANBUL", "İİİ", "STRAẞE", "ΌΣΟΣ", "ǅ", "ŉ", "İ̇"])
def test_folding_keeps_the_length_of_letters_that_grow(text: str) -> None:
    """The dotted capital I grows under `str.lower`; here it does not."""
    assert len(fold(text)) == len(text)
    assert found(table(gambling="casino"), text + " casino") == ["casino"]


@given(st.text(max_size=120, alphabet=st.characters(exclude_categories=["Cs"])))
def test_hits_of_the_shipped_tables_are_in_order_and_inside(text: str) -> None:
    """On any text: ordered, without overlap, inside, and each begins as its term does."""
    end = 0
    for hit in terms().find(text + " casino " + text):
        assert end <= hit.start < hit.end <= 2 * len(text) + 8
        end = hit.start + len(hit.meaning.term)
        assert fold((text + " casino " + text)[hit.start : end]) == hit.meaning.term


def test_unspaced_scripts_are_told_from_spaced_ones() -> None:
    """Hangul has spaces; Han, kana, Thai, Lao, Khmer and Myanmar have not."""
    assert all(map(is_unspaced, "漢仮カกລខမ𠀀"))
    assert not any(map(is_unspaced, "aя가אعहα1 "))


@pytest.mark.parametrize("text", ["Tel. 022-xxx-xxxx", "(555) xxx-1234", "call 1.xxx.xxx.1234", "No. xxx-12"])
def test_digits_that_are_not_told_sell_nothing(text: str) -> None:
    assert not [hit for hit in terms().find(text) if hit.meaning.topics]


@pytest.mark.parametrize("text", ["xxx videos", "10 xxx films", "free-xxx movies", "xxx xxx xxx"])
def test_other_crosses_do(text: str) -> None:
    assert [hit for hit in terms().find(text) if "adult" in hit.meaning.topics]
