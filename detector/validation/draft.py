"""What the kinds hand over: a page before it is rendered, and the materials of one fold that it was made of."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from detector.validation.bank import SecondBank
from detector.validation.material import Article, Host

T = TypeVar("T")
# Owners with a matter of their own. A blog or a portal may carry any article, and anybody may post in a forum.
_HOUSES = ("org", "product", "docs")
# Foreign strings are recorded up to this many characters.
RECORDED = 200


class Foreign(NamedTuple):
    """A string that does not belong to the page, as it stands in one text node, and what it was put in as."""

    where: str
    text: str


@dataclass(slots=True)
class Draft:
    """A composed page as HTML.

    `without_address` is the label that holds when the page's address is not known, None where nothing could then be decided.
    `anchor` is a string that an excerpt has to hold, for clean pages that one line makes clean. `pointed` is what
    evidence has to point at where that is not `foreign`: what stands round an article that is all its page is about, spliced
    paragraphs uncut, a list with its heading.
    """

    html: str
    url: str
    label: str
    language: str
    group: str
    choices: dict[str, Any]
    foreign: list[Foreign] = field(default_factory=list)
    without_address: str | None = ""
    anchor: str = ""
    pointed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.without_address == "":
            self.without_address = self.label
        self.foreign = [Foreign(where, text[:RECORDED].rstrip()) for where, text in self.foreign if text.strip()]


@dataclass(slots=True)
class Fold:
    """One fold's real pages, the whole second bank (nothing of it is trained on), and the random source."""

    number: int
    rng: random.Random
    articles: list[Article]
    hosts: list[Host]
    bank: SecondBank
    news: list[Article] = field(default_factory=list)
    press: list[Host] = field(default_factory=list)
    houses: list[Host] = field(default_factory=list)
    by_language: dict[str, list[Article]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.news = [article for article in self.articles if article.kind in ("news", "blog")]
        self.press = [host for host in self.hosts if host.kind == "news" and host.host]
        self.houses = [host for host in self.hosts if host.kind in _HOUSES and host.host]
        for article in self.news:
            self.by_language.setdefault(article.language[:2], []).append(article)

    def pick(self, items: Sequence[T]) -> T:
        return items[self.rng.randrange(len(items))]

    def some(self, items: Sequence[T], low: int, high: int) -> list[T]:
        """Between `low` and `high` of the items, none twice, in random order."""
        return self.rng.sample(list(items), min(len(items), self.rng.randint(low, high)))

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def article(self, language: str | None = None, other_than: str = "") -> Article | None:
        """A news article or post of another group than `other_than`; without a language, languages are drawn alike."""
        if language is None:
            language = self.pick(sorted(self.by_language)) if self.by_language and self.chance(0.5) else None
        pool = self.news if language is None else self.by_language.get(language[:2], [])
        for _ in range(8 if pool else 0):
            found = self.pick(pool)
            if found.group != other_than:
                return found
        return None

    def host(self, pool: Sequence[Host], language: str | None = None, *, foreign_to: str = "", other_than: str = "") -> Host | None:
        """A page of the pool in a language, or in another than `foreign_to`; not of the group `other_than`."""
        fitting = [
            h
            for h in pool
            if h.group != other_than
            and (language is None or h.language[:2] == language[:2])
            and (not foreign_to or h.language[:2] != foreign_to[:2])
        ]
        return self.pick(fitting) if fitting else None
