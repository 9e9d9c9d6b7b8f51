"""Words inside a domain name: ``millbrookdental`` is ``millbrook dental``.

A Viterbi split under word frequencies of ten languages (wordfreq, Apache-2.0, lists inside the wheel) joined with the project's own
table of how trades are spelt in domain names (`lexicons/domains/`), which covers romanised words that no frequency list has.
"""

from __future__ import annotations

import gzip
import importlib.util
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from detector.terms import languages_of, read_table

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "id")
_UNKNOWN_LETTER = math.log(1e-4)
_MIN_FREQUENCY = 3e-6
_MAX_WORD = 18
# Frequent short words would tear long ones apart ("harrow lane" into "la neden"): a word this short costs at least so much.
_SHORT_WORD = {2: math.log(1e-4), 3: math.log(2e-4)}
_LATIN = re.compile(r"^[a-zà-öø-ÿąćęłńóśźżğışç]+$")
_PART = re.compile(r"[a-z]+|[0-9]+|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class DomainWords:
    """`words` in order; `known` share of letters inside known words of 3 letters or more; `language` of most of them or None.

    `topics` counts the trade table's hits by topic; `cost` is the mean log probability a letter (higher is more word-like).
    """

    words: tuple[str, ...]
    known: float
    language: str | None
    topics: Mapping[str, float]
    cost: float


def _frequency_list(code: str) -> list[list[str]]:
    """Words by centibels below certainty. Read from the installed package: importing it takes longer than judging a page."""
    import msgpack

    found = importlib.util.find_spec("wordfreq")
    if found is None or not found.submodule_search_locations:
        raise ImportError("wordfreq is not installed; reinstall contentfarm-detector")
    with gzip.open(Path(next(iter(found.submodule_search_locations))) / "data" / f"small_{code}.msgpack.gz") as stream:
        content: list[Any] = msgpack.load(stream, raw=False)
    header, buckets = content[0], content[1:]
    if header != {"format": "cB", "version": 1}:
        raise ImportError(f"wordfreq's lists are in another format ({header}); install the version that this program names")
    return buckets


@lru_cache(maxsize=1)
def _frequencies() -> tuple[dict[str, float], dict[str, str]]:
    """(log frequency of a word, the language where it is commonest)."""
    cost: dict[str, float] = {}
    language: dict[str, str] = {}
    lists = [_frequency_list(code) for code in LANGUAGES]
    deepest = math.ceil(-100 * math.log10(_MIN_FREQUENCY))
    # The rarest words first and the languages from the last: what is commonest, and first named, stands in the end.
    for bucket in reversed(range(min(deepest, max(map(len, lists))))):
        log_frequency = math.log(10 ** (-bucket / 100))
        for code, words_of in zip(reversed(LANGUAGES), reversed(lists), strict=True):
            if bucket < len(words_of):
                cost |= dict.fromkeys(words_of[bucket], log_frequency)
                language |= dict.fromkeys(words_of[bucket], code)
    for word in [word for word in cost if len(word) < 2 or not ((word.isascii() and word.isalpha()) or _LATIN.match(word))]:
        del cost[word], language[word]
    return cost, language


@lru_cache(maxsize=1)
def _trades() -> dict[str, tuple[tuple[str, str], ...]]:
    """Latin word to its (topic, language) pairs."""
    found: dict[str, list[tuple[str, str]]] = {}
    for language in languages_of("domains"):
        for topic, word in read_table(f"domains/{language}.tsv"):
            word = word.strip().lower()
            if len(word) >= 3:
                found.setdefault(word, []).append((topic, language))
    for term, topic in read_table("brands.tsv"):
        word = re.sub(r"[^a-z0-9]", "", term.lower())
        if len(word) >= 4:
            found.setdefault(word, []).append((topic, ""))
    return {word: tuple(pairs) for word, pairs in found.items()}


@lru_cache(maxsize=4_096)
def split(name: str) -> DomainWords:
    """Words of one label or several, `-` and `.` separated; digits stand alone."""
    words: list[str] = []
    total_cost = 0.0
    letters = 0
    for part in _PART.findall(name.lower()):
        if part.isdigit() or not part.isascii():
            words.append(part)
            continue
        pieces, cost = _viterbi(part[:60])
        words += pieces
        total_cost += cost
        letters += len(part)
    frequencies, language_of = _frequencies()
    trades = _trades()
    known = sum(len(word) for word in words if len(word) >= 3 and (word in frequencies or word in trades))
    votes: dict[str, float] = {}
    topics: dict[str, float] = {}
    for word in words:
        if word in trades:
            pairs = trades[word]
            for topic, code in pairs:
                topics[topic] = topics.get(topic, 0.0) + 1.0 / len({t for t, _ in pairs})
                if code and len(word) >= 5:
                    votes[code] = votes.get(code, 0.0) + len(word) / len(pairs)
        if len(word) >= 4 and word in language_of:
            votes[language_of[word]] = votes.get(language_of[word], 0.0) + len(word)
    language = max(votes, key=lambda code: votes[code]) if votes else None
    return DomainWords(
        tuple(words), known / letters if letters else 0.0, language, topics, total_cost / letters if letters else float("nan")
    )


def _viterbi(part: str) -> tuple[list[str], float]:
    frequencies, _ = _frequencies()
    trades = _trades()
    best = [0.0] + [-math.inf] * len(part)
    back = [0] * (len(part) + 1)
    for end in range(1, len(part) + 1):
        for start in range(max(0, end - _MAX_WORD), end):
            word = part[start:end]
            cost = frequencies.get(word)
            if cost is None or (end - start == 2 and cost < math.log(1e-4)):
                cost = -11.0 if word in trades and end - start >= 3 else None
            elif word in trades:
                cost = max(cost, -10.0)
            else:
                cost = min(cost, _SHORT_WORD.get(end - start, 0.0))
            if cost is None:
                if end - start > 1:
                    continue
                cost = _UNKNOWN_LETTER
            if best[start] + cost > best[end]:
                best[end], back[end] = best[start] + cost, start
    pieces: list[str] = []
    end = len(part)
    while end:
        pieces.append(part[back[end] : end])
        end = back[end]
    pieces.reverse()
    merged: list[str] = []  # runs of unknown letters are one unknown word
    single = False
    for piece in pieces:
        if len(piece) == 1 and merged and single:
            merged[-1] += piece
        else:
            merged.append(piece)
            single = len(piece) == 1
    return merged, best[len(part)]
