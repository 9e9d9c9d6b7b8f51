"""What does the page hide? Hidden text and why, zero-width and mixed-script words, pinyin in brackets, noise names."""

from __future__ import annotations

import re
from collections import Counter

from detector.disguise import SPELT, codes_of, disguised_words, has_spelt
from detector.features.affinity import is_plain
from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, ratio, specs
from detector.features.distributions import spam_share
from detector.features.languages import script_counts
from detector.features.names import TOPIC_NAMES
from detector.features.reading import Reading
from detector.terms import Hit, fold

NAME = "obfuscation"
_REASONS = ("display", "visibility", "offscreen", "size", "opacity", "colour", "attribute")
SPECS = specs(
    NAME,
    [
        ("hidden_share", "share", 0, 1, "hidden characters of all; HTML only"),
        *((f"hidden_{reason}", "log10", 0, 7, f"characters hidden by {reason}; HTML only") for reason in _REASONS),
        ("hidden_links", "log10", 0, 5, "links in hidden blocks; HTML only"),
        ("hidden_spam_terms", "log10", 0, 5, "spam terms in hidden blocks; HTML only"),
        ("hidden_spam_density", "score", 0, 200, "spam terms per thousand hidden characters"),
        ("hidden_outside_dialogs", "log10", 0, 7, "hidden characters that no menu, form or dialog accounts for; HTML only"),
        ("zero_width", "log10", 0, 7, "zero-width characters inside words"),
        ("mixed_script_words", "log10", 0, 5, "words of Latin and Cyrillic or Greek letters"),
        ("spaced_letters", "log10", 0, 5, "words of five letters or more spelt with a space or a sign after each"),
        ("pinyin_brackets", "log10", 0, 5, "Latin syllables in brackets right behind a Chinese character"),
        ("noise_names", "log10", 0, 5, "ids and classes that are random runs of letters and digits; HTML only"),
        ("random_elements", "log10", 0, 5, "elements of no standard with random short names; HTML only"),
        ("mathematical_letters", "log10", 0, 5, "letters from the mathematical, enclosed or full-width Latin blocks"),
        (
            "disguised_words",
            "log10",
            0,
            5,
            "words to be put together by the reader: signs between the letters, look-alikes, pictures inside a sentence",
        ),
        ("disguised_spam_terms", "log10", 0, 5, "spam terms that stand there in such letters"),
        MISMATCH,
    ],
)
_ZERO_WIDTH = re.compile("(?<=\\w)[\u200b\u2060\u00ad\ufeff\u180e](?=\\w)")
_MIXED = re.compile(r"\b(?=\w{0,30}[a-zA-Z])(?=\w{0,30}[\u0370-\u03ff\u0400-\u04ff])\w{3,30}\b")
_SPACED = re.compile(SPELT.pattern.replace("{2,", "{3,"))
_PINYIN = re.compile(r"[\u4e00-\u9fff][(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}[)）]")
_STYLED = re.compile("[\U0001d400-\U0001d7ff\uff21-\uff3a\uff41-\uff5a\u24b6-\u24e9]")
# Disguised terms that are quoted.
_MOST_DISGUISED = 3
_HONEST_ROLES = frozenset(("form", "comments", "ads"))


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    text = document.text[:12_000]
    witnesses: list[Witness] = []
    html = document.kind == "html"
    total = sum([block.end - block.start for block in document.blocks])
    hidden = reading.hidden
    leaving = _leaving(reading) if hidden else set()
    by_reason: Counter[str] = Counter()
    spam_terms = 0
    worst: dict[str, int] = {}
    for block in hidden:
        by_reason[block.hidden or ""] += block.characters
        found = [topic for _, topic in reading.sold.get(block.start, ())]
        spam_terms += len(found)
        for topic in found:
            worst[topic] = worst.get(topic, 0) + 1
        strength = min(0.9, 0.35 * len(found)) if found else 0.0
        if block.hidden in ("offscreen", "size", "colour", "opacity") and block.links and strength == 0.0 and block.start in leaving:
            strength = 0.3
        if strength and len(witnesses) < 4 and not (found and spam_share(reading.content_topics) > 0.6 and block.hidden == "display"):
            end = min(block.end, block.start + 200)
            sold = TOPIC_NAMES[found[0]] if found else "links elsewhere"
            witnesses.append(
                Witness(
                    "obfuscation.hidden-text",
                    "text",
                    block.role,
                    document.text[block.start : end],
                    block.start,
                    end,
                    strength,
                    f"text that no reader sees ({_WHY[block.hidden or 'display']}) is about {sold}",
                )
            )
    hidden_characters = sum(by_reason.values())
    loose = sum(
        block.characters
        for block in hidden
        if block.role not in _HONEST_ROLES and block.hidden in ("offscreen", "size", "colour", "opacity")
    )
    values = {
        "hidden_share": ratio(hidden_characters, total) if html else NAN,
        **{f"hidden_{reason}": log_count(by_reason[reason]) if html else NAN for reason in _REASONS},
        "hidden_links": log_count(document.build.hidden_links) if html else NAN,
        "hidden_spam_terms": log_count(spam_terms) if html else NAN,
        "hidden_spam_density": min(200.0, 1000 * spam_terms / hidden_characters) if hidden_characters else NAN,
        "hidden_outside_dialogs": log_count(loose) if html else NAN,
        "noise_names": log_count(document.build.noise_names) if html else NAN,
        "random_elements": log_count(document.build.random_tags) if html else NAN,
    }
    disguised = [
        (hit, topic)
        for sold in reading.sold.values()
        for hit, topic in sold
        if _is_disguised(document.text[hit.start : hit.end], hit.meaning.term)
    ]
    plain = reading.once(is_plain)
    values["disguised_words"] = log_count((0 if plain else disguised_words(text)) + document.build.pictured_words)
    values["disguised_spam_terms"] = log_count(len(disguised))
    witnesses += [_disguised_term(reading, hit, topic) for hit, topic in disguised[:_MOST_DISGUISED]]
    possible = _possible(text, plain)
    for name, pattern, said, weight in _PATTERNS:
        matches = list(pattern.finditer(text)) if name in possible else []
        values[name] = log_count(len(matches))
        if len(matches) >= 3:
            first = matches[0]
            start, end = max(0, first.start() - 10), min(len(document.text), first.end() + 30)
            role = next((block.role for block in document.blocks if block.start <= first.start() < block.end), "other")
            witnesses.append(
                Witness(
                    f"obfuscation.{name.replace('_', '-')}",
                    "text",
                    role,
                    document.text[start:end],
                    start,
                    end,
                    min(0.8, weight * len(matches)),
                    f"{said}, {len(matches)} times",
                )
            )
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


_WHY = {
    "display": "display: none", "visibility": "made invisible", "offscreen": "outside the screen", "size": "of no size", "opacity": "transparent",
    "colour": "in the background's colour", "attribute": "hidden attribute",
}  # fmt: skip
_PATTERNS = (
    ("zero_width", _ZERO_WIDTH, "zero-width characters inside words", 0.03),
    ("mixed_script_words", _MIXED, "words mix the letters of two alphabets", 0.06),
    ("spaced_letters", _SPACED, "words are spelt letter by letter", 0.05),
    ("pinyin_brackets", _PINYIN, "pinyin stands in brackets behind characters, as text converters leave it", 0.1),
    ("mathematical_letters", _STYLED, "letters are replaced by look-alike symbols", 0.01),
)


def _possible(text: str, plain: bool) -> set[str]:
    """The patterns worth trying, by a cheap test of each: most pages have nothing of the kind. A plain page has no words spelt with signs, nothing
    without width, and no look-alikes but the mathematical ones that are no Latin letters.
    """
    found = set() if plain or not has_spelt(text) else {"spaced_letters"}
    if text.isascii():
        return found
    scripts = script_counts(text)
    if not plain and any(character in text for character in "\u200b\u2060\u00ad\ufeff\u180e"):
        found.add("zero_width")
    if scripts[1] and (scripts[2] or scripts[3]):
        found.add("mixed_script_words")
    if scripts[8] and ("(" in text or "（" in text):
        found.add("pinyin_brackets")
    if codes_of(text).max() >= (0x1D400 if plain else 0x24B6):
        found.add("mathematical_letters")
    return found


def _is_disguised(written: str, term: str) -> bool:
    """Whether a term is written in other letters than its own; hyphens for the end of a line are honest."""
    return not fold(written.replace("\u00ad", "")).startswith(term)


def _disguised_term(reading: Reading, hit: Hit, topic: str) -> Witness:
    document = reading.document
    role = next((block.role for block in document.blocks if block.start <= hit.start < block.end), "other")
    said = f"{TOPIC_NAMES[topic]} is named in letters that only a reader puts together"
    return Witness("obfuscation.disguised-term", "text", role, document.text[hit.start : hit.end], hit.start, hit.end, 0.3, said)


def _leaving(reading: Reading) -> set[int]:
    """Starts of the blocks that hold a link to another host than the page's."""
    document = reading.document
    return {document.blocks[link.block].start for link in document.links if link.host and link.host != document.address.host}
