"""What copying leaves behind: mirrors' character games, autoblog marks, leaked prompts, machine rewriting.

OpenCC (Apache-2.0, the same tables that mirrors use) writes traditional characters, pypinyin (MIT) the readings.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_HAN = re.compile(r"[\u4e00-\u9fff]")
_HOUSE = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:公司|大学|大學|银行|医院|集团|学院|研究院|日报|晚报|出版社|新闻网|委员会|协会|法院)")
_CLAUSE = re.compile(r"(?<=[，,；;])")
# What rewriting programs put for common English words.
_SPUN = {
    "important": "vital",
    "people": "individuals",
    "help": "assist",
    "new": "novel",
    "show": "demonstrate",
    "shows": "demonstrates",
    "big": "enormous",
    "children": "kids",
    "said": "expressed",
    "says": "expresses",
    "start": "commence",
    "started": "commenced",
    "house": "abode",
    "money": "coin",
    "year": "twelvemonth",
    "years": "twelvemonths",
    "heart": "coronary heart",
    "water": "aqua",
    "work": "toil",
    "city": "metropolis",
    "government": "regime",
    "police": "constabulary",
    "very": "exceedingly",
    "many": "multitudinous",
    "because": "on account of the fact that",
    "health": "wellness",
    "school": "faculty",
    "also": "likewise",
    "before": "earlier than",
    "after": "subsequent to",
}
_LEAKED = (
    "Sure! Here is the rewritten article in a more engaging style:",
    "As an AI language model, I do not have access to real-time information, but here is the article you asked for.",
    "I hope this version meets your requirements. Let me know if you need any changes!",
    "[Insert featured image here]",
    "Rewrite the following text so that it is unique and passes plagiarism checks:",
    "Natürlich! Hier ist der umgeschriebene Artikel:",
    "¡Claro! Aquí tienes el artículo reescrito en español:",
    "当然可以，以下是改写后的文章：",
    "Tentu, berikut adalah artikel yang sudah ditulis ulang:",
    "Конечно! Вот переписанный вариант статьи:",
)
_TRANSLATED = (
    "QUERY LENGTH LIMIT EXCEEDED. MAX ALLOWED QUERY : 500 CHARS",
    "[translate auto {to}]",
    "</span></p>",
    "MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY",
    "Original text Rate this translation",
)


@cache
def _converter(to: str) -> Any:
    from opencc import OpenCC

    return OpenCC(to)


def mirrored(text: str, rng: random.Random, brand: str, density: float = 0.06) -> str:
    """A Chinese paragraph as a mirror shows it: traditional in part or whole, readings in brackets, clauses swapped, a brand for a name."""
    from pypinyin import lazy_pinyin

    text = _HOUSE.sub(lambda m: brand if rng.random() < 0.5 else m[0], text)
    clauses = _CLAUSE.split(text)
    if len(clauses) > 3 and rng.random() < 0.4:
        at = rng.randrange(len(clauses) - 2)
        clauses[at], clauses[at + 1] = clauses[at + 1], clauses[at]
    text = "".join(clauses)
    if rng.random() < 0.6:
        text = _converter(rng.choice(("s2t", "s2tw", "s2hk"))).convert(text)
    made = []
    for character in text:
        made.append(character)
        if _HAN.match(character) and rng.random() < density:
            made.append(f"({lazy_pinyin(character)[0]})")
    text = "".join(made)
    if rng.random() < 0.3:
        text = text.replace("，", ",,", 2)
    return text + (rng.choice(("?/p>", "?", "/p>")) if rng.random() < 0.35 else "")


def junk_tags(rng: random.Random) -> str:
    """Empty elements of no known name, as HTML."""
    letters = "abcdefghijkmnopqrstuvwxyz"
    names = ["".join(rng.choice(letters) for _ in range(rng.randint(4, 7))) for _ in range(rng.randint(1, 4))]
    return "".join(f'<{name} id="{rng.randrange(16**6):06x}"></{name}>' for name in names)


def autoblogged(paragraphs: Sequence[str], rng: random.Random, source: str) -> tuple[list[str], list[str]]:
    """(paragraphs with the marks of an autoblog, the marks)."""
    marks = [f"[ad_{rng.randint(1, 2)}]"]
    body = [marks[0], *paragraphs]
    ends = [
        "Source link",
        f"[Source]({source})",
        f"The post appeared first on {source}.",
        "Continue reading at the original site",
        "[ad_2]",
    ]
    marks += rng.sample(ends, rng.randint(1, 3))
    return body + marks[1:], marks


def leaked(paragraphs: Sequence[str], rng: random.Random) -> tuple[list[str], list[str]]:
    """(paragraphs with what a writing program said to its user, those lines)."""
    marks = rng.sample(_LEAKED, rng.randint(1, 2))
    body = list(paragraphs)
    for mark in marks:
        body.insert(rng.choice((0, len(body) // 2, len(body))), mark)
    return body, marks


def translated(paragraphs: Sequence[str], rng: random.Random, language: str) -> tuple[list[str], list[str]]:
    """(paragraphs with remains of a translating program, those remains)."""
    marks = [mark.format(to=language) for mark in rng.sample(_TRANSLATED, rng.randint(1, 2))]
    body = list(paragraphs)
    for mark in marks:
        body.insert(rng.randint(0, len(body)), mark)
    return body, marks


def spun(paragraphs: Sequence[str], rng: random.Random) -> list[str]:
    """English text whose common words were replaced one by one."""

    def swap(match: re.Match[str]) -> str:
        other = _SPUN.get(match[0].lower())
        if other is None or rng.random() < 0.25:
            return match[0]
        return other.capitalize() if match[0][0].isupper() else other

    return [re.sub(r"[A-Za-z]+", swap, text) for text in paragraphs]


def snippets(paragraphs: Sequence[str], rng: random.Random, count: int, cjk: bool) -> list[str]:
    """Ends and beginnings of sentences cut by […], shuffled."""
    found = []
    for text in paragraphs:
        size = rng.randint(25, 60) if cjk else rng.randint(60, 160)
        start = rng.randint(0, max(0, len(text) - size))
        found.append(f"{text[start : start + size].strip()} […]")
    rng.shuffle(found)
    return found[:count]
