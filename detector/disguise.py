"""A text as a reader sees it: without characters that have no width, letters that look alike read as those they stand for, words spelt with a
sign between their letters put together. What is read keeps its place, so that evidence points at the characters that are there.

Nothing here judges: honest text has soft hyphens and full-width letters too. Look-alikes are those of Unicode's confusables (UTS #39) that most
fonts draw alike, and its compatibility forms (NFKC) of Latin letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

# Joiners mean something between letters of Arabic and Indic scripts, and nowhere else.
_JOINERS = (0x200C, 0x200D)
_INVISIBLE = (0xAD, 0x34F, 0x180E, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F),
    *range(0x2066, 0x206A), *range(0xFE00, 0xFE10), *range(0x332, 0x339))  # fmt: skip
_JOINED = ((0x600, 0x780), (0x8A0, 0x900), (0x900, 0xE00), (0xFB50, 0xFE00), (0xFE70, 0xFEFF))
# Small capitals have no compatibility form; they are used for nothing but show, or sounds.
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡ", "abcdefghijklmnoprstuvwyzag", strict=True))
# Full width, enclosed, squared, letter-like, mathematical.
_STYLED = ((0xFF21, 0xFF5B), (0x249C, 0x24EA), (0x2102, 0x2150), (0x1D400, 0x1D800), (0x1F110, 0x1F14A))
# White on black, which have no compatibility form either.
_INVERTED = (0x1F150, 0x1F170)

_CYRILLIC = dict(zip("асеорхуіјѕһԁԛԝӏкмтАВСЕНІЈКМОРЅТХУԚԜ", "aceopxyijshdqwlkmtABCEHIJKMOPSTXYQW", strict=True))
_GREEK = dict(zip("οαρνικυχγτΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oapvikuxytABEZHIKMNOPTYX", strict=True))
_TO_CYRILLIC = {latin: own for own, latin in _CYRILLIC.items()}
_TO_GREEK = {latin: own for own, latin in _GREEK.items()}

# Kinds of characters, one number each, for a look at a whole text at once.
_OTHER, _LATIN, _CYRILLIC_KIND, _GREEK_KIND, _NO_WIDTH, _JOINER, _ARABIC_INDIC, _SHOW, _SIGN = range(9)
_SIGNS = " .*-_·•|/~+"
_TABLE_SIZE = 0x20000
_KIND = np.zeros(_TABLE_SIZE + 1, dtype=np.uint8)
_MEANT = np.arange(_TABLE_SIZE + 1, dtype=np.uint32)


def _fill() -> None:
    for kind, spans in (
        (_LATIN, ((0x41, 0x5B), (0x61, 0x7B), (0xC0, 0x250))),
        (_GREEK_KIND, ((0x370, 0x400),)),
        (_CYRILLIC_KIND, ((0x400, 0x530),)),
        (_ARABIC_INDIC, _JOINED),
    ):
        for low, high in spans:
            _KIND[low:high] = kind
    _KIND[[0xD7, 0xF7]] = _OTHER
    _KIND[list(_INVISIBLE)] = _NO_WIDTH
    _KIND[list(_JOINERS)] = _JOINER
    _KIND[[ord(sign) for sign in _SIGNS]] = _SIGN
    shown = {ord(shown): ord(meant) for shown, meant in _SMALL_CAPITALS.items()}
    for low, high in _STYLED:
        for code in range(low, high):
            plain = unicodedata.normalize("NFKC", chr(code)).strip("()")
            if len(plain) == 1 and plain.isascii() and plain.isalpha():
                shown[code] = ord(plain)
    shown |= {start + place: 0x41 + place for start in _INVERTED for place in range(26)}
    for code, meant in shown.items():
        _KIND[code], _MEANT[code] = _SHOW, meant


_fill()

# `_is_odd` and `_is_spelt` for a sentence or two, where making arrays costs most. All beyond the basic plane is taken for odd, because a pattern's
# table ends there; the arrays tell then.
_SHORT = 500
_LATIN_SET, _GREEK_SET, _CYRILLIC_SET = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f", "\u0370-\u03ff", "\u0400-\u052f"
_ODD_SET = "".join(
    map(chr, np.flatnonzero((_KIND[:0x10000] == _NO_WIDTH) | (_KIND[:0x10000] == _JOINER) | (_KIND[:0x10000] == _SHOW)).tolist())
)
_ODD_SIGN = re.compile(f"[{_ODD_SET}\U00010000-\U0010ffff]")
_SHARING = re.compile(f"[{_GREEK_SET}{_CYRILLIC_SET}]")
_SIDE_BY_SIDE = re.compile(
    f"[{_LATIN_SET}][{_GREEK_SET}{_CYRILLIC_SET}]|[{_GREEK_SET}][{_LATIN_SET}{_CYRILLIC_SET}]|[{_CYRILLIC_SET}][{_LATIN_SET}{_GREEK_SET}]"
)
_SIGN_SET = re.escape(_SIGNS)
_SIGN_APART = re.compile(rf"([{_SIGN_SET}])[^\W\d_]\1[^\W\d_]\1")
_WORDS = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u052f]{2,60}")
# Letters with the same sign between any two of them; a letter before or after would make it another text.
SPELT = re.compile(r"(?<![^\W_])[^\W\d_]([ .*\-_·•|/~+])[^\W\d_](?:\1[^\W\d_]){2,40}(?![^\W_])")
# Four letters with something between any two of them that does not show; three letters of show, but for full width, which is everyday in Japanese.
_VEILED = re.compile("(?:[^\\W_][\u200b-\u200d\u2060\u00ad\ufeff\u180e]){3,}[^\\W_]")
_SHOWN = re.compile(f"[{''.join(_SMALL_CAPITALS)}\u24b6-\u24e9\U0001d400-\U0001d7ff\U0001f110-\U0001f149\U0001f150-\U0001f189]{{3,}}")


@dataclass(frozen=True, slots=True)
class Seen:
    """`text` as a reader sees it; `places` int64 (characters,) says where each of them stands in the text that was given."""

    text: str
    places: np.ndarray


def codes_of(text: str) -> np.ndarray:
    """Code points, shape (characters,)."""
    if text.isascii():
        return np.frombuffer(text.encode(), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def is_disguised(codes: np.ndarray) -> bool:
    """Whether anything in a text may read otherwise than it is written: letters that do not show, that show as others, of two alphabets side by
    side, or with a sign between each. A quick look; `seen` and `spelt` say what.
    """
    kinds = _KIND.take(codes, mode="clip")
    return _is_spelt(codes, kinds) or (codes.dtype != np.uint8 and _is_odd(kinds))


def _is_odd(kinds: np.ndarray) -> bool:
    if ((kinds == _NO_WIDTH) | (kinds == _JOINER) | (kinds == _SHOW)).any():
        return True
    return _is_mixed(kinds)


def _is_mixed(kinds: np.ndarray) -> bool:
    """Whether letters of two of the three alphabets that share their shapes stand side by side."""
    left, right = kinds[:-1], kinds[1:]
    lettered = (left - np.uint8(1) < _GREEK_KIND) & (right - np.uint8(1) < _GREEK_KIND)
    return bool((lettered & (left != right)).any())


def _is_spelt(codes: np.ndarray, kinds: np.ndarray) -> bool:
    """Whether one sign stands three times, with a letter between: pages are numbered "1 2 3 4"."""
    signs = kinds == _SIGN
    three = signs[:-4] & signs[2:-2] & signs[4:]
    if not three.any():
        return False
    first = np.flatnonzero(three)
    first = first[(codes[first] == codes[first + 2]) & (codes[first] == codes[first + 4])]
    return any(map(_are_letters, codes[first + 1].tolist(), codes[first + 3].tolist()))


def _are_letters(left: int, right: int) -> bool:
    """As patterns have it: neither digits nor signs."""
    between = chr(left) + chr(right)
    return between.isalnum() and not chr(left).isdecimal() and not chr(right).isdecimal()


def _may_be_odd(text: str) -> bool:
    if _ODD_SIGN.search(text) is not None:
        return True
    return _SHARING.search(text) is not None and _SIDE_BY_SIDE.search(text) is not None


def seen(text: str) -> Seen | None:
    """What a reader sees of characters without width and look-alikes; None where that is the text as it is."""
    if text.isascii() or (len(text) <= _SHORT and not _may_be_odd(text)):
        return None
    codes = codes_of(text)
    kinds = _KIND.take(codes, mode="clip")
    if not _is_odd(kinds):
        return None
    kept = ~_without_width(kinds)
    places = np.flatnonzero(kept)
    codes, kinds = codes[kept], kinds[kept]
    show = kinds == _SHOW
    if show.any():
        # One alone is a sign (ⓒ, ℓ); in a word it is a letter.
        lettered = np.concatenate([[False], show | (kinds == _LATIN), [False]])
        show &= lettered[:-2] | lettered[2:]
        codes = np.where(show, _MEANT.take(codes, mode="clip"), codes)
    said = codes.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    if _is_mixed(kinds):
        said = _WORDS.sub(lambda match: _one_alphabet(match[0]), said)
    return Seen(said, places)


def _without_width(kinds: np.ndarray) -> np.ndarray:
    """Which characters a reader does not see. A joiner behind an Arabic or Indic letter is spelling, unless one stands behind every letter."""
    nothing: np.ndarray = kinds == _NO_WIDTH
    joiners = kinds == _JOINER
    if joiners.any():
        before = np.concatenate([[_OTHER], kinds[:-1]])
        padded = np.concatenate([[False, False], joiners, [False, False]])
        nothing |= joiners & ((before != _ARABIC_INDIC) | padded[:-4] | padded[4:])
    return nothing


def _one_alphabet(word: str) -> str:
    """A word of two alphabets in the one that all of its letters may belong to; one that has letters of its own in both stays."""
    if word.isascii():
        return word
    for kind, own, back in ((_CYRILLIC_KIND, _CYRILLIC, _TO_CYRILLIC), (_GREEK_KIND, _GREEK, _TO_GREEK)):
        foreign = [letter for letter in word if _KIND[ord(letter)] == kind]
        if not foreign or len(foreign) == len(word):
            continue
        if all(letter in own for letter in foreign):
            word = "".join(own.get(letter, letter) for letter in word)
        elif all(letter in back for letter in word if _KIND[ord(letter)] == _LATIN):
            word = "".join(back.get(letter, letter) for letter in word)
    return word


def spelt(text: str) -> Iterable[re.Match[str]]:
    """Words spelt with a sign between their letters, four letters or more; every other character is a letter."""
    return SPELT.finditer(text) if has_spelt(text) else ()


def has_spelt(text: str) -> bool:
    """Whether one sign stands between letters three times over: a quick look that `spelt` takes too."""
    if len(text) <= _SHORT:
        return _SIGN_APART.search(text) is not None
    codes = codes_of(text)
    return _is_spelt(codes, _KIND.take(codes, mode="clip"))


def undisguised(text: str) -> str:
    """The text as a reader sees it, for what reads words and needs no places."""
    found = seen(text)
    if found is not None:
        text = found.text
    return SPELT.sub(lambda match: match[0][::2], text) if has_spelt(text) else text


def disguised_words(text: str) -> int:
    """Words that a reader puts together and a machine does not: spelt with signs, veiled letter by letter, in letters of show, of two alphabets."""
    codes = codes_of(text)
    kinds = _KIND.take(codes, mode="clip")
    found = sum(1 for _ in SPELT.finditer(text)) if _is_spelt(codes, kinds) else 0
    if codes.dtype == np.uint8 or not _is_odd(kinds):
        return found
    if _is_mixed(kinds):
        found += sum(word != _one_alphabet(word) for word in _WORDS.findall(text))
    return found + len(_VEILED.findall(text)) + len(_SHOWN.findall(text))
