"""The families obfuscation and generation: what each is there to see, and the honest neighbour in which it sees nothing."""

from __future__ import annotations

import math

import pytest

from detector.features import generation, obfuscation
from tests.features.pages import DENTAL, DIPLOMACY, Read, page, value, witnesses


def test_obfuscation_quotes_hidden_casino_links_on_an_honest_page(reading: Read) -> None:
    """Hidden text that sells is quoted with the reason why nobody sees it."""
    hidden = '<div style="position:absolute;left:-9999px"><a href="https://win.example/">slot gacor online casino</a></div>'
    result = obfuscation.extract(reading(page(DENTAL, title="Fees", after=hidden), "https://harrowlanedental.co.uk/"))
    (witness,) = witnesses(result, "obfuscation.hidden-text")
    assert witness.quote == "slot gacor online casino"
    assert "outside the screen" in witness.message
    assert value(result, "hidden_offscreen") == pytest.approx(math.log10(1 + len(witness.quote)))
    menu = obfuscation.extract(
        reading(
            page(
                DENTAL,
                title="Fees",
                after='<ul style="display:none"><li><a href="/fees">Fees</a></li><li><a href="/team">Our team</a></li></ul>',
            )
        )
    )
    assert value(menu, "mismatch") == 0.0


def test_obfuscation_counts_pinyin_in_brackets(reading: Read) -> None:
    """Debris of text converters: Latin syllables behind a Chinese character; English words in brackets are none."""
    debris = obfuscation.extract(reading("大使说(shuo)两国(guo)之间的贸易(yì)去年增长，其中大部分是葡萄酒、冷冻三文鱼和水果。", text=True))
    assert value(debris, "pinyin_brackets") == pytest.approx(math.log10(4))
    assert witnesses(debris, "obfuscation.pinyin-brackets")
    honest = obfuscation.extract(reading("世界卫生组织(WHO)说，人工智能(Artificial Intelligence)去年增长，其中大部分是软件。", text=True))
    assert value(honest, "pinyin_brackets") == 0.0


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("zero_width", "Play at the ca\u200bsi\u200bno", 2),
        ("mixed_script_words", "Play at the сasino and the slоt today", 2),
        ("spaced_letters", "Play at the c a s i n o tonight", 1),
        ("mathematical_letters", "Play 𝐜𝐚𝐬𝐢𝐧𝐨", 6),
    ],
)
def test_obfuscation_counts_what_is_hidden_inside_words(name: str, text: str, count: int, reading: Read) -> None:
    """Zero-width characters, two alphabets in a word, spaced letters, look-alike symbols; plain text in two scripts has none."""
    assert value(obfuscation.extract(reading(text, text=True)), name) == pytest.approx(math.log10(1 + count))
    honest = obfuscation.extract(reading("Play at the casino. Играть в казино. Παίξτε στο καζίνο. A B test, e.g. U S A.", text=True))
    assert value(honest, name) == 0.0


def test_obfuscation_quotes_spam_terms_in_disguise(reading: Read) -> None:
    """Look-alikes, signs between letters, letters without width; soft hyphens, which break lines, are none."""
    found = obfuscation.extract(
        reading("<p>Play at the сasinо for a j-a-c-k-p-o-t, c\u200ba\u200bs\u200bi\u200bn\u200bo or ca\u00adsi\u00adno.</p>")
    )
    assert found.values["obfuscation.disguised_words"] == pytest.approx(math.log10(4))
    assert found.values["obfuscation.disguised_spam_terms"] == pytest.approx(math.log10(4))
    quotes = [witness.quote for witness in found.witnesses if witness.code == "obfuscation.disguised-term"]
    assert quotes == ["сasinо", "j-a-c-k-p-o-t", "c\u200ba\u200bs\u200bi\u200bn\u200bo"]


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ('<p>Play <img src=a.png alt=""> online with <img src=b.png> every day</p>', 2),
        ('<p>在线<img src=a.png>平台</p>', 1),
        ('<p>Play <img src=a.png alt="cards"> online</p>', 0),
        ('<p><img src=a.png> Read more <img src=b.png></p>', 0),
        ('<a><img src=a.png> Home</a> <a><img src=b.png> Contact</a>', 0),
        ('<p>The council met.<img src=a.png> It agreed</p><img src=b.png><p>and so on</p>', 0),
    ],
)  # fmt: skip
def test_obfuscation_counts_pictures_that_stand_for_words(markup: str, count: int, reading: Read) -> None:
    """Inside a sentence and without a word of their own; icons, illustrations and pictures with a text are none."""
    assert obfuscation.extract(reading(markup)).values["obfuscation.disguised_words"] == pytest.approx(math.log10(1 + count))


@pytest.mark.parametrize(
    ("code", "text", "quote"),
    [
        ("generation.leakedprompt", "As an AI language model, I cannot visit the embassy.", "As an AI language model"),
        ("generation.autoblog", "The two countries signed. [ad_1] The talks go on.", "[ad_1]"),
        ("generation.spinner", "The {ambassador|envoy|diplomat} spoke on Tuesday.", "{ambassador|envoy|diplomat}"),
        ("generation.broken-markup", "The ambassador presented?/p> his credentials.", "?/p>"),
    ],
)
def test_generation_quotes_what_machines_leave_behind(code: str, text: str, quote: str, reading: Read) -> None:
    """Leaked prompts, plug-in marks, unresolved spinner groups and broken markup, each at its exact place."""
    result = generation.extract(reading("\n".join((*DIPLOMACY, text)), text=True))
    assert [witness.quote for witness in witnesses(result, code)] == [quote]
    assert value(generation.extract(reading("\n".join(DIPLOMACY), text=True)), "mismatch") == 0.0


def test_generation_measures_stuffing(reading: Read) -> None:
    """A text that repeats one phrase has little variety and a commonest pair; prose has not."""
    stuffed = generation.extract(reading(page(("best price cheap buy best price cheap buy " * 12,), title="Best price cheap buy")))
    prose = generation.extract(reading(page(DIPLOMACY, title="Embassy opens")))
    assert value(stuffed, "word_variety") < 0.1 < 0.5 < value(prose, "word_variety")
    assert value(stuffed, "top_pair") > 0.2 > value(prose, "top_pair")
    assert value(stuffed, "title_repeats") > value(prose, "title_repeats")
