"""Near-duplicate articles, so that no text stands on two sides of a split.

MinHash with banding (datasketch, MIT: numpy alone, no pickle used): articles whose five-word shingles overlap by about 0.7 or more
share a cluster (Broder 1997).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from detector.training.content import Article, Shell
from detector.training.corpus import CorpusPage

THRESHOLD = 0.7
_PERMUTATIONS = 64
# Shingles of one article that are hashed; enough to tell copies, and bounded.
_SHINGLES = 400
_WORD = re.compile(r"\w+")


def folds_of_groups(articles: Sequence[Article]) -> dict[str, int]:
    """Group to fold, for groups whose articles copy another group's: they follow the group that comes first in the alphabet."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=_PERMUTATIONS)
    parent = {article.group: article.group for article in articles}

    def root(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for number, article in enumerate(articles):
        sketch = MinHash(num_perm=_PERMUTATIONS, seed=1)
        sketch.update_batch([shingle.encode() for shingle in _shingles(" ".join(article.paragraphs))])
        for other in index.query(sketch):
            left, right = sorted((root(article.group), root(articles[other].group)))
            parent[right] = left
        index.insert(number, sketch)
    fold = {article.group: article.fold for article in articles}
    return {group: fold[root(group)] for group in parent if root(group) != group}


def refold(
    pages: Sequence[CorpusPage], articles: Sequence[Article], shells: Sequence[Shell], folds: dict[str, int]
) -> tuple[list[CorpusPage], list[Article], list[Shell]]:
    """The same records with the folds of `folds` where their group is named there."""
    return (
        [replace(page, fold=folds.get(page.group, page.fold)) for page in pages],
        [replace(article, fold=folds.get(article.group, article.fold)) for article in articles],
        [replace(shell, fold=folds.get(shell.group, shell.fold)) for shell in shells],
    )


def _shingles(text: str) -> set[str]:
    words = _WORD.findall(text.lower())
    if len(words) < 60:  # unspaced scripts: a word is a clause, so shingles are runs of characters
        return {text[start : start + 8] for start in range(0, min(len(text), 4 * _SHINGLES), 4)}
    return {" ".join(words[start : start + 5]) for start in range(min(len(words) - 4, _SHINGLES))}
