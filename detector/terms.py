"""Term tables (`lexicons/`) and one pass over a text that finds them all.

A table is data: `category<TAB>term`, one file a language. All of them go into one Aho-Corasick automaton
(ahocorasick_rs: Rust, wheels for the three systems, MIT/Apache; about 0.5 ms for 20,000 characters), so every family and
the role reader share a single pass. Scripts written without spaces match anywhere; elsewhere a term must begin a word,
and terms of five letters or more may be continued by an ending, because the tables hold stems (brands are never continued).
Terms are looked for in the text as a reader sees it (`disguise`), and found where they stand in the text as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import resources
from typing import NamedTuple

import ahocorasick_rs

from detector.disguise import seen, spelt

# Below this many letters a stem is a word of its own: "bet" must not match "better".
MIN_STEM = 5
# A stem may be continued by at most this many letters (inflection, not another word).
MAX_ENDING = 4
# Terms of fewer letters are not looked for in words spelt letter by letter, where nothing says where a word begins.
MIN_SPELT = 4
_LEFTOVER_MARKERS = ("leakedprompt",)


# Letters and the signs that belong to them: vowel signs of Indic scripts, points of Hebrew and Arabic, Thai vowels and tones are no letters to `re`.
_SIGNS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0980-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
WORD = re.compile(rf"[^\W\d_]+(?:[{_SIGNS}]+[^\W\d_]*)*")


# "xxx" where it stands for digits that are not told: "022-xxx-xxxx", "(555) xxx-xxxx".
_MASKED = re.compile(r"(?<=[\dx][-.)/])xxx|(?<=\d\) )xxx|xxx(?=[-./](?:x{2,}|\d))")


class Entry(NamedTuple):
    """One meaning of a term: the table's kind (topic, marker, brand, press, mark), category and language."""

    kind: str
    category: str
    language: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """All meanings of a term, sorted out once so that families only look them up.

    `topics` are distinct and in order; `press` holds (domain, printed name) pairs.
    """

    term: str
    topics: tuple[str, ...]
    markers: frozenset[str]
    marks: tuple[str, ...]
    press: tuple[tuple[str, str], ...]
    is_brand: bool


class Hit(NamedTuple):
    """A term found at `start` to `end` of the text."""

    start: int
    end: int
    meaning: Meaning


def meaning_of(term: str, entries: Iterable[Entry]) -> Meaning:
    """Sort the entries of a term."""
    return Meaning(term, *_sorted_out(tuple(entries)))


@lru_cache(maxsize=1_024)
def _sorted_out(
    entries: tuple[Entry, ...],
) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...], tuple[tuple[str, str], ...], bool]:
    """All of a Meaning but its term: most terms share their entries with hundreds of others."""
    leftovers = [
        entry.category for entry in entries if entry.kind == "mark" or (entry.kind == "marker" and entry.category in _LEFTOVER_MARKERS)
    ]
    return (
        tuple(dict.fromkeys(entry.category for entry in entries if entry.kind in ("topic", "brand"))),
        frozenset(entry.category for entry in entries if entry.kind == "marker"),
        tuple(dict.fromkeys(leftovers)),
        tuple((entry.category, entry.detail) for entry in entries if entry.kind == "press"),
        any(entry.kind == "brand" for entry in entries),
    )


def fold(text: str) -> str:
    """Lower case of the same length (İ alone grows under `str.lower`)."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = text.replace("\u0130", "i").lower()
    return lowered


def is_unspaced(character: str) -> bool:
    """Han, kana, Thai, Lao, Khmer, Myanmar: scripts that put no space between words."""
    code = ord(character)
    return (
        0x0E00 <= code <= 0x0EFF
        or 0x1000 <= code <= 0x109F
        or 0x1780 <= code <= 0x17FF
        or (0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF)
    )


@lru_cache(maxsize=4_096)
def continues_word(character: str) -> bool:
    """Whether a character belongs to a word of a spaced script: letters, digits, and the vowel signs that `isalnum` denies."""
    code = ord(character)
    if code < 0x300:
        return character.isalnum()
    if code <= 0x36F or 0x591 <= code <= 0x5C7 or 0x64B <= code <= 0x65F or 0x900 <= code <= 0xDFF:
        return True
    return character.isalnum() and not is_unspaced(character)


def read_table(path: str) -> list[list[str]]:
    """Rows of a tab-separated table below `lexicons/`."""
    text = resources.files("detector").joinpath("lexicons", path).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line]


def languages_of(folder: str) -> list[str]:
    names = (item.name for item in resources.files("detector").joinpath("lexicons", folder).iterdir())
    return sorted(name.removesuffix(".tsv") for name in names if name.endswith(".tsv"))


class _Known(NamedTuple):
    """A term's meaning, whether it must begin and end a word, and whether it may be continued by an ending."""

    meaning: Meaning
    left: bool
    right: bool
    stem: bool


class Terms:
    """The automaton over every table and its meanings."""

    def __init__(self, meanings: dict[str, list[Entry]]) -> None:
        self._terms = sorted(meanings)
        self._entries = meanings
        # Worked out when a term is first met: one page meets some hundred of forty thousand.
        self._known: list[_Known | None] = [None] * len(self._terms)
        self._automaton = _automaton(self._terms)

    def _know(self, index: int) -> _Known:
        term = self._terms[index]
        meaning = meaning_of(term, self._entries[term])
        debris = _is_debris(meaning)
        known = self._known[index] = _Known(
            meaning, continues_word(term[0]) and not debris, continues_word(term[-1]) and not debris, _may_be_continued(meaning)
        )
        return known

    def find(self, text: str) -> list[Hit]:
        """All terms in `text`, leftmost and longest, at word boundaries; in order of place."""
        shown = seen(text)
        if shown is None:
            return self._with_spelt(text, self._found(text))
        places = shown.places.tolist()
        return [
            Hit(places[start], places[end - 1] + 1, meaning)
            for start, end, meaning in self._with_spelt(shown.text, self._found(shown.text))
        ]

    def _with_spelt(self, text: str, found: list[Hit]) -> list[Hit]:
        """The terms found, and those that sell something in words spelt letter by letter, which end or begin anywhere in them."""
        more: list[Hit] = []
        for match in spelt(text):
            start = match.start()
            automaton, meanings = self._without_spaces
            more += [
                Hit(start + 2 * first, start + 2 * last - 1, meanings[index])
                for index, first, last in automaton.find_matches_as_indexes(fold(match[0][::2]))
            ]
        if not more:
            return found
        taken = iter(more)
        hit = next(taken, None)
        kept = []
        for other in found:  # both in order of place
            while hit is not None and hit.end <= other.start:
                hit = next(taken, None)
            if hit is None or other.end <= hit.start:
                kept.append(other)
        return sorted([*kept, *more])

    @cached_property
    def _without_spaces(self) -> tuple[ahocorasick_rs.AhoCorasick, list[Meaning]]:
        """An automaton over the terms with a topic, their spaces taken out, and their meanings; built when a spelt word is met."""
        known: dict[str, Meaning] = {}
        for meaning in (self._know(index).meaning for index in range(len(self._terms))):
            letters = meaning.term.replace(" ", "")
            if meaning.topics and len(letters) >= MIN_SPELT and letters.isalpha():
                known.setdefault(letters, meaning)
        return _automaton(list(known)), list(known.values())

    def _found(self, text: str) -> list[Hit]:
        folded = fold(text)
        length = len(folded)
        found = []
        known = self._known
        for index, start, end in self._automaton.find_matches_as_indexes(folded):
            meaning, left, right, stem = known[index] or self._know(index)
            if left and start and (before := folded[start - 1]) > " " and continues_word(before):
                continue
            if right and end < length and (after := folded[end]) > " " and continues_word(after):
                if not stem:
                    continue
                stop = end + 1
                while stop < length and stop - end <= MAX_ENDING and continues_word(folded[stop]):
                    stop += 1
                if stop - end > MAX_ENDING:
                    continue
                end = stop
            if meaning.term == "xxx" and _MASKED.match(folded, start):
                continue
            found.append(Hit(start, end, meaning))
        return found


def _automaton(terms: list[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(
        terms,
        matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        implementation=ahocorasick_rs.Implementation.ContiguousNFA,
    )


def _is_debris(meaning: Meaning) -> bool:
    """Text decoded wrongly and converters' debris stand inside words."""
    return not {"mojibake", "debris"}.isdisjoint(meaning.marks)


def _may_be_continued(meaning: Meaning) -> bool:
    return len(meaning.term) >= MIN_STEM and (bool(meaning.markers) or (bool(meaning.topics) and not meaning.is_brand))


@lru_cache(maxsize=1)
def terms() -> Terms:
    """Every shipped table, built once a process (about 0.1 s)."""
    meanings: dict[str, list[Entry]] = {}

    def add(term: str, entry: Entry) -> None:
        known = meanings.setdefault(fold(term.strip()), [])
        if entry not in known:
            known.append(entry)

    for kind, folder in (("topic", "topics"), ("marker", "markers")):
        for language in languages_of(folder):
            for category, term in read_table(f"{folder}/{language}.tsv"):
                add(term, Entry(kind, category, language))
    for term, topic in read_table("brands.tsv"):
        add(term, Entry("brand", topic, ""))
    for name, domain, language in read_table("press.tsv"):
        add(name, Entry("press", domain, language, name))
    for mark, term, language in read_table("marks.tsv"):
        add(term, Entry("mark", mark, language))
    meanings.pop("", None)
    return Terms(meanings)
