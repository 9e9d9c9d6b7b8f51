"""What copying, converting and hiding leave on a page: marks, debris, pinyin, hidden and visible blocks, shuffling."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from html import escape
from typing import Any

from detector.features.distributions import sold_by
from detector.terms import read_table, terms
from detector.training.banks import Passage
from detector.training.content import Article

# A few dozen everyday characters with their other orthography, and readings of some, for the mirror recipe.
_TURNED = str.maketrans(
    "国发会学时间门开关来对这说们为产经动务电车东长书见语话请谁风飞无气员问题实现业设术处战权报响联华汉区医厂广当样进远运还边达过连选",
    "國發會學時間門開關來對這說們為產經動務電車東長書見語話請誰風飛無氣員問題實現業設術處戰權報響聯華漢區醫廠廣當樣進遠運還邊達過連選",
)
_READINGS = {
    "國": "guó",
    "發": "fā",
    "會": "huì",
    "學": "xué",
    "時": "shí",
    "間": "jiān",
    "對": "duì",
    "說": "shuō",
    "為": "wéi",
    "產": "chǎn",
    "經": "jīng",
    "動": "dòng",
    "務": "wù",
    "電": "diàn",
    "長": "cháng",
    "見": "jiàn",
    "無": "wú",
    "員": "yuán",
    "題": "tí",
    "實": "shí",
    "現": "xiàn",
    "業": "yè",
    "報": "bào",
    "響": "xiǎng",
    "聯": "lián",
    "醫": "yī",
    "當": "dāng",
    "進": "jìn",
    "運": "yùn",
    "過": "guò",
    "選": "xuǎn",
    "還": "hái",
}
_SWAPS: tuple[tuple[str, str], ...] = (("学校", "公司"), ("学生", "员工"), ("教师", "员工"), ("大学", "集团"), ("医院", "公司"))
_SWAPS_ENGLISH: tuple[tuple[str, str], ...] = (
    ("school", "company"), ("School", "Company"), ("student", "employee"), ("Student", "Employee"), ("teacher", "manager"), ("university", "group"),
    ("University", "Group"), ("hospital", "company"), ("Hospital", "Company"),
)  # fmt: skip


def replaced(rng: random.Random, text: str, language: str) -> str:
    """The text with some words for institutions and their people changed into a firm's, as mirrors do it; Chinese and English only."""
    swaps = _SWAPS if language.startswith("zh") else _SWAPS_ENGLISH if language == "en" else ()
    for swap in rng.sample(swaps, k=min(len(swaps), rng.randint(1, 4))):
        text = text.replace(*swap)
    return text


@lru_cache(maxsize=1)
def _converter() -> Any:
    """OpenCC (Apache-2.0, wheels for the three systems): simplified to traditional by phrases."""
    from opencc import OpenCC

    return OpenCC("s2t")


# What mirrors' converters keep, as both orthographies have it, or turn otherwise than OpenCC does.
_KEPT = {"于": "于", "并": "并", "里": "里", "冲": "沖"}


@lru_cache(maxsize=1)
def _by_character() -> dict[int, str]:
    """A table for `str.translate` of the characters that have another form, one at a time, as mirrors convert."""
    converter = _converter()
    turned = {chr(code): converter.convert(chr(code)) for code in range(0x4E00, 0xA000)}
    return str.maketrans({old: new for old, new in {**turned, **_KEPT}.items() if old != new and len(new) == 1})


def _table(rng: random.Random) -> dict[int, str] | dict[int, int] | None:
    """Which table a mirror turns its text with: a whole one, a few characters; None for phrases."""
    chance = rng.random()
    if chance < 0.6:
        return _by_character()
    return _TURNED if chance < 0.85 else None


@lru_cache(maxsize=1)
def betting_brands() -> tuple[str, ...]:
    """Betting brands that are written in Chinese: what mirrors put in a title and where an institution's name stood."""
    return tuple(name for name, topic in read_table("brands.tsv") if topic == "gambling" and any("一" <= sign <= "龥" for sign in name))


_NAMED = ("学校", "我校", "大学", "学院", "公司", "集团", "医院", "中心")


def renamed(rng: random.Random, paragraphs: list[str], brand: str) -> list[str]:
    """The paragraphs with the brand in place of some words that an institution goes by."""
    pattern = re.compile("|".join(rng.sample(_NAMED, k=3)))
    return [pattern.sub(brand, text) for text in paragraphs]


def mirror_damage(rng: random.Random, paragraphs: list[str]) -> list[str]:
    """Chinese text as a mirror leaves it: turned into the other orthography, readings in brackets, debris between."""
    pinyin = rng.random() < 0.4
    turn = rng.random() < 0.8
    table = _table(rng)
    debris = rng.random() < 0.4
    swap = rng.choice(_SWAPS) if rng.random() < 0.3 else None
    result = []
    for text in paragraphs:
        if swap:
            text = text.replace(*swap)
        if turn:
            text = _converter().convert(text) if table is None else text.translate(table)
            if pinyin:
                text = "".join(f"{c}({_READINGS[c]})" if c in _READINGS and rng.random() < 0.12 else c for c in text)
        if debris and rng.random() < 0.4:
            text = rng.choice((text + "?/p>", text.replace("，", ",,", 1), text.replace("。", "。。", 1), "&nbsp;&nbsp;" + text))
        result.append(text)
    return result


_SENTENCE = re.compile(r"(?<=[.!?。！？…])\s*")


def softened(rng: random.Random, paragraphs: list[str]) -> list[str]:
    """The paragraphs without their loudest sentences: a third to two thirds go, those with most spam terms first.

    Wild lures are guides in plain prose as often as advertisements, and a model that met only loud ones waits for the noise. Too short a
    rest gives the paragraphs back.
    """
    sentences = [(place, sentence) for place, text in enumerate(paragraphs) for sentence in _SENTENCE.split(text) if sentence.strip()]
    loud = [sum(1 for hit in terms().find(sentence) if sold_by(hit)) for _, sentence in sentences]
    order = sorted(range(len(sentences)), key=lambda index: (-loud[index], rng.random()))
    dropped = set(order[: round(len(sentences) * rng.uniform(0.33, 0.67))])
    kept: dict[int, list[str]] = {}
    for index, (place, sentence) in enumerate(sentences):
        if index not in dropped:
            kept.setdefault(place, []).append(sentence)
    result = [" ".join(found) for found in kept.values()]
    return result if sum(map(len, result)) >= 150 else paragraphs


def autoblog_marks(rng: random.Random, paragraphs: list[str], article: Article) -> tuple[list[str], list[str]]:
    """(paragraphs with what scraping plug-ins leave, the marks put in); sometimes none, as many plug-ins leave none."""
    marks = []
    terms = [row[1] for row in read_table("marks.tsv") if row[0] == "autoblog"]
    if rng.random() < 0.7 and terms:
        mark = "[ad_1]" if rng.random() < 0.4 else rng.choice(terms)
        paragraphs.insert(rng.choice((0, len(paragraphs))), mark)
        marks.append(mark)
        if mark.startswith("[ad"):
            paragraphs.append("[ad_2]")
            marks.append("[ad_2]")
    if marks and rng.random() < 0.4:
        paragraphs.append(rng.choice(("Source", "Source link", "[Source]", "Source by", "via")))
        marks.append(paragraphs[-1])
    elif article.host and rng.random() < 0.5:
        line = f"{rng.choice(('Source', 'Source link', 'Read more at', 'Via', 'Original'))}: {rng.choice((article.host, article.site or article.host, article.url or article.host))}"
        paragraphs.append(line)
        marks.append(line)
    return paragraphs, marks


_HIDING = (
    'style="display:none"',
    'style="position:absolute;left:-9999px"',
    'style="position:absolute; top:-{n}px; left:-{n}px;"',
    'style="height:1px;width:1px;overflow:hidden"',
    'style="font-size:0px"',
    'style="text-indent:-9999px"',
    'style="visibility:hidden"',
    'style="color:#ffffff"',
    'style="opacity:0"',
    'style="overflow:hidden;height:0px"',
    'style="position:fixed;left:-{n}px"',
    "hidden",
    'style="color:#fff;font-size:1px"',
)


def _domain(rng: random.Random) -> str:
    return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(5, 12))) + rng.choice(
        (".com", ".org", ".edu.vn", ".ac.id", ".go.th", ".net", ".de", ".co.uk", ".ru", ".xyz", ".gov.br")
    )


def _anchor(rng: random.Random, text: str) -> str:
    return f'<a href="{rng.choice(("http", "https"))}://{rng.choice(("www.", ""))}{_domain(rng)}/{rng.choice(("", "slot/", "?p=12", "wp-content/x/", "index.html"))}">{escape(text)}</a>'


def hidden_block(rng: random.Random, passage: Passage) -> str:
    """Spam that a reader does not see: links, a sentence with a link, fake headlines, or a whole passage."""
    attribute = rng.choice(_HIDING).replace("{n}", str(rng.choice((900, 2000, 9999, 20860, 2086000))))
    anchors = list(passage.anchors)
    shape = rng.random()
    if shape < 0.45:
        inside = rng.choice((" ", ", ", "<br>", " | ")).join(_anchor(rng, anchor) for anchor in anchors[: rng.randint(1, len(anchors))])
    elif shape < 0.65:
        sentence = passage.text.split("\n\n")[0]
        inside = f"{escape(sentence)} {_anchor(rng, anchors[0])}"
    elif shape < 0.85:
        inside = f"<h2>{_anchor(rng, passage.title)}</h2><p>{escape(passage.text)}</p>"
    else:
        inside = "".join(f"<li>{_anchor(rng, anchor)}</li>" for anchor in anchors * rng.randint(1, 4))
    tag = rng.choice(("div", "div", "div", "span", "p", "u", "section", "ul"))
    return f"<{tag} {attribute}>{inside}</{tag}>"


def visible_block(rng: random.Random, passage: Passage) -> str:
    """Spam links or a sentence in plain sight, outside any advertising place."""
    anchors = list(passage.anchors)
    shape = rng.random()
    if shape < 0.4:
        return (
            "<p>"
            + rng.choice((" ", ", ", " | ", "<br>")).join(_anchor(rng, anchor) for anchor in anchors[: rng.randint(2, len(anchors))])
            + "</p>"
        )
    if shape < 0.7:
        return f"<div>{escape(passage.text.split(chr(10) * 2)[0])} {_anchor(rng, anchors[0])}</div>"
    return "<ul>" + "".join(f"<li>{_anchor(rng, anchor)}</li>" for anchor in anchors) + "</ul>"


def shuffled(rng: random.Random, passages: list[Passage], articles: list[Article]) -> tuple[str, list[str]]:
    """(title, paragraphs) of a generated page: snippets of several passages and articles, cut, stuffed or prompted."""
    snippets = []
    for passage in passages:
        snippets += [
            piece for piece in passage.text.replace("\n\n", " ").replace("。", "。|").replace(". ", ".|").split("|") if len(piece) > 12
        ]
    shape = rng.random()
    title = passages[0].title
    if shape < 0.35:
        rng.shuffle(snippets)
        cut = rng.choice((" […] ", " [...] ", "...... ", " … "))
        return title, [
            cut.join(piece[: rng.randint(20, 120)] for piece in snippets[i : i + 5]) for i in range(0, min(len(snippets), 25), 5)
        ]
    if shape < 0.65:
        words = [*passages[0].anchors, passages[0].owner]
        lines = []
        for _ in range(rng.randint(3, 7)):
            lines.append(
                " ".join(rng.choice((rng.choice(words), rng.choice(words), rng.choice(snippets))) for _ in range(rng.randint(5, 12)))
            )
        return f"{words[0]} {words[-1]}", lines
    prompts = [row[1] for row in read_table("marks.tsv") if row[0] in ("leakedprompt", "slot")]
    source = list(articles[0].paragraphs[:8]) if shape > 0.85 and articles else passages[0].text.split("\n\n")
    source.insert(rng.choice((0, 0, len(source))), (rng.choice(prompts) if prompts else "").capitalize() + ".")
    if rng.random() < 0.4:
        source.append(
            "{"
            + "|".join(rng.sample([word for piece in snippets for word in piece.split()][:60] or ["a", "b", "c"], k=3))
            + "} "
            + rng.choice(snippets)
        )
    return (articles[0].headline if shape > 0.85 and articles else title), source
