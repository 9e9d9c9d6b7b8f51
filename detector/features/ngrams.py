"""A linear topic model over hashed character n-grams: arrays in, probabilities out, numpy alone.

It answers what a short string is about (a link text, a menu, the words of a domain) in any of the lexicons' languages, where a
term table has gaps. Weights are fitted by `detector.training.topics` and travel in the artefact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.disguise import is_disguised, undisguised
from detector.terms import fold

ORDERS = (2, 3, 4, 5)
BITS = 16
# Characters of one string that are read; more changes nothing.
MAX_CHARACTERS = 240
_PRIMES = np.array([2654435761, 2246822519, 3266489917, 668265263, 374761393], dtype=np.uint64)
_ORDERS = np.array(ORDERS)[:, None]
_FIRST = ORDERS[0] - 1
_BEHIND = " " * max(ORDERS)


def hashed(strings: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(bucket of every n-gram, how many n-grams of each order each string has, shape (orders, strings)).

    Buckets are sorted by order, then by string, then by place.
    """
    texts = [_padded(string[:MAX_CHARACTERS]) for string in strings]
    codes = _codes(texts)
    if is_disguised(codes):
        texts = [_padded(undisguised(string[:MAX_CHARACTERS])) for string in strings]
        codes = _codes(texts)
    codes = codes.astype(np.uint64)
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    codes[(codes >= 0x30) & (codes <= 0x39)] = 0x30
    length = len(codes) - len(_BEHIND)
    rolling = np.empty((len(_PRIMES), length), dtype=np.uint64)
    rolling[0] = codes[:length]
    for order in range(1, len(_PRIMES)):
        np.multiply(rolling[order - 1], _PRIMES[order], out=rolling[order])
        rolling[order] += codes[order : order + length]
    # Characters from a place to its string's end: an n-gram that would reach beyond is none.
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(length)
    kept = rolling[_FIRST:][left >= _ORDERS]
    kept ^= kept >> np.uint64(29)
    kept *= np.uint64(0x9E3779B97F4A7C15)
    kept >>= np.uint64(64 - BITS)
    return kept.view(np.int64), np.maximum(sizes - _ORDERS + 1, 0)


def _padded(string: str) -> str:
    return f" {' '.join(fold(string.replace(chr(0), ' ')).split())} "


def _codes(texts: list[str]) -> np.ndarray:
    return np.frombuffer("".join([*texts, _BEHIND]).encode("utf-32-le", "replace"), dtype=np.uint32)


# Makes an int8 weight positive. A string has at most MAX_CHARACTERS + 1 n-grams of an order, so 16 bits hold their sum.
_SHIFT = 128
_PACKED: dict[int, tuple[np.ndarray, np.ndarray]] = {}


def _packed(weights: np.ndarray) -> np.ndarray:
    """Weights as sixteen-bit lanes, four to a number: one addition does four topics, a third of what adding int8 costs.

    Worked out once for an array and kept beside it.
    """
    known = _PACKED.get(id(weights))
    if known is None or known[0] is not weights:
        if len(_PACKED) >= 4:
            _PACKED.clear()
        lanes = np.zeros((len(weights), -(-weights.shape[1] // 4) * 4), dtype=np.uint16)
        lanes[:, : weights.shape[1]] = weights.astype(np.int16) + _SHIFT
        known = _PACKED[id(weights)] = (weights, lanes.view(np.uint64))
    return known[1]


@dataclass(frozen=True, slots=True)
class TopicModel:
    """`weights` int8 (2**BITS, topics) times `scale` (topics,) plus `bias` (topics,); `names` the topics, ``none`` among them."""

    names: tuple[str, ...]
    weights: np.ndarray
    scale: np.ndarray
    bias: np.ndarray

    def probabilities(self, strings: list[str]) -> np.ndarray:
        """Topic probabilities, shape (strings, topics), float64; a string without letters gets NaN."""
        result = np.full((len(strings), len(self.names)), np.nan)
        if not strings:
            return result
        buckets, lengths = hashed(strings)
        # One stretch for each order and string that has n-grams of it: lanes are wide enough for no more.
        stretches = lengths.reshape(-1)
        filled = np.flatnonzero(stretches)
        sums = np.zeros((len(stretches), len(self.names)), dtype=np.int64)
        if len(filled):
            first = (np.cumsum(stretches) - stretches)[filled]
            lanes = np.add.reduceat(_packed(self.weights).take(buckets, axis=0), first, axis=0).view(np.uint16)[:, : len(self.names)]
            sums[filled] = lanes
            sums -= _SHIFT * stretches[:, None]
        sums = np.add.reduce(sums.reshape(*lengths.shape, -1), axis=0)
        counts = np.add.reduce(lengths, axis=0)
        present = np.flatnonzero(counts)
        if not len(present):
            return result
        sums, counts = sums[present], counts[present]
        logits = sums * self.scale / np.sqrt(counts)[:, None] + self.bias
        logits -= logits.max(axis=1, keepdims=True)
        exponent = np.exp(logits)
        result[present] = exponent / exponent.sum(axis=1, keepdims=True)
        return result
