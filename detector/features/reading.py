"""A Document with what several families ask of it, worked out once and only when asked.

Nothing here is state: every value is a function of the document and the topic model.
"""

from __future__ import annotations

import itertools
import operator
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from detector.features.blockmodel import BlockModel
from detector.features.distributions import TOPIC_INDEX, TOPICS, is_known, lexical_counts, sold_by
from detector.features.domainwords import DomainWords, split
from detector.features.embedding import Embedder
from detector.features.languages import language_of
from detector.features.matcher import Matcher
from detector.features.neighbours import neighbours_of
from detector.features.ngrams import TopicModel
from detector.page.document import Block, Document
from detector.terms import Hit, terms

_T = TypeVar("_T")
_START = operator.attrgetter("start")
# A hit in running text counts as this many n-gram opinions.
_NGRAM_WEIGHT = 2.0
# Characters of the main text that open it.
LEAD = 240


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of the page: its text, and where it stands if it stands in the text."""

    name: str
    source: str
    role: str
    text: str
    start: int | None
    end: int | None


class Reading:
    """One document being read by the families."""

    def __init__(
        self,
        document: Document,
        topic_model: TopicModel,
        block_model: BlockModel | None = None,
        embedder: Embedder | None = None,
        matcher: Matcher | None = None,
    ) -> None:
        self.document = document
        self.topic_model = topic_model
        self.block_model = block_model
        self.embedder = embedder
        self.matcher = matcher
        self._found: dict[str, list[Hit]] = {}
        self._opinions: dict[str, np.ndarray] = {}
        self._blocks: dict[tuple[str, ...], list[Block]] = {}
        self._once: dict[Callable[[Reading], Any], Any] = {}

    def once(self, read: Callable[[Reading], _T]) -> _T:
        """`read(self)`, worked out once: for what several families ask and only they understand."""
        if read not in self._once:
            self._once[read] = read(self)
        result: _T = self._once[read]
        return result

    @cached_property
    def hit_starts(self) -> list[int]:
        return [hit.start for hit in self.document.hits]

    @cached_property
    def visible(self) -> tuple[Block, ...]:
        return tuple(block for block in self.document.blocks if block.hidden is None)

    @cached_property
    def _by_role(self) -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in self.visible:
            found.setdefault(block.role, []).append(block)
        return found

    def blocks(self, *roles: str) -> Sequence[Block]:
        """Visible blocks with one of these roles, in order of place."""
        found = self._blocks.get(roles)
        if found is None:
            lists = [blocks for role in dict.fromkeys(roles) if (blocks := self._by_role.get(role))]
            found = lists[0] if len(lists) == 1 else sorted(itertools.chain.from_iterable(lists), key=_START)
            self._blocks[roles] = found
        return found

    def text(self, *roles: str) -> str:
        return "\n".join(self.document.text[block.start : block.end] for block in self.blocks(*roles))

    @cached_property
    def body(self) -> str:
        return self.text("body", "caption")

    @cached_property
    def headline(self) -> str:
        return self.text("headline", "title")

    @cached_property
    def title(self) -> str:
        return self.document.head.title or self.document.head.og_title

    @cached_property
    def hidden(self) -> list[Block]:
        return [block for block in self.document.blocks if block.hidden is not None]

    @cached_property
    def _block_hits(self) -> dict[int, list[Hit]]:
        """Hits of every block by its start, from one pass over both."""
        found: dict[int, list[Hit]] = {}
        hits, index = self.document.hits, 0
        for block in self.document.blocks:
            while index < len(hits) and hits[index].start < block.start:
                index += 1
            first = index
            while index < len(hits) and hits[index].start < block.end:
                index += 1
            if index > first:
                found[block.start] = list(hits[first:index])
        return found

    @cached_property
    def telling(self) -> list[tuple[Block, list[Hit]]]:
        """Visible blocks that hold a term at all, with their hits: a third of the blocks of most pages."""
        return [(block, hits) for block in self.visible if (hits := self._block_hits.get(block.start))]

    @cached_property
    def sold(self) -> dict[int, list[tuple[Hit, str]]]:
        """Hits that stand for a spam topic and nothing else, with the topic, by the start of their block; empty on most pages."""
        by_block = self._block_hits.items()
        return {start: found for start, hits in by_block if (found := [(hit, topic) for hit in hits if (topic := sold_by(hit))])}

    def hits_in(self, block: Block) -> list[Hit]:
        """Lexicon hits of a block."""
        return self._block_hits.get(block.start, [])

    def hits(self, start: int, end: int) -> tuple[Hit, ...]:
        """Lexicon hits inside start to end."""
        first = bisect_left(self.hit_starts, start)
        return self.document.hits[first : bisect_left(self.hit_starts, end, first)]

    def find(self, text: str) -> list[Hit]:
        """Terms of a string that does not stand in the text; several families ask for the same few."""
        found = self._found.get(text)
        if found is None:
            found = self._found[text] = terms().find(text) if text else []
        return found

    def hits_of(self, blocks: Sequence[Block]) -> list[Hit]:
        of_block = self._block_hits
        return [hit for block in blocks if block.start in of_block for hit in of_block[block.start]]

    def markers(self, start: int, end: int, *categories: str) -> list[Hit]:
        """Hits of a marker category inside start to end."""
        return [hit for hit in self.hits(start, end) if not hit.meaning.markers.isdisjoint(categories)]

    # -- the address -----------------------------------------------------------------------------------------------

    @cached_property
    def domain(self) -> DomainWords | None:
        """Words of the domain's name, None without an address."""
        address = self.document.address
        return split(address.name) if address.name else None

    # -- languages -------------------------------------------------------------------------------------------------

    @cached_property
    def content_language(self) -> str | None:
        return language_of(self.body[:240]) or language_of((self.headline or self.title)[:300])

    # -- topics ----------------------------------------------------------------------------------------------------

    def mixture(self, hits: Sequence[Hit], opinion: np.ndarray) -> np.ndarray:
        """Topic distribution of a part, shape (len(TOPICS) + 1,), the last is `none`; NaN where nothing is known."""
        result: np.ndarray = self.mixtures([hits], opinion[None, :])[0]
        return result

    def mixtures(self, hits: Sequence[Sequence[Hit]], opinions: np.ndarray) -> np.ndarray:
        """Topic distributions of several parts at once, shape as `opinions`: (parts, len(TOPICS) + 1)."""
        counts = np.zeros(opinions.shape)
        for row, found in zip(counts, hits, strict=True):
            for index, count in lexical_counts(found).items():
                row[index] = count
        number = np.add.reduce(counts, axis=1, keepdims=True)
        result: np.ndarray = (counts + _NGRAM_WEIGHT * opinions) / (number + _NGRAM_WEIGHT)
        for index in np.flatnonzero(result[:, 0] != result[:, 0]).tolist():
            if number[index, 0]:
                result[index] = counts[index] / number[index]
        return result

    def topic_rows(self, strings: list[str]) -> np.ndarray:
        """n-gram opinions in the order of TOPICS + none, shape (strings, len(TOPICS) + 1)."""
        self.foresee(strings)
        return np.array([self._opinions[text] for text in strings])

    def foresee(self, strings: Sequence[str]) -> None:
        """Ask the n-gram model about strings before they are needed: one long question costs a third of several short ones."""
        missing = [text for text in dict.fromkeys(strings) if text not in self._opinions]
        if missing:
            self._opinions.update(zip(missing, self.topic_model.probabilities(missing), strict=True))

    def describe(self, strings: list[str]) -> np.ndarray:
        """Topic distributions of strings that do not stand in the text (title, domain words), shape as `mixture`."""
        opinions = self.topic_rows(strings)
        return self.mixtures([self.find(text) for text in strings], opinions)

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The page's named parts that have text: title, headline, body, nav, previous, next, related, products, footer …"""
        document = self.document
        found: dict[str, Part] = {}
        if self.title:
            found["title"] = Part("title", "head", "title", self.title, None, None)
        for name, roles in _PART_ROLES.items():
            blocks = self.blocks(*roles)
            if blocks:
                text = "\n".join(document.text[block.start : block.end] for block in blocks[:60])
                found[name] = Part(name, "text", blocks[0].role, text, blocks[0].start, blocks[0].end)
        for name, block in self.neighbours.items():
            found[name] = Part(name, "text", "prevnext", document.quote(block), block.start, block.end)
        if self.hidden:
            text = "\n".join(document.quote(block) for block in self.hidden[:40])
            found["hidden"] = Part("hidden", "text", self.hidden[0].role, text, self.hidden[0].start, self.hidden[0].end)
        return found

    @cached_property
    def neighbours(self) -> dict[str, Block]:
        """The links to the pages before and after, `previous` and `next`."""
        return neighbours_of(self.blocks("prevnext"), self.hits_in)

    @cached_property
    def part_strings(self) -> dict[str, str]:
        """What the n-gram model reads of every part, and of `domain` when the address is known."""
        strings = {name: part.text[:LEAD] for name, part in self.parts.items()}
        if self.domain is not None:
            strings["domain"] = " ".join(word for word in self.domain.words if not word.isdigit())
        return strings

    def _part_hits(self, name: str) -> Sequence[Hit]:
        if name == "domain":
            return ()
        part = self.parts[name]
        if part.source == "head":
            return self.find(part.text)
        if name in ("previous", "next"):
            return self.hits(part.start or 0, part.end or 0)
        return self.hits_of(self.hidden if name == "hidden" else self.blocks(*_PART_ROLES[name]))

    @cached_property
    def part_topics(self) -> dict[str, np.ndarray]:
        """Topic distribution of every part, and of `domain` when the address is known."""
        if not self.part_strings:
            return {}
        opinions = self.topic_rows(list(self.part_strings.values()))
        mixtures = self.mixtures([self._part_hits(name) for name in self.part_strings], opinions)
        result = dict(zip(self.part_strings, mixtures, strict=True))
        if self.domain is not None and self.domain.topics:
            counts = np.zeros(len(TOPICS) + 1)
            for topic, weight in self.domain.topics.items():
                counts[TOPIC_INDEX[topic]] += weight
            base = result["domain"]
            result["domain"] = (counts * 2 + base) / (2 * counts.sum() + 1.0) if is_known(base) else counts / counts.sum()
        return result

    @cached_property
    def content_topics(self) -> np.ndarray:
        """What the main content is about: body, else headline, else title."""
        for name in ("body", "headline", "title"):
            found = self.part_topics.get(name)
            if found is not None and is_known(found):
                return found
        return np.full(len(TOPICS) + 1, np.nan)


_PART_ROLES = {
    "headline": ("headline",),
    "body": ("body", "caption"),
    "nav": ("nav", "breadcrumb"),
    "related": ("related",),
    "products": ("products",),
    "footer": ("footer", "copyright"),
    "tags": ("tags",),
    "other": ("other",),
    "comments": ("comments",),
}
