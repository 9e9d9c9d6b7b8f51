"""A linear topic model over hashed character n-grams: arrays in, probabilities out, numpy alone.

It answers what a short string is about (a link text, a menu, the words of a domain) in any of the lexicons' languages, where a
term table has gaps. Weights are fitted by `detector.training.topics` and travel in the artefact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.terms import fold

ORDERS = (2, 3, 4, 5)
BITS = 16
# Characters of one string that are read; more changes nothing.
MAX_CHARACTERS = 240
_SPACE = 0x20
_PRIMES = np.array([2654435761, 2246822519, 3266489917, 668265263, 374761393], dtype=np.uint64)


def hashed(strings: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(bucket of every n-gram, index of the string it is in); both shape (number of n-grams,)."""
    parts = []
    owners = []
    for number, string in enumerate(strings):
        text = " " + " ".join(fold(string[:MAX_CHARACTERS]).split()) + " "
        codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
        codes = np.where((codes >= 0x30) & (codes <= 0x39), 0x30, codes)
        parts.append(codes)
        parts.append(np.zeros(max(ORDERS), dtype=np.uint64))
        owners.append(np.full(len(codes), number, dtype=np.int64))
        owners.append(np.full(max(ORDERS), -1, dtype=np.int64))
    if not parts:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    codes, owner = np.concatenate(parts), np.concatenate(owners)
    buckets, belongs = [], []
    rolling = np.zeros(len(codes), dtype=np.uint64)
    broken = np.zeros(len(codes), dtype=bool)
    for order in range(1, max(ORDERS) + 1):
        length = len(codes) - order + 1
        rolling = rolling[:length] * _PRIMES[order - 1] + codes[order - 1 :]
        broken = broken[:length] | (owner[order - 1 :] < 0)
        if order in ORDERS:
            mixed = (rolling ^ (rolling >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
            keep = ~broken
            buckets.append((mixed[keep] >> np.uint64(64 - BITS)).astype(np.int64))
            belongs.append(owner[:length][keep])
    return np.concatenate(buckets), np.concatenate(belongs)


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
        buckets, owner = hashed(strings)
        order = np.argsort(owner, kind="stable")
        buckets, owner = buckets[order], owner[order]
        present, first, counts = np.unique(owner, return_index=True, return_counts=True)
        if not len(present):
            return result
        sums = np.add.reduceat(self.weights[buckets], first, axis=0, dtype=np.int32)
        logits = sums * self.scale / np.sqrt(counts)[:, None] + self.bias
        logits -= logits.max(axis=1, keepdims=True)
        exponent = np.exp(logits)
        result[present] = exponent / exponent.sum(axis=1, keepdims=True)
        return result
