"""Who speaks in the main text: a house, its reader, or those whom a journalist lets speak."""

from __future__ import annotations

import math

import pytest

from detector.features import voice
from detector.terms import fold, languages_of, read_table
from tests.features.pages import Read

HOUSE = {
    "en": "We have made roof tiles in this valley for ninety years. Our kiln is fired twice a week, and you are welcome to watch: our driver will show you the clay pit.",
    "de": "Wir brennen seit neunzig Jahren Dachziegel in diesem Tal. Unser Ofen brennt zweimal in der Woche, und wer will, dem zeigt unser Fahrer die Tongrube gern.",
    "ja": "当社は九十年前からこの谷で瓦を焼いてきました。週に二度、弊社の窯に火が入ります。お客様にも見学いただけますし、私たちの運転手が粘土の採掘場をご案内いたします。どうぞお気軽にお越しくださいませ。お待ちしております。",
    "zh": "我们在这个山谷里烧制屋瓦已有九十年。本公司的窑每周点火两次，欢迎您前来参观，我们的司机会带您去看取土的地方。我们还为本地学校修缮过屋顶，您可以在现场看到当年的瓦片，也可以带走一块留作纪念，欢迎预约参观。",
}
PRESS = {
    "en": "The harbour pilot climbs aboard at four. “We never know what the night brings,” he said. According to the harbour office, eleven ships came in. “My father told me to wait,” his deputy added.",
    "de": "Um vier Uhr steigt der Lotse an Bord. „Wir wissen nie, was die Nacht uns bringt“, sagte er. Nach Angaben des Hafenamts, so betonte der Sprecher, kamen elf Schiffe. „Unser Vater riet zu warten“, erzählte sein Stellvertreter.",
    "ja": "午前四時、水先人が船に乗り込む。「私たちには夜が何をもたらすか分からない」と話す。港湾事務所によると、この日は十一隻が入港した。「父は待てと言った」と述べたのは副長である。霧は昼過ぎまで晴れず、見物人は岸壁で静かに待っていたという。",
    "zh": "凌晨四点，引航员登上了船。“我们永远不知道夜里会发生什么，”他告诉记者。港务局负责人表示，当天有十一艘船进港。“我们的父亲让我们等一等，”副手透露。大雾直到中午才散去，码头上的人们一直在安静地等待最后一艘船靠岸。",
}


def told(text: str, reading: Read) -> dict[str, float]:
    values = voice.extract(reading(text, text=True)).values
    return {name.split(".", 1)[1]: number for name, number in values.items()}


@pytest.mark.parametrize("language", sorted(HOUSE))
def test_a_house_says_we_and_a_journalist_lets_others_say_it(language: str, reading: Read) -> None:
    house, press = told(HOUSE[language], reading), told(PRESS[language], reading)
    assert house["we"] > 15 and house["we_opening"] > 15
    # It stands between quotation marks there.
    assert press["we"] == 0
    assert press["quoted"] > 0.1 > house["quoted"] == 0
    assert press["said"] > 10 > house["said"]


def test_the_reader_and_the_writer_are_told_apart(reading: Read) -> None:
    guide = told(
        "You should open your account with your own bank, and you can close it when you want. Your money stays yours for ever.", reading
    )
    diary = told(
        "My sister drove me to the lake, and I left my boots in her car. My mother laughed at me when I came home by myself.", reading
    )
    assert guide["you"] > 200 > guide["me"] == 0
    assert diary["me"] > 150 > diary["you"] == 0


@pytest.mark.parametrize("text", ["We sell tiles.", "Мы " * 3, "日本"])
def test_what_is_too_short_has_no_voice(text: str, reading: Read) -> None:
    values = told(text, reading)
    assert values.pop("mismatch") == 0
    assert all(map(math.isnan, values.values()))


def test_a_language_without_a_table_is_unknown_but_for_its_quotations(reading: Read) -> None:
    text = "Hafnsögumaðurinn fer um borð klukkan fjögur. „Við vitum aldrei hvað nóttin ber í skauti sér,“ segir hann. Ellefu skip komu til hafnar um nóttina og þokan lá yfir firðinum."
    values = told(text, reading)
    assert math.isnan(values["we"]) and math.isnan(values["said"])
    assert values["quoted"] > 0.2


@pytest.mark.parametrize("language", languages_of("voice"))
def test_tables_are_whole(language: str) -> None:
    """Four kinds, no term twice in a kind, none in two; one word a term where words are spaced."""
    rows = read_table(f"voice/{language}.tsv")
    assert {kind for kind, _ in rows} == {"we", "you", "me", "said"}
    terms = [fold(term) for _, term in rows]
    assert len(terms) == len(set(terms))
    assert not [term for term in terms if " " in term or term != term.strip()]


def test_every_language_with_markers_has_a_voice() -> None:
    assert languages_of("voice") == languages_of("markers")
