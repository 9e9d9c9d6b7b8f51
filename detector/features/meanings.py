"""What of a page is worth an encoder's time: one short string for each part, and descriptions of spam and of trades to hold it against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from detector.features.embedding import Embedder
from detector.features.languages import language_of
from detector.features.owners import copyright_owner, title_tail
from detector.features.reading import Reading
from detector.page.address import domain_of
from detector.page.document import Block, Document

SPAM, NEWS, ADVERTISED = "spam", "news", "trades"
CHUNK, OUTBOUND = "chunk", "outbound"
# Characters of a part that are read: cost grows with them, and a cosine settles after a sentence or two.
_CLIP = 200
_CHUNKS = 5
_MIN_CHUNK = 60
_ANCHORS = 4
# The project's own words; English carries over in the encoder's space, the other languages mend where it does not.
_SPAM = (
    "online casino with slot machines, free spins and welcome bonus", "sports betting site, odds and betting tips", "lottery numbers prediction and jackpot results",
    "escort girls and adult dating services", "adult sex videos and porn movies", "buy cheap viagra and pills online without prescription",
    "fast loan online without credit check", "buy verified accounts, followers and likes", "replica watches and fake designer handbags",
    "essay writing service, buy a term paper", "watch full movie free streaming download", "crypto trading platform with guaranteed profit",
    "SEO backlinks and website promotion services", "fortune telling and black magic spells", "VPN, app download and mobile game cheats",
    "situs judi slot gacor online terpercaya maxwin", "canlı bahis ve casino siteleri deneme bonusu veren", "казино онлайн игровые автоматы бонус ставки на спорт",
    "在线赌场 百家乐 体育投注 彩票平台 官网", "成人视频 约炮 无码", "คาสิโนออนไลน์ สล็อตเว็บตรง แทงบอล", "オンラインカジノ ボーナス 出会い系", "온라인 카지노 토토사이트 먹튀검증",
    "apostas esportivas cassino online bônus", "كازينو اون لاين مراهنات رياضية", "casino en ligne sans dépôt paris sportifs", "kasyno online bez depozytu bukmacher",
)  # fmt: skip
_NEWS = (
    "news report about politics, the government and foreign affairs", "police and court report", "local newspaper with news of the region",
    "sports report about a match", "business and markets news",
)  # fmt: skip
_TRADES = (
    *_NEWS, "manufacturer of industrial machines and spare parts", "school and kindergarten", "university faculty and research institute", "parish church and congregation",
    "charity and volunteers", "doctor, dentist and medical clinic", "hotel and holiday apartments", "restaurant and recipes", "software and programming",
    "online shop for clothes and furniture", "city council and public administration", "lawyer and tax adviser", "estate agent and building company",
    "car dealer and car parts", "sports club and gym", "theatre, museum and music", "beauty and nail salon", "farm, garden and pets", "transport and logistics company",
    "bank and insurance", "online casino and betting", "mobile games and apps", "film and television",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saying:
    """A part's string. `text` is what is encoded; with source ``text``, `quote` is exactly `document.text[start:end]`."""

    text: str
    source: str
    role: str
    quote: str
    start: int | None
    end: int | None

    @property
    def shown(self) -> str:
        """The quote, what stands in the head or the address cut to some 200 characters: only text has a place that it must match."""
        return self.quote if self.source == "text" else self.quote[:_CLIP]

    @property
    def named(self) -> str:
        """What a message calls it by: its text, or the host as it is written, where the text is the words found in it."""
        return self.quote if self.source == "address" else self.text


@lru_cache(maxsize=4)
def prompts(embedder: Embedder) -> dict[str, np.ndarray]:
    """Vectors of the descriptions, shape (descriptions, dimensions) each."""
    return {
        name: embedder.encode(list(strings)).astype(np.float64) for name, strings in ((SPAM, _SPAM), (NEWS, _NEWS), (ADVERTISED, _TRADES))
    }


def sayings(reading: Reading, languages: frozenset[str]) -> dict[str, Saying]:
    """Parts by name, those in languages that the encoder does not know left out."""
    found = reading.once(parts_of)
    home = reading.content_language
    return {name: saying for name, saying in found.items() if (language_of(saying.text) or _fallback(name, home)) in languages}


def parts_of(reading: Reading) -> dict[str, Saying]:
    """Every part by name, whatever its language."""
    return {**_head(reading), **_around(reading), **_main(reading), **_outbound(reading)}


def _fallback(name: str, home: str | None) -> str:
    # Domain words are ASCII whatever the language; a title or menu too short to tell is in the page's own.
    return "en" if name == "domain" or home is None else home


def _head(reading: Reading) -> dict[str, Saying]:
    head = reading.document.head
    texts = {"title": reading.title, "description": head.description, "site": head.site_name or title_tail(reading.title) or head.publisher}
    found = {name: Saying(text[:_CLIP], "head", name, text[:_CLIP], None, None) for name, text in texts.items() if len(text) > 1}
    words = [word for word in reading.domain.words if not word.isdigit()] if reading.domain is not None else []
    if words:
        found["domain"] = Saying(" ".join(words), "address", "host", reading.document.address.host, None, None)
    return found


def _around(reading: Reading) -> dict[str, Saying]:
    document = reading.document
    found = {}
    owner = copyright_owner(reading)
    if owner is not None:
        found["owner"] = Saying(owner.text, "text", "copyright", owner.text, owner.start, owner.end)
    roles = (("nav", ("nav",), 12), ("breadcrumb", ("breadcrumb",), 3), ("footer", ("footer", "copyright"), 4), ("tags", ("tags",), 6))
    for name, chosen, most in (*roles, ("related", ("related",), 3), ("products", ("products",), 4)):
        saying = _joined(reading, reading.blocks(*chosen)[:most])
        if saying is not None:
            found[name] = saying
    for name, block in reading.neighbours.items():
        found[name] = Saying(document.quote(block)[:_CLIP], "text", "prevnext", document.quote(block), block.start, block.end)
    hidden = [block for block in reading.hidden if block.characters >= 8]
    longest = max(hidden, key=lambda block: block.characters, default=None)
    saying = None if longest is None else _joined(reading, [longest])
    if saying is not None:
        found["hidden"] = saying
    return found


def joined(document: Document, blocks: Sequence[Block], most: int) -> str:
    """The blocks' text up to `most` characters."""
    found, length = [], 0
    for block in blocks:
        found.append(document.text[block.start : min(block.end, block.start + most)])
        length += len(found[-1]) + 1
        if length > most:
            break
    return " ".join(found)[:most]


def _joined(reading: Reading, blocks: Sequence[Block]) -> Saying | None:
    """Blocks as one string; the quote is the longest of them."""
    if not blocks:
        return None
    document = reading.document
    text = joined(document, blocks, _CLIP)
    shown = max(blocks, key=lambda block: block.characters)
    end = min(shown.end, shown.start + _CLIP)
    return Saying(text, "text", shown.role, document.text[shown.start : end], shown.start, end)


def _main(reading: Reading) -> dict[str, Saying]:
    """Headline, opening, and paragraphs at even distances through the main text."""
    found = {}
    headline = reading.blocks("headline")[:1]
    if headline:
        saying = _joined(reading, headline)
        if saying is not None:
            found["headline"] = saying
    body = reading.blocks("body", "caption")
    long = [block for block in body if block.characters >= _MIN_CHUNK] or body[:3]
    if not long:
        return found
    opening = _joined(reading, long[:1] if long[0].characters >= _CLIP // 2 else long[:2])
    if opening is not None:
        found["lead"] = opening
    rest = long[1:]
    places = sorted({round(index * (len(rest) - 1) / max(1, _CHUNKS - 1)) for index in range(_CHUNKS)}) if rest else []
    for number, place in enumerate(places):
        saying = _joined(reading, [rest[place]])
        if saying is not None:
            found[f"{CHUNK}{number}"] = saying
    return found


def _outbound(reading: Reading) -> dict[str, Saying]:
    """The longest texts of links that leave the site."""
    document = reading.document
    own = document.address.domain
    texts: dict[str, Saying] = {}
    for link in document.links:
        if link.host and own and domain_of(link.host) != own and 6 <= link.end - link.start <= 160:
            role = document.blocks[link.block].role
            if role not in ("comments", "ads") and "sponsored" not in link.rel:
                quote = document.text[link.start : link.end]
                texts.setdefault(quote, Saying(quote, "text", role, quote, link.start, link.end))
    chosen = sorted(texts.values(), key=lambda saying: (-len(saying.text), saying.start))[:_ANCHORS]
    return {f"{OUTBOUND}{number}": saying for number, saying in enumerate(chosen)}
