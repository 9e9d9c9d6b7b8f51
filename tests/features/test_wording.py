"""What witnesses say: both sides of the mismatch are named, by topic or by their first words, in whole sentences."""

from __future__ import annotations

import pytest

from detector.features import affinity, attribution, coherence, generation, identity, intrusion, language, links, solicitation, topics
from detector.features.matcher import Pairing
from detector.features.meanings import parts_of
from detector.features.wording import both_sides, excerpt, first_words, heading, rest_about
from tests.features.pages import CASINO, DENTAL, DIPLOMACY, Read, page

LONG = "Quarterly notes " * 10
HIDDEN = f'<div style="display:none"><p>{CASINO[0]}</p></div>'
PARTNERS = '<p>Partners: <a href="https://win.example/">online casino bonus</a></p>'
URL = "https://harrowlanedental.co.uk/a"


def test_first_words_are_one_short_line() -> None:
    assert first_words("Harrow\n  Lane") == "“Harrow Lane”"
    cut = first_words(LONG)
    assert cut.endswith("…”") and len(cut) <= 63


def test_both_sides_are_told_by_topic_where_both_are_known(reading: Read) -> None:
    """Where one is unknown, or both are the same, their words tell them apart."""
    dental = reading(page(DENTAL, title="Fees for patients"))
    assert both_sides(dental, "online casino slots betting bonus") == ("is about gambling", "is about medicine")
    assert both_sides(dental, "Qvrx wmpl") == ("", "is headed “Fees for patients”")
    assert both_sides(dental, DENTAL[1])[0] == ""


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<title>A title</title><body><h1>A headline</h1><p>Some words.</p>", "is headed “A headline”"),
        ("<title>A title</title><body><p>Some words.</p>", "is titled “A title”"),
        ("<body><p>Some words.</p>", "begins “Some words.”"),
    ],
)
def test_a_page_is_told_by_its_headline_else_its_title_else_its_text(html: str, said: str, reading: Read) -> None:
    assert heading(reading(html)) == said


def test_the_rest_of_a_page_is_what_stands_outside_the_block(reading: Read) -> None:
    """A block of gambling among teeth is no part of what it stands on."""
    found = reading(page((DENTAL[0], CASINO[0], DENTAL[1]), title="Fees"))
    block = next(block for block in found.visible if found.document.quote(block) == CASINO[0])
    assert rest_about(found, block) == "medical"
    assert rest_about(reading("<p>Qvrx wmpl.</p>"), block) == "none"


@pytest.mark.parametrize(
    ("family", "code", "html", "url", "words"),
    [
        (links, "links.spam-anchor", page(DENTAL, title="Fees", after=PARTNERS), URL, "a link to win.example is about gambling; the page is about medicine"),
        (
            links, "links.spam-anchor", page(DENTAL, title="Fees", after=f'<div style="display:none">{PARTNERS}</div>'), URL,
            "a hidden link to win.example is about gambling; the page is about medicine",
        ),
        (
            links, "links.canonical-differs", page(DENTAL, head='<link rel=canonical href="https://www.times.example/a">'), URL,
            "the canonical address is on times.example, the page on harrowlanedental.co.uk",
        ),
        (
            identity, "identity.owner-language", page(DENTAL, after="<footer>© 2024 Новости нашего города и района</footer>"), URL,
            "the copyright holder “Новости нашего города и района” is in Russian, the main text in English",
        ),
        (
            attribution, "attribution.other-publisher", page(("SEOUL (Korea Times) -- " + DIPLOMACY[0], *DIPLOMACY[1:]), after="<footer>© 2024 Lianda Tiles</footer>"), None,
            "the owner named on the page is “Lianda Tiles”",
        ),
        (
            attribution, "attribution.other-publisher", page(("SEOUL (Korea Times) -- " + DIPLOMACY[0], *DIPLOMACY[1:])), None, "who owns the page is unknown",
        ),
        (
            attribution, "attribution.other-publisher", page((*DIPLOMACY, "Source: The Korea Times")), "https://lianda-tiles.example/a",
            "the text credits The Korea Times; the host is lianda-tiles.example",
        ),
        (
            attribution, "attribution.other-publisher", page((DIPLOMACY[0] + " A reporter of The Korea Times asked about it on the way out.", *DIPLOMACY[1:])), "https://lianda-tiles.example/a",
            "the text names The Korea Times; the host is lianda-tiles.example",
        ),
        (generation, "generation.broken-markup", page(("The ambassador presented?/p> his credentials.",)), None, "remains of markup stand in the text"),
        (generation, "generation.spinner", page(("The {good|fine|nice} ambassador spoke.",)), None, "an unresolved spinner group stands in the text"),
        (
            solicitation, "solicitation.offer", page(DENTAL, title="Fees", after=f"<footer>{CASINO[2]}</footer>"), None,
            "a call to act stands beside words about gambling; the page is about medicine",
        ),
        (coherence, "coherence.spam-meaning", page(DENTAL, title="Fees", after=HIDDEN), None, "an advertisement for gambling; the page is about medicine"),
        (coherence, "coherence.spam-meaning", page(DENTAL, title="Fees", after=HIDDEN), None, f"the hidden text {first_words(CASINO[0])} means"),
    ],
)  # fmt: skip
def test_a_message_names_both_sides(family: object, code: str, html: str, url: str | None, words: str, reading: Read) -> None:
    """What was seen, and what it was held against."""
    messages = [witness.message for witness in family.extract(reading(html, url)).witnesses if witness.code == code]  # type: ignore[attr-defined]
    assert any(words in message for message in messages), messages


def test_a_foreign_part_and_the_page_are_named(reading: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fits: here every part that shares no word is called foreign."""
    monkeypatch.setattr(Pairing, "fits", lambda self, parts, content: dict.fromkeys(parts, -9.0))
    monkeypatch.setattr(coherence, "_FOREIGN", 1.0)
    pair = '<div class="prev-next"><p>Previous: <a href="/a">Talks at the embassy</a></p><p>Next: <a href="/b">Car batteries, spare tyres</a></p></div>'
    found = reading(page(DIPLOMACY, title="Embassy", after=f"{pair}<footer>© 2024 Qvrx Wmpl</footer>"))
    messages = [witness.message for witness in affinity.extract(found).witnesses]
    next_link = "the next link “Next: Car batteries, spare tyres”"
    assert f"{next_link} is about cars and car parts and shares no word with the page, which is about diplomacy and war" in messages
    assert any(message.startswith("the copyright holder “Qvrx Wmpl” ") for message in messages), messages
    meant = [witness.message for witness in coherence.extract(found).witnesses]
    assert any(message.startswith(f"{next_link} means something else") and "the page is about diplomacy" in message for message in meant), (
        meant
    )


def test_the_host_is_named_as_it_is_written(reading: Read) -> None:
    """Its words are what is read; a message and a quotation show the host."""
    domain = parts_of(reading(page(DENTAL, title="Fees"), URL))["domain"]
    assert domain.text.endswith(" lane dental")
    assert (domain.named, domain.shown) == ("harrowlanedental.co.uk", "harrowlanedental.co.uk")


def test_a_foreign_block_and_the_rest_of_the_page_are_named(reading: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the block puts into the main text does not hide what the rest is about; where topics say nothing, words do."""
    monkeypatch.setattr(intrusion, "_LIKELY", 0.0)
    mixed = reading(page((DENTAL[0], *CASINO, DENTAL[1]), title="Fees for patients"))
    said = {witness.quote: witness.message for witness in intrusion.extract(mixed).witnesses}
    assert said[CASINO[0][:200]].startswith("a block about gambling")
    assert "what stands around it" not in " ".join(said.values())
    single = reading(page((DENTAL[0], CASINO[0], DENTAL[1]), title="Fees for patients"))
    told = [witness.message for witness in intrusion.extract(single).witnesses]
    assert "a block about gambling does not belong to the page, which is about medicine" in told
    odd = reading(page(("Qvrx wmpl.", "Купить станок.", "Qvrx wmpl."), title="Qvrx"))
    told = [witness.message for witness in intrusion.extract(odd).witnesses]
    assert any("“Купить станок.”, does not belong to the page, which is headed “Qvrx”" in message for message in told) or not told, told


def test_a_block_that_says_what_the_headline_says_is_foreign_to_the_site(reading: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article about slots under a headline about slots: held against its own headline it would belong."""
    monkeypatch.setattr(intrusion, "_LIKELY", 0.0)
    found = reading(page(CASINO, title="Best online casino slots"), URL)
    told = [witness.message for witness in intrusion.extract(found).witnesses]
    assert "a block about gambling does not belong to the site harrowlanedental.co.uk" in told, told


def test_a_short_block_without_a_term_is_told_by_its_words(reading: Read) -> None:
    """Four letters that look like those of a topic are none of its words."""
    found = reading(page(DENTAL, title="Fees", before="<nav><ul><li>Qvrx wmpl</li><li>Casino slots</li></ul></nav>"))
    blocks = {found.document.quote(block): block for block in found.visible}
    assert intrusion._said(found, blocks["Qvrx wmpl"], "gambling", None).startswith("a block, “Qvrx wmpl”, ")
    assert intrusion._said(found, blocks["Casino slots"], "gambling", None).startswith("a block about gambling ")


def test_a_long_block_is_quoted_where_its_topic_begins(reading: Read) -> None:
    """A paragraph that turns to slots after two honest sentences; the quotation ends with a word."""
    found = reading(page((f"{DENTAL[0]} {DENTAL[1]} {CASINO[0]} {CASINO[1]}", DENTAL[2]), title="Fees"))
    block = max(found.visible, key=lambda block: block.characters)
    start, end = excerpt(found, block, "gambling")
    quote = found.document.text[start:end]
    assert "online slots" in quote and len(quote) <= 200 and found.document.text[end] == " "
    assert excerpt(found, block, "medical")[0] == block.start


def test_a_part_is_said_to_be_about_what_one_of_its_words_says(reading: Read) -> None:
    """The topic model reads letters: it takes an address in Zhejiang for gambling, and no reader would see why."""
    street = "地址：浙江省温州市永嘉县瓯北镇工业区 电话：0577-67991234 手机：138-5770-1234"
    found = reading(page(DIPLOMACY, title="Embassy", after=f"<footer>{street}</footer>"))
    told = topics.extract(found)
    assert told.values["topics.mismatch"] > 0 and not told.witnesses
    named = topics.extract(reading(page(DIPLOMACY, title="Embassy", after=f"<footer>{street} casino</footer>")))
    assert [witness.message for witness in named.witnesses] == ["the footer is about gambling; the page is about diplomacy and war"]


def test_a_part_in_another_language_is_quoted_in_that_language(reading: Read) -> None:
    """A footer of two: the link list is Chinese, the longer address is not."""
    footer = "<footer><p>友情链接：开云体育 米兰官网 爱游戏 网站地图</p><p>Harrow Lane Dental Practice, 14 Harrow Lane, open Monday to Friday from nine to five.</p></footer>"
    found = reading(page(DENTAL, title="Fees", after=footer), URL)
    (witness,) = [witness for witness in language.extract(found).witnesses if witness.code == "language.footer-differs"]
    assert witness.message.startswith("the footer is in Chinese") and witness.quote.startswith("友情链接")
