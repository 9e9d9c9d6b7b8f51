"""Near-duplicate texts: word shingles and their MinHash (Broder 1997).

datasketch (MIT: numpy alone, maintained) makes the signatures; its stores are pickles or servers, so bands are kept by `index.py`.
"""

from __future__ import annotations

import re
from typing import Any

PERMUTATIONS = 64
# Shingles of one text that are hashed; enough to tell copies, and bounded.
SHINGLES = 400
# Words a shingle.
WIDTH = 5
# Below this many words the script has no spaces: a word is a clause, so shingles are runs of characters.
_SPACED = 60
_WORD = re.compile(r"\w+")


def shingles(text: str, step: int = 4) -> set[str]:
    """Runs of five words, at most `SHINGLES` from the beginning; of text without spaces, runs of eight characters, of as long a beginning.

    Args:
        step: characters from one such run to the next. Above one the runs of two texts only meet if both begin alike.
    """
    words = _WORD.findall(text.lower())
    if len(words) < _SPACED:
        return {text[start : start + 8] for start in range(0, min(len(text), 4 * SHINGLES), step)}
    return {" ".join(words[start : start + WIDTH]) for start in range(min(len(words) - 4, SHINGLES))}


def sketch(text: str, step: int = 4) -> Any:
    """The MinHash of a text's shingles, `PERMUTATIONS` values; `step` as `shingles`."""
    from datasketch import MinHash

    found = MinHash(num_perm=PERMUTATIONS, seed=1)
    found.update_batch([shingle.encode() for shingle in shingles(text, step)])
    return found
