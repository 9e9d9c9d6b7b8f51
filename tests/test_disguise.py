"""Words in disguise are read as a reader reads them, and keep their places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector.disguise import SPELT, codes_of, has_spelt, is_disguised, seen, spelt, undisguised
from detector.terms import terms

CASINO = [
    "casinо", "сasinо", "c a s i n o", "c.a.s.i.n.o", "c-a-s-i-n-o", "c*a*s*i*n*o", "c_a_s_i_n_o", "ca\u200bsi\u200bno", "c\u00ada\u00ads\u00adi\u00adn\u00ado", "c\u200ca\u200cs\u200ci\u200cn\u200co",
    "ｃａｓｉｎｏ", "ＣＡＳＩＮＯ", "𝐜𝐚𝐬𝐢𝐧𝐨", "ⓒⓐⓢⓘⓝⓞ", "🅒🅐🅢🅘🅝🅞", "ᴄᴀsɪɴᴏ", "c̶a̶s̶i̶n̶o̶", "cαsino", "\ufeffca\u2060sino",
]  # fmt: skip


@pytest.mark.parametrize("word", CASINO)
@pytest.mark.parametrize("around", ["{}", "play {} today", "在线 {} 平台", "в {} сегодня"])
def test_a_term_in_disguise_is_found_where_it_stands(word: str, around: str) -> None:
    """Characters without width, look-alikes and spelt words: the hit covers exactly what is written."""
    text = around.format(word)
    hits = [hit for hit in terms().find(text) if hit.meaning.term == "casino"]
    assert [text[hit.start : hit.end].strip("\ufeff\u0336") for hit in hits] == [word.strip("\ufeff\u0336")]
    assert is_disguised(codes_of(text))


def test_a_word_of_two_alphabets_is_read_in_the_one_all_its_letters_may_have() -> None:
    """Either way round; a word with letters of its own in both is left alone, and so is one alphabet."""
    assert undisguised("кaзинo") == "казино" and undisguised("κaζίνo") == "καζίνο"
    for text in ("iPhoneы", "IT-компания", "асе", "μm", "β-Carotin"):
        assert undisguised(text) == text


def test_terms_of_several_words_are_found_where_they_are_spelt_in_one() -> None:
    """A spelt word has no spaces left; terms begin and end anywhere in it."""
    text = "win f r e e s p i n s now"
    assert [(hit.meaning.term, text[hit.start : hit.end]) for hit in terms().find(text) if "gambling" in hit.meaning.topics] == [
        ("free spins", "f r e e s p i n s")
    ]


@pytest.mark.parametrize("text", ["U.S.A.", "S.p.A. in Milan", "a b c", "1 2 3 4 5 6", "e.g. this", "x = a * b", "c a s1 n o"])
def test_abbreviations_and_short_runs_are_no_spelt_words(text: str) -> None:
    """Four letters at least, with one and the same sign between."""
    assert not list(spelt(text)) and undisguised(text) == text


def test_joiners_that_spell_a_word_stay() -> None:
    """Persian and Hindi need them; one behind every letter is spelt by nobody."""
    for text in ("می\u200cکند", "क्\u200dष", "نرم\u200cافزار"):
        assert undisguised(text) == text
    assert undisguised("ک\u200cا\u200cز\u200cی\u200cن\u200cو") == "کازینو"
    assert any(hit.meaning.term == "نرم\u200cافزار" for hit in terms().find("یک نرم\u200cافزار خوب"))


def test_a_letter_of_show_alone_is_a_sign() -> None:
    """ⓒ marks a copyright."""
    assert undisguised("ⓒ 2024 사진") == "ⓒ 2024 사진"
    assert any("copyright" in hit.meaning.markers for hit in terms().find("ⓒ 2024 사진"))


def test_plain_text_is_not_touched() -> None:
    """None says so, and costs no copy."""
    for text in ("", "the council met", "Заседание совета", "市议会星期二开会", "مجلس المدينة"):
        assert seen(text) is None and undisguised(text) == text and not is_disguised(codes_of(text))


def test_numbered_pages_are_read_as_they_are_written() -> None:
    """Only letters with a sign between them may be a word in disguise."""
    assert not is_disguised(codes_of("pages 1 2 3 4 5 6")) and is_disguised(codes_of("c a s i n o"))


@given(st.text(alphabet=st.one_of(st.sampled_from("ab1²٣ .-×яжα中ا\u200b\u200d\u00adＡⓐ𝐜😀"), st.characters()), max_size=40))
def test_a_sentence_is_looked_at_as_a_page_is(text: str) -> None:
    """Patterns for short strings and arrays for long ones miss nothing, and find nothing more than the other."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    page = text + "\n" + "word " * 200
    assert (seen(text) is None) == (seen(page) is None)
    for given_text in (text, page):
        assert [match.span() for match in spelt(given_text)] == [match.span() for match in SPELT.finditer(given_text)]
    assert has_spelt(text) == has_spelt(page)


@given(st.text(alphabet=st.one_of(st.sampled_from("casino \u200b\u200c\u00adаоｃ𝐜.-ⓒکक"), st.characters()), max_size=60))
def test_what_is_seen_keeps_its_places(text: str) -> None:
    """Ascending places inside the text, one for each character; hits in order, apart, inside."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    found = seen(text)
    if found is not None:
        places = found.places.tolist()
        assert len(places) == len(found.text) and places == sorted(set(places)) and all(0 <= place < len(text) for place in places)
    end = 0
    for hit in terms().find(text):
        assert end <= hit.start < hit.end <= len(text)
        end = hit.end
