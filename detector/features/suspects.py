"""Blocks that may not belong to the page, and what of each can be measured: the rows of the block model.

A page's own averages drown one paragraph about casinos among forty about nutrition. So blocks that hold a spam term, another script or language, a
link that leaves the site or goods on a page about something else are looked at one by one, each against the page it stands on; and so is the
paragraph that goes least with the rest of the main text.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from detector.features.affinity import BLOCK, BLOCK_HOME, MAIN, is_plain, placed, spoken
from detector.features.distributions import SPAM_TOPICS, TOPICS, divergences, is_known, spam_share, top_topic
from detector.features.languages import SCRIPTS, language_of, scripts_of_spans
from detector.features.reading import Reading
from detector.features.sampled import MIN_CHARACTERS, block_languages
from detector.features.services import EVERYWHERE
from detector.features.wordvectors import words_of
from detector.page.address import domain_of
from detector.page.document import ROLES, Block

NAN = float("nan")
MEASURES = (
    "role", "hidden", "characters", "position", "linked_share", "links", "outbound", "spam_hits", "spam_density", "spam_kinds", "markers",
    "ngram_spam", "ngram_top", "ngram_none", "ngram_goods", "spam_share", "against_content", "against_nav", "content_spam", "nav_spam", "domain_spam",
    "language_differs", "is_english", "foreign_script", "language_known", "spam_elsewhere", "goods_in_news", "suspects", "body_blocks", "is_text",
    "next_spam", "repeated", "fit_content", "fit_home", "shared", "like_kind", "link_alike",
)  # fmt: skip
# Blocks looked at on one page: those with most spam terms first. Farm footers and link wheels rarely have more; what is cut is more of the same.
MOST = 32
_CLIP = 240
# Blocks that stand for a role, links from which on the making of their paths says something, and the share of the main text's letters up to which a
# script is strange there: a list of five goods in Cyrillic holds more than two per cent of a short English article.
_KIN, _FEW_LINKS, _STRANGE = 24, 8, 0.05
_ALWAYS = frozenset(("prevnext", "copyright", "products"))
_GOODS = [TOPICS.index(topic) for topic in ("automotive", "industry", "goods", "home", "beauty", "property", "agriculture")]
_GOODS_NAMES = frozenset(TOPICS[index] for index in _GOODS)
_NEWS = frozenset(("politics", "diplomacy", "crime", "business", "sport", "science", "culture", "environment", "government", "education", "religion"))  # fmt: skip


_ROLE = {role: index for index, role in enumerate(ROLES)}


@dataclass(frozen=True, slots=True)
class Suspects:
    """`blocks` in order of place, `rows` float32 (blocks, MEASURES), `topics` the likeliest of each, `languages` as recognised."""

    blocks: tuple[Block, ...]
    rows: np.ndarray
    topics: tuple[str, ...]
    languages: tuple[str | None, ...]


_NONE = Suspects((), np.zeros((0, len(MEASURES)), dtype=np.float32), (), ())


def suspects(reading: Reading) -> Suspects:
    """The page's suspect blocks and their measures; none on a page where nothing stands out."""
    document = reading.document
    blocks = [block for block in document.blocks if block.role not in ("comments", "ads", "title") and block.characters >= 4]
    if not blocks:
        return _NONE
    sold = [len(reading.sold.get(block.start, ())) for block in blocks]
    foreign = _foreign_scripts(reading, blocks)
    outbound = _outbound(reading)
    languages = reading.once(block_languages)
    home = reading.content_language
    wares, stray = _wares(reading), _stray(reading)
    chosen = []
    for index, block in enumerate(blocks):
        differs = languages.get(block.start) not in (None, home) and home is not None
        leaves = outbound.get(block.start, 0)
        odd = leaves or block.start in wares or block.start == stray or block.role in _ALWAYS
        if sold[index] or foreign[index] > 0.3 or differs or odd:
            rank = (sold[index] > 0) * 4 + (foreign[index] > 0.3) * 2 + differs * 2 + (leaves > 0) + (block.hidden is not None)
            chosen.append((-rank, -sold[index], index))
    kept = sorted(index for _, _, index in sorted(chosen)[:MOST])
    return _measured(reading, blocks, kept, sold, foreign, outbound, languages)


def _wares(reading: Reading) -> set[int]:
    """Starts of blocks outside the running text that name goods; none where the page is about goods itself."""
    if not is_known(reading.content_topics) or top_topic(reading.content_topics)[0] in _GOODS_NAMES:
        return set()
    return {
        block.start
        for block, hits in reading.telling
        if (block.links or block.role not in MAIN) and any(not _GOODS_NAMES.isdisjoint(hit.meaning.topics) for hit in hits)
    }


def _stray(reading: Reading) -> int | None:
    """Start of the paragraph that goes least with the rest of the main text."""
    fits = reading.once(placed) if reading.matcher is not None else None
    if fits is None or not len(fits.chunk_fits) or np.isnan(fits.chunk_fits).all():
        return None
    return fits.blocks[int(np.nanargmin(fits.chunk_fits))].start


def _measured(
    reading: Reading, blocks: list[Block], kept: list[int], sold: list[int], foreign: list[float], outbound: dict[int, int], languages: dict[int, str | None]
) -> Suspects:  # fmt: skip
    document, home = reading.document, reading.content_language
    if not kept:
        return _NONE
    texts = [document.text[blocks[index].start : min(blocks[index].end, blocks[index].start + _CLIP)] for index in kept]
    hits = [reading.hits_in(blocks[index]) for index in kept]
    opinions = reading.topic_rows(texts)
    mixed = reading.mixtures(hits, opinions)
    content, nav, domain = reading.content_topics, reading.part_topics.get("nav"), reading.part_topics.get("domain")
    content_top = top_topic(content)[0] if is_known(content) else "none"
    tops = [top_topic(row)[0] for row in mixed]
    fixed = [_spam(content), _spam(nav), _spam(domain)]
    total, length, seen = sum(sold), max(1, len(document.text)), set[str]()
    long = _log(sum(block.characters >= MIN_CHARACTERS for block in reading.blocks("body")))
    rows, tongues = [], []
    fits = _fits(reading, [blocks[index] for index in kept], texts)
    alike = _links_alike(reading)
    for index, text, own, top, opinion, fit in zip(kept, texts, hits, tops, _opinions(opinions, mixed, content, nav), fits, strict=True):
        block = blocks[index]
        language = languages[block.start] if block.start in languages else _language(text)
        tongues.append(language)
        size = max(1, block.characters)
        following = sold[index + 1] if index + 1 < len(blocks) else 0
        rows.append([
            _ROLE[block.role], block.hidden is not None, math.log10(size), block.start / length, block.linked_characters / size,
            _log(block.links), _log(outbound.get(block.start, 0)), _log(sold[index]), min(20.0, 100 * sold[index] / max(20, size)),
            len({topic for _, topic in reading.sold[block.start]}) if sold[index] else 0, sum([bool(hit.meaning.markers) for hit in own]), *opinion, *fixed,
            float(language != home) if language and home else NAN, float(language == "en") if language else NAN, foreign[index],
            float(home is not None), _log(total - sold[index]), float(top in _GOODS_NAMES and content_top in _NEWS), len(kept), long,
            float(document.kind == "text"), float(following > 0), float(text in seen), *fit, alike.get(block.start, NAN),
        ])  # fmt: skip
        seen.add(text)
    return Suspects(tuple(blocks[index] for index in kept), np.array(rows, dtype=np.float32), tuple(tops), tuple(tongues))


def _opinions(opinions: np.ndarray, mixed: np.ndarray, content: np.ndarray, nav: np.ndarray | None) -> list[list[float]]:
    """The measures from `ngram_spam` to `against_nav` of every block, NaN where unknown; all blocks at once."""
    spam = len(SPAM_TOPICS)
    against_nav = divergences(mixed, nav) if nav is not None else np.full(len(mixed), NAN)
    columns = (
        np.add.reduce(opinions[:, :spam], axis=1), np.maximum.reduce(opinions, axis=1), opinions[:, -1], np.add.reduce(opinions[:, _GOODS], axis=1),
        np.add.reduce(mixed[:, :spam], axis=1), divergences(mixed, content), against_nav,
    )  # fmt: skip
    result: list[list[float]] = np.stack(columns, axis=1).tolist()
    return result


def _fits(reading: Reading, blocks: list[Block], texts: list[str]) -> list[list[float]]:
    """The measures from `fit_content` to `like_kind`: how each block goes with the main text and with the identity, the share of its words, by rarity,
    that stands in the opening of the main text (`wordvectors.MAX_CHARACTERS`), what the block itself says there roughly left out, and its cosine with
    what else the page says in that role.
    """
    matcher = reading.matcher
    if matcher is None:
        return [[NAN] * 4] * len(texts)
    found, vectors = reading.once(spoken), reading.once(placed)
    plain = reading.once(is_plain)
    kin = _kin(reading, blocks, plain)
    words = [words_of(text, plain=plain) for text in texts]
    placed_words = matcher.words.vectors([*words, *kin.values()])
    own, of_role = placed_words[: len(words)], dict(zip(kin, placed_words[len(words) :], strict=True))
    unknown = np.full(len(texts), NAN)
    inside = unknown if vectors.content is None else matcher.pairing.fit(BLOCK, own, vectors.content)
    at_home = unknown if vectors.home is None else matcher.pairing.fit(BLOCK_HOME, own, vectors.home)
    content = Counter(found.content)
    distinct = list(dict.fromkeys(itertools.chain.from_iterable(words)))
    rarity = dict(zip(distinct, matcher.words.rarities(distinct).tolist(), strict=True))
    shares = []
    for block, said in zip(blocks, words, strict=True):
        counts = Counter(said)
        here = block.role in MAIN and block.hidden is None
        shared = counts.keys() & content.keys()
        # Sixteenths add up to the same in any order.
        elsewhere = sum([rarity[word] for word in shared if not here or content[word] > counts[word]])
        total = sum([rarity[word] for word in counts])
        shares.append(elsewhere / total if total else NAN)
    cosines = [float(vector @ of_role[block.role]) if block.role in of_role else NAN for block, vector in zip(blocks, own, strict=True)]
    result: list[list[float]] = np.stack([inside, at_home, np.array(shares), np.array(cosines)], axis=1).tolist()
    return result


def _kin(reading: Reading, blocks: list[Block], plain: bool) -> dict[str, list[str]]:
    """For each role of the suspects, the words of the visible blocks of that role that are none: of up to `_KIN`, evenly from first to last."""
    own = {block.start for block in blocks}
    quote, words = reading.document.quote, {}
    for role in dict.fromkeys(block.role for block in blocks):
        others = [block for block in reading.blocks(role) if block.start not in own]
        if others:
            words[role] = words_of("\n".join([quote(block)[:_CLIP] for block in others[:: -(-len(others) // _KIN)]]), plain=plain)
    return words


def _links_alike(reading: Reading) -> dict[int, float]:
    """Of the links that stay on the site, the share whose path is made like that of a block's oddest such link, by the block's start. A path is made
    like another when it has as many parts, the same first one and the same ending.
    """
    document = reading.document
    own = document.address.domain
    links = [link for link in document.links if link.host is None or (own and domain_of(link.host) == own)]
    if len(links) < _FEW_LINKS:
        return {}
    shapes = [(link.block, _shape(link.href)) for link in links]
    counts = Counter([shape for _, shape in shapes])
    found: dict[int, float] = {}
    for number, shape in shapes:
        start = document.blocks[number].start
        found[start] = min(found.get(start, 1.0), counts[shape] / len(shapes))
    return found


def _shape(href: str) -> tuple[str, int, str]:
    """(first part of the path, number of parts, ending) of a link's address."""
    path = href.partition("://")[2].partition("/")[2] if "://" in href else href
    parts = [part for part in path.split("?", 1)[0].split("#", 1)[0].split("/") if part]
    if not parts:
        return "", 0, ""
    ending = parts[-1].rpartition(".")
    return parts[0] if len(parts) > 1 else "", len(parts), ending[2] if ending[0] else ""


def _log(number: int) -> float:
    return math.log10(1 + number)


def _spam(distribution: np.ndarray | None) -> float:
    return spam_share(distribution) if distribution is not None and is_known(distribution) else NAN


def _language(text: str) -> str | None:
    return language_of(text) if len(text) >= 12 else None


def _foreign_scripts(reading: Reading, blocks: list[Block]) -> list[float]:
    """Share of each block's letters in scripts that hold at most `_STRANGE` of the letters of the main text besides the block; Latin is at home
    everywhere, and where there is no other main text every script is.
    """
    text = reading.document.text
    if text.isascii():
        return [0.0] * len(blocks)
    counts = scripts_of_spans(text, [(block.start, block.end) for block in blocks])[:, 1 : len(SCRIPTS)]
    inside = np.array([block.role in MAIN and block.hidden is None for block in blocks])
    if not inside.any():
        inside[:] = True
    home = counts[inside].sum(axis=0) - counts * inside[:, None]
    known = home.sum(axis=1, keepdims=True)
    strange = (home <= _STRANGE * known) & (known > 0)
    strange[:, 0] = False
    han, kana, hangul = SCRIPTS.index("han") - 1, SCRIPTS.index("kana") - 1, SCRIPTS.index("hangul") - 1
    strange[:, han] &= strange[:, kana] & strange[:, hangul]
    letters = counts.sum(axis=1)
    shares: list[float] = np.where(letters >= 2, (counts * strange).sum(axis=1) / np.maximum(letters, 1), 0.0).tolist()
    return shares


def _outbound(reading: Reading) -> dict[int, int]:
    """Links that leave the site, by the start of the block they stand in."""
    document = reading.document
    own = document.address.domain
    found: dict[int, int] = {}
    for link in document.links:
        if link.host and "sponsored" not in link.rel and domain_of(link.host) != own and domain_of(link.host) not in EVERYWHERE:
            start = document.blocks[link.block].start
            found[start] = found.get(start, 0) + 1
    return found
