"""Do the parts belong under one roof? Each part against the main text, by what honest pages have taught (`matcher`) and by the words they share.

An honest page's menu, name, footer and lists go with what it says: in meaning, and in rare words. A newspaper's article under
a tile shop's menu has neither. First tier: it needs no encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detector.disguise import codes_of, is_disguised
from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, specs
from detector.features.joint import views_of
from detector.features.matcher import Matcher
from detector.features.meanings import CHUNK, OUTBOUND, Saying, joined, parts_of
from detector.features.names import PART_NAMES
from detector.features.reading import Reading
from detector.features.wording import both_sides, first_words
from detector.features.wordvectors import DIMENSIONS, words_of
from detector.page.document import Block

NAME = "affinity"
# What is held against the main text; `home` is the identity taken together.
PARTS = ("site", "domain", "owner", "nav", "breadcrumb", "footer", "tags", "related", "products", "previous", "next", "hidden")
HOME_PARTS = ("site", "domain", "owner", "nav", "breadcrumb", "footer")
HOME, OUTWARD, CHUNKED, BLOCK, BLOCK_HOME = "home", "outward", "chunk", "block", "block-home"
# Every kind of pair that a matcher knows.
KINDS = (*PARTS, HOME, "title", OUTWARD, CHUNKED, BLOCK, BLOCK_HOME)
# Roles of the main text.
MAIN = ("headline", "body", "caption")
# Parts whose words are counted together.
_GROUPS = {
    "name": ("site", "domain", "owner"),
    "menu": ("nav", "breadcrumb", "tags"),
    "footer": ("footer",),
    "lists": ("related", "products", "previous", "next"),
}
# Paragraphs of the main text that are held against the rest, evenly from first to last, and the shortest of them.
_CHUNKS = 16
_MIN_CHUNK = 60
# Parts that are many blocks, read up to so many characters: the encoder's two hundred hold of a menu little but "Home, About us, Contact".
_WIDE = {
    "nav": ("nav",), "breadcrumb": ("breadcrumb",), "footer": ("footer", "copyright"), "tags": ("tags",), "related": ("related",), "products": ("products",),
}  # fmt: skip
_WIDTH = 800
# Nats. On real clean pages of unseen hosts 3 % (copyright holders) to 29 % (next links) of the parts lie below, on pages composed as scraped 10 %
# to 64 %: a part is quoted only where it shares no word with the main text besides, and with little strength.
_FOREIGN = -5.0
SPECS = specs(
    NAME,
    [
        *(
            (f"{part}_fit", "nats", -20, 20, f"{part} with the main text: log likelihood ratio of one page to two")
            for part in (*PARTS, HOME)
        ),
        ("least_fit", "nats", -20, 20, "the part that fits least"),
        ("total_fit", "nats", -240, 240, "sum over the parts"),
        ("outward_fit", "nats", -20, 20, "texts of links that leave the site with the main text, the least"),
        ("chunk_fit", "nats", -20, 20, "the paragraph that fits the rest of the main text least"),
        ("chunk_gap", "nats", 0, 40, "how far it lies below the middle one"),
        ("title_fit", "nats", -20, 20, "title with the main text"),
        ("joint", "nats", -20, 20, "all parts at once: log odds that the page is bad"),
        *((f"{group}_shared", "log10", 0, 4, f"rarity of the words that {group} and main text share, nats") for group in _GROUPS),
        *((f"{group}_share", "share", 0, 1, f"their part of the rarity of all words of {group}") for group in _GROUPS),
        ("words", "log10", 0, 4, "words of the main text that were read"),
        MISMATCH,
    ],
)
_QUOTED = ("previous", "next", "products", "related", "owner", "site", "tags", "hidden")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A page's parts as words, and the main text: `content` its words, `chunks` those of single paragraphs, which are `blocks`."""

    said: dict[str, Saying]
    words: dict[str, list[str]]
    content: list[str]
    chunks: list[list[str]]
    blocks: Sequence[Block]


def is_plain(reading: Reading) -> bool:
    """Whether the page's text is read as it is written, and so is every stretch of it."""
    return not is_disguised(codes_of(reading.document.text))


def spoken(reading: Reading) -> Spoken:
    """Parts and main text as words; the content is headline and body, or the title where there is neither."""
    document = reading.document
    said = reading.once(parts_of)
    texts = {name: saying.text for name, saying in said.items() if not name.startswith(CHUNK)}
    texts |= {name: joined(document, reading.blocks(*roles), _WIDTH) for name, roles in _WIDE.items() if name in texts}
    if "hidden" in texts:
        texts["hidden"] = joined(document, reading.hidden, _WIDTH)
    plain = reading.once(is_plain)
    words = {name: words_of(text, plain=plain and said[name].source == "text") for name, text in texts.items()}
    body = [block for block in reading.blocks("body", "caption") if block.characters >= _MIN_CHUNK] or reading.blocks("body", "caption")
    step = max(1, -(-len(body) // _CHUNKS))
    chosen = body[::step]
    chunks = [words_of(document.quote(block)[:600], plain=plain) for block in chosen]
    content = words_of("\n".join([*(document.quote(block) for block in reading.blocks("headline")[:1]), reading.body]), plain=plain)
    return Spoken(said, words, content or words.get("title", []), chunks, chosen)


@dataclass(frozen=True, slots=True)
class Placed:
    """Vectors of the parts, of the identity (`home`), of the main text and of its paragraphs, which are `blocks`; None where there are no words.

    `chunk_fits`: each paragraph with the rest of the main text, none of fewer than three.
    """

    parts: dict[str, np.ndarray]
    home: np.ndarray | None
    content: np.ndarray | None
    chunks: np.ndarray
    blocks: Sequence[Block]
    chunk_fits: np.ndarray


def placed(reading: Reading) -> Placed:
    """`spoken` in the first tier's space."""
    assert reading.matcher is not None
    return placed_by(reading, reading.matcher)


def views(reading: Reading, matcher: Matcher) -> np.ndarray:
    """The parts as the network over word vectors reads them, (PLACES, DIMENSIONS), in the space of `matcher`."""
    found = reading.once(placed) if matcher is reading.matcher else placed_by(reading, matcher)
    return views_of(found.parts, found.home, found.content, OUTBOUND, DIMENSIONS)


def placed_by(reading: Reading, matcher: Matcher) -> Placed:
    """`spoken` in the space of `matcher`."""
    found = reading.once(spoken)
    names = [name for name, words in found.words.items() if words]
    vectors = matcher.words.vectors([*(found.words[name] for name in names), found.content, *found.chunks])
    parts = {name: vector for name, vector in zip(names, vectors, strict=False) if not np.isnan(vector[0])}
    content, chunks = vectors[len(names)], vectors[len(names) + 1 :]
    known = np.flatnonzero(~np.isnan(chunks[:, 0]))
    chunks = chunks[known]
    fits = matcher.pairing.fit(CHUNKED, chunks, rests(chunks)) if len(chunks) > 2 else np.empty(0)
    blocks = [found.blocks[index] for index in known.tolist()]
    return Placed(parts, home_of(parts), None if np.isnan(content[0]) else content, chunks, blocks, fits)


def home_of(parts: dict[str, np.ndarray]) -> np.ndarray | None:
    """The identity's vector: unit mean of its parts'."""
    own = [parts[name] for name in HOME_PARTS if name in parts]
    if not own:
        return None
    total: np.ndarray = np.sum(own, axis=0)
    length = float(np.linalg.norm(total))
    return total / np.float32(length) if length else None


def rests(chunks: np.ndarray) -> np.ndarray:
    """For each paragraph's vector the unit mean of the others'."""
    others = chunks.sum(axis=0) - chunks
    norms = np.linalg.norm(others, axis=1, keepdims=True)
    result: np.ndarray = np.divide(others, norms, out=np.full_like(others, np.nan), where=norms > 0)
    return result


def extract(reading: Reading) -> FamilyResult:
    values = {spec.name.split(".", 1)[1]: NAN for spec in SPECS}
    if reading.matcher is None:
        return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, ())
    matcher, found, vectors = reading.matcher, reading.once(spoken), reading.once(placed)
    pairing = matcher.pairing
    fits = pairing.fits({name: vector for name, vector in vectors.parts.items() if name in PARTS}, vectors.content)
    values |= {f"{name}_fit": fit for name, fit in fits.items()}
    if fits:
        values["least_fit"], values["total_fit"] = min(fits.values()), sum(fits.values())
    if vectors.content is not None:
        if vectors.home is not None:
            values["home_fit"] = float(pairing.fit(HOME, vectors.home[None], vectors.content)[0])
        if "title" in vectors.parts:
            values["title_fit"] = float(pairing.fit("title", vectors.parts["title"][None], vectors.content)[0])
        outward = [vector for name, vector in vectors.parts.items() if name.startswith(OUTBOUND)]
        if outward:
            values["outward_fit"] = float(pairing.fit(OUTWARD, np.stack(outward), vectors.content).min())
    if matcher.joint_words is not None:
        values["joint"] = float(matcher.joint_words.odds(views(reading, matcher)[None])[0])
    own = vectors.chunk_fits
    if len(own) and not np.isnan(own).any():
        values["chunk_fit"], values["chunk_gap"] = float(own.min()), float(np.median(own) - own.min())
    values |= _shared(reading, found)
    values["words"] = log_count(len(found.content))
    witnesses = _witnesses(reading, found, fits)
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _shared(reading: Reading, found: Spoken) -> dict[str, float]:
    """How much of each group's words stands in the main text, weighed by rarity."""
    assert reading.matcher is not None
    result: dict[str, float] = {}
    if not found.content:
        return result
    inside = set(found.content)
    for group, parts in _GROUPS.items():
        words = list(dict.fromkeys(word for part in parts for word in found.words.get(part, ())))
        if not words:
            continue
        rarities = reading.matcher.words.rarities(words)
        shared = float(sum(rarity for word, rarity in zip(words, rarities.tolist(), strict=True) if word in inside))
        total = float(rarities.sum())
        result[f"{group}_shared"] = min(4.0, log_count(shared))
        result[f"{group}_share"] = min(1.0, shared / total) if total else NAN
    return result


def _witnesses(reading: Reading, found: Spoken, fits: dict[str, float]) -> Sequence[Witness]:
    inside = set(found.content)
    return [
        Witness(
            f"{NAME}.foreign-part", saying.source, saying.role, saying.shown, saying.start, saying.end,
            min(0.6, -0.05 * fits[name]), _said(reading, PART_NAMES[name], saying),
        )
        for name in _QUOTED
        if fits.get(name, 0.0) <= _FOREIGN and inside.isdisjoint(found.words[name]) and (saying := found.said[name])
    ]  # fmt: skip


def _said(reading: Reading, part: str, saying: Saying) -> str:
    own, page = both_sides(reading, saying.text)
    return f"the {part} {first_words(saying.named)}{f' {own} and' if own else ''} shares no word with the page, which {page}"
