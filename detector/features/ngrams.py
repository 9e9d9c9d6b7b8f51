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


def hashed(strings: list[str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each order: (bucket of every n-gram, index of the string it is in), both shape (number of n-grams,), in order of place."""
    if not strings:
        return []
    texts = [_padded(string[:MAX_CHARACTERS]) for string in strings]
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
    if is_disguised(codes):
        texts = [_padded(undisguised(string[:MAX_CHARACTERS])) for string in strings]
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32)
    codes = codes.astype(np.uint64)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    codes[(codes >= 0x30) & (codes <= 0x39)] = 0x30
    broken = codes == 0
    result = []
    rolling = np.zeros(len(codes), dtype=np.uint64)
    inside = ~broken
    for order in range(1, max(ORDERS) + 1):
        length = len(codes) - order + 1
        rolling = rolling[:length] * _PRIMES[order - 1] + codes[order - 1 :]
        inside = inside[:length] & ~broken[order - 1 :]
        if order in ORDERS:
            kept = rolling[inside]
            mixed = (kept ^ (kept >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
            result.append(((mixed >> np.uint64(64 - BITS)).astype(np.int64), owner[:length][inside]))
    return result


_GAP = "\x00" * max(ORDERS)


def _padded(string: str) -> str:
    return f" {' '.join(fold(string).split())} {_GAP}"


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
        orders = hashed(strings)
        buckets = np.concatenate([buckets for buckets, _ in orders])
        # One stretch for each order and string that has n-grams of it: lanes are wide enough for no more.
        stretch = np.concatenate([owner + number * len(strings) for number, (_, owner) in enumerate(orders)])
        lengths = np.bincount(stretch, minlength=len(orders) * len(strings))
        filled = np.flatnonzero(lengths)
        sums = np.zeros((len(lengths), len(self.names)), dtype=np.int64)
        if len(filled):
            first = (np.cumsum(lengths) - lengths)[filled]
            lanes = np.add.reduceat(_packed(self.weights).take(buckets, axis=0), first, axis=0).view(np.uint16)[:, : len(self.names)]
            sums[filled] = lanes
            sums -= _SHIFT * lengths[:, None]
        sums = sums.reshape(len(orders), len(strings), -1).sum(axis=0)
        counts = lengths.reshape(len(orders), len(strings)).sum(axis=0)
        present = np.flatnonzero(counts)
        if not len(present):
            return result
        sums, counts = sums[present], counts[present]
        logits = sums * self.scale / np.sqrt(counts)[:, None] + self.bias
        logits -= logits.max(axis=1, keepdims=True)
        exponent = np.exp(logits)
        result[present] = exponent / exponent.sum(axis=1, keepdims=True)
        return result
