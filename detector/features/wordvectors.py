"""Words to vectors: a sum over hashed words and their beginnings, and how rare each word is. Numpy alone, some microseconds a string.

A student of the sentence encoder: `detector.training.matching` fits the weights so that a string's sum points where the encoder's vector
does (ridge regression). It reads a whole page for what one sentence costs the encoder, so the first tier has it everywhere.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detector.disguise import undisguised
from detector.terms import WORD, fold

# Of 16, 17 and 18: a written host's menu and products told from strangers' by its own article, mean over sixteen languages: area .69, .71, .74.
BITS = 18
# Of 32, 48 and 64 the most that keeps the artefact small; held-out pages told from strangers' by their menus: area .86, .88, .89.
DIMENSIONS = 64
# Rarities are kept as sixteenths of a nat.
RARITY_UNIT = 16.0
# Characters of one string that are read.
MAX_CHARACTERS = 4000
# What of a word stands for its other forms and its kin: beginnings, for Hangul and for words with an Arabic article less; the end of a compound;
# the single characters of a pair.
_STEMS, _STEMS_HANGUL = (4, 6), (2, 3)
_COMPOUND, _HEAD = 10, 6
_ARTICLES = ("وال", "بال", "لل", "ال")
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7a3]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_HASH = np.dtype("<u4")
# Makes an int8 weight positive; so many of those sixteen bits hold.
_SHIFT, _PIECE = 128, 256
# Written without spaces: read as pairs of characters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def words_of(text: str, *, plain: bool = False) -> list[str]:
    """Words in order, folded and as a reader sees them; scripts without spaces as pairs of characters. Digits are left out, single letters too.

    `plain` spares the look for a disguise where it is known that there is none.
    """
    found: list[str] = []
    text = text[:MAX_CHARACTERS]
    for word in WORD.findall(fold(text if plain else undisguised(text))):
        if word.isascii() or not _UNSPACED.search(word):
            if len(word) > 1:
                found.append(word)
        elif len(word) == 1:
            found.append(word)
        else:
            found += map("".join, itertools.pairwise(word))
    return found


def buckets(words: Sequence[str]) -> np.ndarray:
    """Places in the tables of words in order, uint32 (places,): of each its own first, then those of what stands for its kin (`_kin`)."""
    return _places(b"".join(map(_hashes, words)))


def _places(hashes: bytes) -> np.ndarray:
    result: np.ndarray = np.frombuffer(hashes, dtype=_HASH) & ((1 << BITS) - 1)
    return result


@lru_cache(maxsize=100_000)
def _hashes(word: str) -> bytes:
    """Hashes of a word and its kin, side by side: bytes are joined faster than numbers."""
    return b"".join([zlib.crc32(piece.encode("utf-8", "replace")).to_bytes(_HASH.itemsize, "little") for piece in (word, *_kin(word))])


def _kin(word: str) -> Sequence[str]:
    # Most words are not asked for their script: those below need more than one look.
    if word >= "\u0600":
        if _UNSPACED.match(word):
            return [f"^{character}" for character in word] if len(word) == 2 else ()
        if _HANGUL.match(word):
            return [f"^{word[:length]}" for length in _STEMS_HANGUL if len(word) > length]
        if _ARABIC.match(word):
            bare = next((word[len(article) :] for article in _ARTICLES if word.startswith(article) and len(word) >= len(article) + 3), word)
            return [
                f"^{piece}" for piece in (*([bare] if bare != word else []), *(bare[:length] for length in _STEMS if len(bare) > length))
            ]
    size = len(word)
    if size <= _STEMS[0]:
        return ()
    stem = f"^{word[: _STEMS[0]]}"
    if size <= _STEMS[1]:
        return (stem,)
    longer = f"^{word[: _STEMS[1]]}"
    return (stem, longer) if size < _COMPOUND else (stem, longer, f"${word[-_HEAD:]}")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """`weights` int8 (2**BITS, DIMENSIONS) times `scale` float32 (DIMENSIONS,); `rarity` uint8 (2**BITS,): how rare a word is among the pages
    of the corpus, in sixteenths of a nat.
    """

    weights: np.ndarray
    scale: np.ndarray
    rarity: np.ndarray

    def vectors(self, texts: Sequence[Sequence[str]]) -> np.ndarray:
        """Unit vectors of texts given as words, shape (texts, DIMENSIONS) float32, NaN for a text without words."""
        hashes = [b"".join(map(_hashes, words)) for words in texts]
        result = np.full((len(texts), DIMENSIONS), np.nan, dtype=np.float32)
        filled = [index for index, own in enumerate(hashes) if own]
        if not filled:
            return result
        lengths = np.array([len(hashes[index]) for index in filled]) // _HASH.itemsize
        vectors = self._sums(_places(b"".join(hashes)), lengths).astype(np.float32) * self.scale
        norms = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        result[filled] = np.divide(vectors, norms, out=np.full_like(vectors, np.nan), where=norms > 0)
        return result

    def _sums(self, places: np.ndarray, lengths: np.ndarray) -> np.ndarray:
        """Sums of the weights at consecutive stretches of places, int64 (stretches, DIMENSIONS). Added as sixteen-bit lanes, four to a number, in
        pieces so short that a lane holds them: a fifth of what adding int8 costs.
        """
        lanes = self.weights.take(places, axis=0).astype(np.int16)
        lanes += _SHIFT
        starts = np.cumsum(lengths) - lengths
        pieces = np.union1d(starts, np.arange(0, len(places), _PIECE))
        sums = np.add.reduceat(lanes.view(np.uint64), pieces, axis=0).view(np.uint16)
        result: np.ndarray = np.add.reduceat(sums, np.searchsorted(pieces, starts), axis=0, dtype=np.int64) - _SHIFT * lengths[:, None]
        return result

    def rarities(self, words: Sequence[str]) -> np.ndarray:
        """Rarity of each word in nats, 0 for one on every page; float64 (words,)."""
        own = _places(b"".join([_hashes(word)[: _HASH.itemsize] for word in words]))
        result: np.ndarray = self.rarity[own] / RARITY_UNIT
        return result
