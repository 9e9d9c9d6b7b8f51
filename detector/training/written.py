"""Whole pages that the project wrote to train on: `pages/LANG/*.html` and `*.txt` below the banks' folder, with front matter.

Composed pages put known parts together; these were written as their makers write them, one at a time, so the parts agree and clash in ways that no
recipe has. They are few and weigh more. Half of the HTML pages that hide nothing come once more as the text that an extraction leaves.

Where only a part of a bad page does not belong (an inserted sentence, a headline in a list, a stranger's footer), `foreign` in its front matter
holds the texts of that part, with ` | ` between them, each within one block: the block model learns from them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from detector.errors import CorpusError
from detector.page.address import read_address
from detector.page.page import HTML, Page
from detector.training.compose import as_text
from detector.training.corpus import fold_of
from detector.training.evaluate import front_matter
from detector.training.pool import WRITTEN, Sample
from detector.verdict import LABELS

# What these hide is not in the text that an extraction leaves.
_HTML_ONLY = frozenset(("hidden-block", "footer-links", "sidebar-or-sentence", "paid-links"))
_KEYS = frozenset(("label", "language", "url", "kind", "pair", "foreign"))
_AS_TEXT = 0.5


def load(folder: Path, seed: int) -> list[Sample]:
    """The pages in the order of their paths. Pages of one host, and a bad page and its honest twin (`pair`), are kept in one fold.

    Raises:
        CorpusError: a page's front matter lacks a label, its language or its kind, or has a key that is none.
    """
    paths = sorted(path for path in (folder / "pages").rglob("*") if path.suffix in (".html", ".txt"))
    facts = [_facts(path) for path in paths]
    groups = _groups(paths, facts)
    return [sample for path, own, group in zip(paths, facts, groups, strict=True) for sample in _samples(path, own, group, seed)]


def _facts(path: Path) -> dict[str, str]:
    facts = front_matter(path)
    if facts.get("label") not in LABELS or not {"language", "kind"} <= set(facts) <= _KEYS:
        raise CorpusError(
            f"{path}: front matter needs label ({', '.join(map(str, LABELS))}), language and kind, and may have url, pair and foreign"
        )
    return facts


def _groups(paths: list[Path], facts: list[dict[str, str]]) -> list[str]:
    """For each page the name of the first that a host or a pair joins it with, at any remove."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    shared: dict[str, int] = {}
    joined = []
    for number, (path, own) in enumerate(zip(paths, facts, strict=True)):
        keys = [f"{path.parent.name}/{own['pair']}"] if "pair" in own else []
        keys += [read_address(own["url"]).domain] if "url" in own else []
        joined += [(shared.setdefault(key, number), number) for key in keys if key]
    first, second = np.array(joined, dtype=int).reshape(-1, 2).T
    size = len(paths)
    _, components = connected_components(coo_array((np.ones(len(first)), (first, second)), shape=(size, size)), directed=False)
    names: dict[int, str] = {}
    return [
        names.setdefault(component, f"{WRITTEN}/{path.parent.name}/{path.stem}")
        for path, component in zip(paths, components.tolist(), strict=True)
    ]


def _samples(path: Path, facts: dict[str, str], group: str, seed: int) -> Iterator[Sample]:
    name = f"{WRITTEN}/{path.parent.name}/{path.stem}"
    page = Page.from_file(path)
    rendering = ("html" if page.media_type == HTML else "text") + ("+url" if page.url else "")
    choices = {"rendering": rendering, "kind": facts["kind"]}
    foreign = tuple(facts["foreign"].split(" | ")) if "foreign" in facts else ()
    original = Sample(
        name,
        page.body,
        page.media_type != HTML,
        page.url,
        facts["label"],
        group,
        fold_of(group),
        WRITTEN,
        facts["language"],
        choices,
        foreign,
    )
    yield original
    rng = random.Random(f"{seed}-{name}")
    if original.is_text or facts["kind"] in _HTML_ONLY or rng.random() >= _AS_TEXT:
        return
    text = as_text(original.body, rng, excerpt=False)
    if text is not None:
        yield replace(
            original, id=f"{name}-text", body=text, is_text=True, choices={**choices, "rendering": rendering.replace("html", "text")}
        )
