"""Pointing accuracy: how often the first piece of evidence lies in what a second composer put into the page.

`python -m tests.benchmarks.pointing SET [--most 200] [--model DIR]`, SET from `detector dataset build`. By kind: pages flagged, share whose first
piece of evidence lies in what is foreign or is made of it, the same for the first piece that quotes the text, and for any of the first three.
On the pages of `scraped-farm-*` what stands round the article has to be pointed at, not the article: it is what a reader is led to. Evidence of the address or the head counts as outside.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from detector import Detector, Evidence
from detector.training import validation
from detector.training.rows import page_of

# A string of fewer bytes (four Latin letters, two Chinese characters) may stand inside any other.
_SHORTEST = 4


def inside(piece: Evidence, foreign: Sequence[str]) -> bool:
    """Whether the quote is, or is part of, one of the strings, or at least a third of it is made of such: a link's text may follow a label."""
    quote = "".join(piece.quote.split())
    strings = sorted({"".join(string.split()) for string in foreign}, key=len, reverse=True)
    if piece.source != "text" or not quote:
        return False
    if any(quote == string or (len(quote.encode()) >= _SHORTEST and quote in string) for string in strings):
        return True
    rest = quote
    for string in strings:
        if len(string.encode()) >= _SHORTEST:
            rest = rest.replace(string, "")
    return 3 * len(rest) <= 2 * len(quote)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("set", type=Path)
    options.add_argument("--most", type=int, default=200, help="pages of a kind")
    options.add_argument("--model", type=Path, default=None)
    given = options.parse_args()
    detector = Detector.load(given.model)
    by_kind: dict[str, list[list[bool]]] = defaultdict(list)
    seen: dict[str, int] = defaultdict(int)
    for sample in validation.load(given.set):
        if sample.label == "clean" or not sample.foreign or seen[sample.recipe] >= given.most:
            continue
        seen[sample.recipe] += 1
        verdict = detector.classify(page_of(sample))
        if verdict.flagged and verdict.evidence:
            found = [inside(piece, sample.choices["pointed"] or sample.foreign) for piece in verdict.evidence]
            of_text = [hit for hit, piece in zip(found, verdict.evidence, strict=True) if piece.source == "text"]
            by_kind[sample.recipe].append([found[0], bool(of_text) and of_text[0], any(found[:3])])
    print(f"{'kind':32} {'pages':>6} {'flagged':>8} {'first':>7} {'of text':>8} {'in three':>9}")
    for kind, pages in sorted(seen.items()):
        rows = by_kind[kind]
        shares = [sum(column) / len(rows) for column in zip(*rows, strict=True)] if rows else [float("nan")] * 3
        print(f"{kind:32} {pages:6} {len(rows):8} {shares[0]:7.1%} {shares[1]:8.1%} {shares[2]:9.1%}")


if __name__ == "__main__":
    main()
