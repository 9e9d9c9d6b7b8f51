"""What one fold composes from: articles, shells, passages, identities, templates and labels that no other fold has."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from detector.terms import languages_of, read_table
from detector.training.banks import Bank, Hard, Identity, Passage
from detector.training.content import Article, Shell
from detector.training.corpus import FOLDS
from detector.training.damage import softened

T = TypeVar("T")
# Hosts with a matter of their own: on a blog or a portal any article may be at home, so they are no honest hosts to transplant into.
_OWN_MATTER = frozenset(("org", "product", "home", "docs", "forum"))
# The recipe of a page that was written whole (`written`).
WRITTEN = "written"
_LABELS = {"nav": "home", "breadcrumb": "breadcrumb", "advert": "advert"}


@dataclass(slots=True)
class Sample:
    """A page to train on. `recipe` and `choices` record how it was made, so that an error can be traced.

    `foreign` holds the strings that do not belong: the truth for pointing accuracy.
    """

    id: str
    body: str | bytes
    is_text: bool
    url: str | None
    label: str
    group: str
    fold: int
    recipe: str
    language: str
    choices: dict[str, Any] = field(default_factory=dict)
    foreign: tuple[str, ...] = ()


@dataclass(slots=True)
class Pool:
    """One fold's materials and its random source."""

    fold: int
    rng: random.Random
    articles: list[Article]
    shells: list[Shell]
    passages: list[Passage]
    identities: list[Identity]
    hard: list[Hard]
    templates: list[str]
    by_language: dict[str, list[Identity]] = field(default_factory=dict)
    passages_by_language: dict[str, list[Passage]] = field(default_factory=dict)
    news: list[Article] = field(default_factory=list)
    honest_shells: list[Shell] = field(default_factory=list)

    def __post_init__(self) -> None:
        for identity in self.identities:
            self.by_language.setdefault(identity.language[:2], []).append(identity)
        for passage in self.passages:
            self.passages_by_language.setdefault(passage.language[:2], []).append(passage)
        self.news = [article for article in self.articles if article.kind in ("news", "blog")]
        self.honest_shells = [shell for shell in self.shells if shell.kind in _OWN_MATTER]

    def pick(self, items: Sequence[T]) -> T:
        return items[self.rng.randrange(len(items))]

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def identity(self, language: str | None = None) -> Identity:
        """An identity of the language when there is one, else any."""
        return self.pick(self.by_language.get((language or "")[:2]) or self.identities)

    def passage(self, language: str | None = None) -> Passage:
        return self.pick(self.passages_by_language.get((language or "")[:2]) or self.passages)

    def spam_text(self, passage: Passage) -> list[str]:
        """Paragraphs of a spam page: the passage alone, or with others of its language, up to the length of a guide; some without their
        loudest sentences.
        """
        paragraphs = self._joined(passage)
        return softened(self.rng, paragraphs) if self.chance(0.4) else paragraphs

    def _joined(self, passage: Passage) -> list[str]:
        paragraphs = passage.text.split("\n\n")
        draw = self.rng.random()
        if draw < 0.2 and len(paragraphs) > 1:  # a lure need not be dense: one paragraph of it is enough
            return paragraphs[: self.rng.randint(1, len(paragraphs) - 1)]
        for _ in range(0 if draw < 0.5 else self.rng.randint(1, 3) if draw < 0.8 else self.rng.randint(4, 9)):
            other = self.passage(passage.language)
            paragraphs += [other.title, *other.text.split("\n\n")]
            if self.chance(0.3):
                paragraphs += other.anchors
        return paragraphs

    def article(self) -> Article:
        """An article, languages evened out: the corpus is mostly English."""
        for _ in range(4):
            found = self.pick(self.news)
            if found.language != "en" or self.chance(0.45):
                return found
        return found


def fold_of_text(text: str) -> int:
    """Bank entries and templates are shared out among the folds by digest."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[4:8], "big") % FOLDS


def without_fold(bank: Bank, fold: int) -> Bank:
    """The bank's entries that the other folds compose with."""
    return replace(
        bank,
        passages=tuple(passage for passage in bank.passages if fold_of_text(passage.title + passage.text) != fold),
        identities=tuple(identity for identity in bank.identities if fold_of_text(identity.name + identity.domain) != fold),
        hard=tuple(hard for hard in bank.hard if fold_of_text(hard.name + hard.domain) != fold),
    )


def make_pools(bank: Bank, templates: Path, articles: list[Article], shells: list[Shell], seed: int) -> list[Pool]:
    """One pool a fold; every article, shell, bank entry and template stands in one of them alone."""
    names = sorted(path.name for path in templates.glob("*.html.j2"))
    return [
        Pool(
            fold,
            random.Random(f"{seed}-{fold}"),
            [article for article in articles if article.fold == fold],
            [shell for shell in shells if shell.fold == fold],
            [passage for passage in bank.passages if fold_of_text(passage.title + passage.text) == fold],
            [identity for identity in bank.identities if fold_of_text(identity.name + identity.domain) == fold],
            [hard for hard in bank.hard if fold_of_text(hard.name + hard.domain) == fold],
            [name for index, name in enumerate(names) if index % FOLDS == fold],
        )
        for fold in range(FOLDS)
    ]


@lru_cache(maxsize=64)
def _markers(language: str) -> dict[str, list[str]]:
    known = languages_of("markers")
    code = language if language in known else "zh-Hans" if language.startswith("zh") else language[:2]
    if code not in known:
        return {}
    found: dict[str, list[str]] = {}
    for category, term in read_table(f"markers/{code}.tsv"):
        found.setdefault(category, []).append(term)
    return found


def labels(rng: random.Random, language: str) -> dict[str, str]:
    """Localised labels of a template, a form in use picked for each."""
    table = _markers(language) or _markers("en")
    wanted = [
        "home",
        "about",
        "contact",
        "products",
        "news",
        "login",
        "search",
        "share",
        "comments",
        "related",
        "hot",
        "tags",
        "category",
        "advert",
        "previous",
        "next",
        "byline",
        "dateline",
        "source",
        "photo",
        "breadcrumb",
        "friendlinks",
        "readmore",
        "sitemap",
        "copyright",
        "credit",
    ]
    result = {}
    for name in wanted:
        options = [term for term in table.get(name, []) if len(term) <= 30]
        term = rng.choice(options) if options else ""
        result[name] = term[:1].upper() + term[1:]
    return result
