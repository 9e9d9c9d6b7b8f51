"""Near-duplicate articles, so that no text stands on two sides of a split.

MinHash with banding (datasketch): articles whose five-word shingles overlap by about 0.7 or more
share a cluster (Broder 1997).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detector.provenance.shingles import PERMUTATIONS, sketch
from detector.training.content import Article, Shell
from detector.training.corpus import CorpusPage

THRESHOLD = 0.7


def folds_of_groups(articles: Sequence[Article]) -> dict[str, int]:
    """Group to fold, for groups whose articles copy another group's: they follow the group that comes first in the alphabet."""
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    parent = {article.group: article.group for article in articles}

    def root(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for number, article in enumerate(articles):
        found = sketch(" ".join(article.paragraphs))
        for other in index.query(found):
            left, right = sorted((root(article.group), root(articles[other].group)))
            parent[right] = left
        index.insert(number, found)
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
