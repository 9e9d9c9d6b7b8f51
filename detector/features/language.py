"""Which languages and scripts stand where: body against boilerplate, declared against seen, mixture inside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from detector.features.affinity import is_plain
from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, ratio, specs
from detector.features.languages import foreign_share, home_scripts, language_beside, language_of, script_counts
from detector.features.names import LANGUAGE_NAMES
from detector.features.reading import Reading
from detector.features.sampled import block_languages
from detector.page.document import Block
from detector.terms import read_table

NAME = "language"
_COMPARED = ("title", "headline", "nav", "prevnext", "related", "products", "footer", "copyright", "tags", "other", "hidden")
SPECS = specs(
    NAME,
    [
        *((f"{part}_differs", "flag", 0, 1, f"{part} is in another language than the main text") for part in _COMPARED),
        *((f"{part}_foreign_script", "share", 0, 1, f"letters of {part} in scripts that the main text hardly uses") for part in _COMPARED),
        ("declared_differs", "flag", 0, 1, "the html lang attribute names another language than the main text's"),
        ("tld_differs", "flag", 0, 1, "the domain's ending belongs to a country that does not write the main text's language"),
        ("domain_words_differ", "flag", 0, 1, "the domain's words are of another language than the main text (English excepted)"),
        ("declared_against_tld", "flag", 0, 1, "lang attribute and the domain's ending disagree"),
        ("boilerplate_languages", "count", 0, 12, "languages among the boilerplate parts"),
        ("body_languages", "count", 0, 20, "languages among the main text's long blocks"),
        ("body_minority", "share", 0, 1, "characters of the main text in another language than most of it"),
        ("body_scripts", "share", 0, 1, "letters of the main text outside its main script"),
        ("traditional_mix", "share", 0, 1, "rarer of the two Chinese orthographies among characters that differ between them"),
        ("traditional", "share", 0, 1, "traditional forms among characters that differ between the two Chinese orthographies"),
        ("interleaved", "log10", 0, 5, "switches between Latin and non-Latin letters inside words, in the main text"),
        ("is_cjk", "flag", 0, 1, "the main text is Chinese, Japanese or Korean"),
        ("is_english", "flag", 0, 1, "the main text is English"),
        ("known", "flag", 0, 1, "the main text's language was recognised"),
        MISMATCH,
    ],
)

# Frequent characters that differ between the two orthographies, pairwise (Unicode Unihan kSimplifiedVariant, the commonest).
_SIMPLIFIED = "国发会学时间门开关个来对这说们为产经动务电车东长书见语话请谁马鸟风飞无气员问题实现业条业设义术处战权报响联华汉区医厂广当样进远运还边达过连选"
_TRADITIONAL = "國發會學時間門開關個來對這說們為產經動務電車東長書見語話請誰馬鳥風飛無氣員問題實現業條業設義術處戰權報響聯華漢區醫廠廣當樣進遠運還邊達過連選"
_SIMPLE = re.compile(f"[{_SIMPLIFIED}]")
_FULL = re.compile(f"[{_TRADITIONAL}]")
_INTERLEAVED = re.compile(r"[a-zA-Z][\u0400-\u04ff\u0370-\u03ff]|[\u0400-\u04ff\u0370-\u03ff][a-zA-Z]")
_FOREIGN_STRENGTH = {
    "copyright": 0.6,
    "footer": 0.5,
    "prevnext": 0.7,
    "nav": 0.35,
    "products": 0.5,
    "related": 0.45,
    "title": 0.6,
    "headline": 0.5,
    "hidden": 0.6,
}


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    body = reading.body or reading.headline
    language = reading.content_language
    body_scripts = script_counts(body[:4000])
    home = home_scripts(body_scripts)
    values: dict[str, float] = {}
    witnesses: list[Witness] = []
    seen = set()
    for part in _COMPARED:
        text, blocks = _part(reading, part)
        # Of what leads to other pages the words are few, and 上一篇 is Chinese though Japan has its characters.
        alone = part == "prevnext" and language == "ja"
        other = (language_of(text[:240]) if alone else language_beside(text[:240], language)) if text else None
        differs = float(other != language) if other and language else NAN
        foreign = foreign_share(text, home) if text and body else NAN
        values[f"{part}_differs"] = differs
        values[f"{part}_foreign_script"] = foreign
        if other and part not in ("title", "headline", "hidden"):
            seen.add(other)
        if (differs == 1.0 and part != "other") or foreign > 0.5:
            witnesses += _witness(reading, part, text, blocks, other, language, foreign, home)
    declared = document.head.language[:2]
    values["declared_differs"] = float(declared != language) if declared and language else NAN
    tld = tld_languages().get(document.address.suffix.rsplit(".", 1)[-1]) if document.address.suffix else None
    values["tld_differs"] = float(language not in tld) if tld and language else NAN
    values["declared_against_tld"] = float(declared not in tld) if tld and declared else NAN
    words = reading.domain.language if reading.domain else None
    values["domain_words_differ"] = float(words not in (language, "en")) if words and language else NAN
    values["boilerplate_languages"] = float(min(len(seen), 12))
    values.update(_inside(reading, language, body_scripts))
    values["is_cjk"] = float(language in ("zh", "ja", "ko")) if language else NAN
    values["is_english"] = float(language == "en") if language else NAN
    values["known"] = float(language is not None)
    if values["tld_differs"] == 1.0 and language != "en" and language is not None:
        witnesses.append(
            Witness(
                "language.country-differs", "address", "host", document.address.host, None, None, 0.35,
                f"the address ends in .{document.address.suffix}, the text is {LANGUAGE_NAMES.get(language, language)}",
            )
        )  # fmt: skip
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _part(reading: Reading, part: str) -> tuple[str, Sequence[Block]]:
    if part == "title":
        return reading.title, []
    if part == "hidden":
        blocks: Sequence[Block] = reading.hidden[:20]
    elif part == "nav":
        blocks = reading.blocks("nav", "breadcrumb")[:40]
    else:
        blocks = reading.blocks(part)[:40]
    return "\n".join(reading.document.quote(block) for block in blocks), blocks


def _witness(
    reading: Reading,
    part: str,
    text: str,
    blocks: Sequence[Block],
    other: str | None,
    language: str | None,
    foreign: float,
    home: frozenset[int],
) -> list[Witness]:
    there = LANGUAGE_NAMES.get(other or "", other or "another script")
    here = LANGUAGE_NAMES.get(language or "", language or "another")
    strength = _FOREIGN_STRENGTH.get(part, 0.3) * (1.0 if other and other != "en" else 0.5)
    message = (
        f"the {_SAID.get(part, part)} is in {there}, the main text in {here}"
        if other
        else f"the {_SAID.get(part, part)} is written in a script the main text does not use"
    )
    if not blocks:
        return [Witness(f"language.{part}-differs", "head", part, text[:200], None, None, strength, message)]
    # The longest of those that are in that language or script; the part as a whole may hold others.
    longest = max(blocks, key=lambda block: (_is_in(reading.document.quote(block)[:240], other, language, home), block.characters))
    end = min(longest.end, longest.start + 160)
    return [
        Witness(
            f"language.{part}-differs",
            "text",
            longest.role,
            reading.document.text[longest.start : end],
            longest.start,
            end,
            strength,
            message,
        )
    ]


def _is_in(text: str, other: str | None, language: str | None, home: frozenset[int]) -> bool:
    """Whether a part is in the language `other` beside a main text in `language`, or, where none was recognised, in scripts that that hardly uses."""
    return language_beside(text, language) == other if other else foreign_share(text, home) > 0.5


_SAID = {
    "other": "text beside the article",
    "prevnext": "previous/next link",
    "nav": "navigation",
    "copyright": "copyright line",
    "related": "list of related links",
    "products": "product list",
}


def _inside(reading: Reading, language: str | None, body_scripts: list[int]) -> dict[str, float]:
    """Mixture inside the main text."""
    asked = reading.once(block_languages)
    sizes: dict[str, int] = {}
    for block in reading.blocks("body"):
        found = asked.get(block.start)
        if found:
            sizes[found] = sizes.get(found, 0) + block.characters
    total = sum(sizes.values())
    counts = body_scripts[1:]
    letters = sum(counts)
    main = counts.index(max(counts))
    beside = {7: 8, 8: 7}.get(main)  # Han and kana are one script here
    sample = reading.body[:6000]
    simplified = traditional = 0
    if language == "zh" or counts[7] > 20:
        simplified, traditional = len(_SIMPLE.findall(sample)), len(_FULL.findall(sample))
    both = simplified + traditional
    return {
        "body_languages": float(min(len(sizes), 20)) if sizes else NAN,
        "body_minority": 1.0 - max(sizes.values()) / total if total else NAN,
        "body_scripts": 1.0 - (counts[main] + (counts[beside] if beside else 0)) / letters if letters else NAN,
        "traditional_mix": ratio(min(simplified, traditional), both),
        "traditional": ratio(traditional, both),
        "interleaved": log_count(len(_INTERLEAVED.findall(sample))) if counts[1] + counts[2] and not reading.once(is_plain) else 0.0,
    }


@lru_cache(maxsize=1)
def tld_languages() -> dict[str, frozenset[str]]:
    """Languages written in the country of a top-level domain."""
    rows = read_table("tlds.tsv")
    return {row[0]: frozenset(code.strip() for code in row[1].split(",")) for row in rows if row[1].strip() and row[2] == "country"}
