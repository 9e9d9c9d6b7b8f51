"""Who speaks in the main text? A house says we and you; a journalist lets others speak, and quotes them.

That a tile factory's site carries a portrait of a harbour pilot is no mismatch if the factory tells it ("our driver's brother"); that it reads as a
newspaper's piece is one. Words of person and of reported speech come from `lexicons/voice/`, and are counted outside quotation marks, for
what stands inside them is another's. Alone they accuse nobody, so this family has no witnesses.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from functools import cache

from detector.features.base import MISMATCH, NAN, FamilyResult, ratio, specs
from detector.features.reading import Reading
from detector.terms import WORD, fold, languages_of, read_table

NAME = "voice"
_KINDS = ("we", "you", "me", "said")
SPECS = specs(
    NAME,
    [
        ("we", "score", 0, 1000, "first person plural, per thousand words outside quotations"),
        ("we_opening", "score", 0, 1000, "the same in the opening of the main text"),
        ("you", "score", 0, 1000, "second person, per thousand words outside quotations"),
        ("me", "score", 0, 1000, "first person singular, per thousand words outside quotations"),
        ("said", "score", 0, 1000, "verbs and turns of reported speech, per thousand words outside quotations"),
        ("quoted", "share", 0, 1, "characters of the main text between quotation marks"),
        MISMATCH,
    ],
)
# Characters of the main text that are read, and those that open it. Less than a short paragraph says nothing about its voice.
_READ, _OPENING, _LEAST = 4000, 500, 80
_QUOTED = re.compile('[“„«「『”"]([^“”„«»「」『』"\n]{3,500})[“”»」』"]')
# Written without spaces, or with particles joined to the words: looked for anywhere, a word being taken for three characters.
_ANYWHERE = frozenset(("zh", "ja", "ko", "th"))
_CHARACTERS = 3


def extract(reading: Reading) -> FamilyResult:
    values = dict.fromkeys((*_KINDS, "we_opening", "quoted"), NAN)
    values["mismatch"] = 0.0
    text = reading.body[:_READ]
    if len(text) >= _LEAST:
        # Outside and inside in turn.
        pieces = _QUOTED.split(text)
        outside = " ".join(pieces[::2])
        values["quoted"] = ratio(sum(map(len, pieces[1::2])), len(text))
        language = reading.content_language
        if language in _terms():
            values.update(_rates(fold(outside), language, _KINDS))
            values["we_opening"] = _rates(fold(outside[:_OPENING]), language, ("we",))["we"]
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, ())


def _rates(text: str, language: str, kinds: tuple[str, ...]) -> dict[str, float]:
    """Occurrences per thousand words of each kind's terms."""
    terms = _terms()[language]
    if language in _ANYWHERE:
        words = len(text) / _CHARACTERS
        found = {kind: sum(map(text.count, terms[kind])) for kind in kinds}
    else:
        counted = Counter(WORD.findall(text))
        words = counted.total()
        found = {kind: sum(map(counted.get, terms[kind], itertools.repeat(0))) for kind in kinds}
    return {kind: min(1000.0, 1000.0 * ratio(found[kind], words)) if words else NAN for kind in kinds}


@cache
def _terms() -> dict[str, dict[str, tuple[str, ...]]]:
    """Folded terms by language (ISO 639-1, both Chinese scripts together) and kind, each once."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for name in languages_of("voice"):
        table = found.setdefault(name.partition("-")[0], {kind: {} for kind in _KINDS})
        for kind, term in read_table(f"voice/{name}.tsv"):
            table[kind][fold(term)] = None
    return {language: {kind: tuple(terms) for kind, terms in table.items()} for language, table in found.items()}
