"""What is each part about? Topic distributions of the parts and how far they lie from the main text."""

from __future__ import annotations

from collections import Counter

import numpy as np

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, specs
from detector.features.distributions import SPAM_TOPICS, TOPICS, divergence, divergences, spam_share, top_topic
from detector.features.names import TOPIC_NAMES
from detector.features.reading import Part, Reading
from detector.features.wording import excerpt, speaks_of

NAME = "topics"
_PARTS = ("title", "headline", "nav", "previous", "next", "related", "products", "footer", "tags", "other", "hidden")
SPECS = specs(
    NAME,
    [
        *((f"{part}_spam", "share", 0, 1, f"spam topics in {part}") for part in ("body", *_PARTS)),
        *((f"{part}_against_content", "score", 0, 1, f"divergence of {part} from the main text") for part in _PARTS),
        *((f"{part}_against_nav", "score", 0, 1, f"divergence of {part} from the navigation") for part in ("footer", "title", "next")),
        *((f"content_{topic}", "share", 0, 1, f"{topic} in the main text") for topic in TOPICS),
        ("content_none", "share", 0, 1, "no topic in the main text"),
        ("content_entropy", "score", 0, 6, "entropy of the main text's topics, bits"),
        ("spam_hits", "log10", 0, 5, "spam terms in the visible text"),
        ("spam_kinds", "count", 0, 12, "spam topics with three terms or more in the visible text"),
        ("spam_density", "score", 0, 100, "spam terms per thousand characters of the main text"),
        ("boilerplate_spam_hits", "log10", 0, 5, "spam terms outside the main text and comments"),
        ("spam_outside_content", "score", 0, 1, "largest spam share among the boilerplate parts less the main text's"),
        ("content_over_boilerplate", "score", 0, 1, "spam share of the main text less that of navigation and footer"),
        ("spliced_block", "score", 0, 1, "spam share of the main text's strangest long block less that of the whole"),
        MISMATCH,
    ],
)
_SAID = {
    "previous": "previous link", "next": "next link", "related": "list of related links", "products": "product list", "nav": "navigation",
    "tags": "tag list", "hidden": "hidden text", "other": "side matter", "title": "title", "headline": "headline", "footer": "footer",
}  # fmt: skip
# Trades whose goods stand in farms' previous/next pairs and product lists.
_GOODS = frozenset(["automotive", "industry", "goods", "home", "beauty", "property", "agriculture"])
_NEWS = frozenset(
    ["politics", "diplomacy", "crime", "business", "sport", "science", "culture", "environment", "government", "education", "religion"]
)


def extract(reading: Reading) -> FamilyResult:
    topics = reading.part_topics
    content = reading.content_topics
    values: dict[str, float] = {}
    witnesses: list[Witness] = []
    wordless: list[Witness] = []
    for part in ("body", *_PARTS):
        values[f"{part}_spam"] = spam_share(topics[part]) if part in topics else NAN
    values |= {f"{part}_against_content": NAN for part in _PARTS}
    present = [part for part in _PARTS if part in topics]
    against = divergences(np.array([topics[part] for part in present]), content).tolist()
    for part, distance in zip(present, against, strict=True):
        values[f"{part}_against_content"] = distance
        found = _witness(reading, reading.parts[part], topics[part], content)
        witnesses += found
        if found and not speaks_of(reading, reading.parts[part].text, top_topic(topics[part])[0]):
            wordless += found
    for part in ("footer", "title", "next"):
        values[f"{part}_against_nav"] = divergence(topics[part], topics["nav"]) if part in topics and "nav" in topics else NAN
    for index, topic in enumerate((*TOPICS, "none")):
        values[f"content_{topic}"] = float(content[index])
    values["content_entropy"] = float(-(content[content > 0] * np.log2(content[content > 0])).sum()) if not np.isnan(content).any() else NAN
    values.update(_hits(reading))
    outside = [
        values[f"{part}_spam"]
        for part in ("nav", "previous", "next", "related", "products", "footer", "tags", "hidden")
        if values[f"{part}_spam"] == values[f"{part}_spam"]
    ]
    inside = spam_share(content)
    values["spam_outside_content"] = max(0.0, max(outside) - inside) if outside and inside == inside else NAN
    home = [values[f"{part}_spam"] for part in ("nav", "footer") if values[f"{part}_spam"] == values[f"{part}_spam"]]
    values["content_over_boilerplate"] = max(0.0, inside - max(home)) if home and inside == inside else NAN
    values["spliced_block"] = _spliced(reading, inside, witnesses)
    values["mismatch"] = mismatch(witnesses)
    # What is of a topic by the shape of its letters alone counts, but no reader would see why: a page number is "about" something too.
    told = tuple(witness for witness in witnesses if witness not in wordless)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, told)


def _witness(reading: Reading, part: Part, own: np.ndarray, content: np.ndarray) -> list[Witness]:
    topic, share = top_topic(own)
    about, certainty = top_topic(content)
    if topic in ("none", about) or share < 0.35 or certainty < 0.2:
        return []
    spam = topic in SPAM_TOPICS
    goods_in_news = topic in _GOODS and about in _NEWS and part.name in ("previous", "next", "products", "footer", "title")
    if not spam and not goods_in_news:
        return []
    strength = share * (0.7 if spam else 0.5) * (1.0 if part.name in ("previous", "next", "footer", "hidden", "title", "tags") else 0.6)
    quote, start, end = part.text[:160], None, None
    if part.source == "text":
        start, end = _span(reading, part, topic)
        quote = reading.document.text[start:end]
    return [
        Witness(
            f"topics.{part.name}-unrelated", part.source, part.role, quote, start, end, strength,
            f"the {_SAID.get(part.name, part.name)} is about {TOPIC_NAMES[topic]}; the page is about {TOPIC_NAMES[about]}",
        )
    ]  # fmt: skip


def _span(reading: Reading, part: Part, topic: str) -> tuple[int, int]:
    """The block of the part that has most terms of the topic, 200 characters of it at most."""
    if part.name in ("previous", "next"):
        return part.start or 0, part.end or 0
    blocks = reading.hidden if part.name == "hidden" else [b for b in reading.visible if b.role == part.role]
    best, score = None, 0
    for block in blocks[:60]:
        count = sum(topic in hit.meaning.topics for hit in reading.hits_in(block))
        if count > score:
            best, score = block, count
    if best is None:
        return part.start or 0, min(part.end or 0, (part.start or 0) + 200)
    return excerpt(reading, best, topic)


def _hits(reading: Reading) -> dict[str, float]:
    kinds: dict[str, int] = {}
    total = boilerplate = body = 0
    for block in reading.visible if reading.sold else ():
        for _, topic in reading.sold.get(block.start, ()):
            total += 1
            body += block.role in ("body", "headline")
            boilerplate += block.role not in ("body", "headline", "comments", "caption")
            kinds[topic] = kinds.get(topic, 0) + 1
    characters = max(200, sum(block.characters for block in reading.blocks("body", "headline")))
    return {
        "spam_hits": log_count(total),
        "spam_kinds": float(sum(count >= 3 for count in kinds.values())),
        "spam_density": min(100.0, 1000.0 * body / characters),
        "boilerplate_spam_hits": log_count(boilerplate),
    }


def _spliced(reading: Reading, whole: float, witnesses: list[Witness]) -> float:
    """The long block of the main text that speaks most of a spam topic the rest does not."""
    blocks = [block for block in reading.blocks("body") if block.characters >= 50]
    suspects = [(block, hits) for block in blocks[:120] if (hits := reading.sold.get(block.start))]
    if len(blocks) < 2 or whole != whole:
        return NAN
    if not suspects:
        return 0.0
    suspects.sort(key=lambda pair: -len(pair[1]))
    suspects = suspects[:6]
    opinions = reading.topic_rows([reading.document.quote(block) for block, _ in suspects])
    shares = reading.mixtures([reading.hits_in(block) for block, _ in suspects], opinions)
    best = max(range(len(shares)), key=lambda index: spam_share(shares[index]))
    rest = [number for number in range(len(blocks)) if blocks[number] is not suspects[best][0]]
    others = Counter(topic for number in rest[:60] for hit in reading.hits_in(blocks[number]) for topic in hit.meaning.topics)
    spam_elsewhere = sum(count for topic, count in others.items() if topic in SPAM_TOPICS) / max(1, sum(others.values()))
    result = max(0.0, min(1.0, spam_share(shares[best]) - max(spam_elsewhere, 0.5 * whole)))
    block = suspects[best][0]
    topic, _ = top_topic(shares[best])
    if result > 0.3 and topic in SPAM_TOPICS:
        about = max(others, key=lambda name: others[name]) if others else "none"
        start, end = excerpt(reading, block, topic)
        beside = ", more than the rest of it" if about == topic else f"; the rest is about {TOPIC_NAMES[about]}"
        witnesses.append(
            Witness(
                "topics.spliced-block", "text", "body", reading.document.text[start:end], start, end, 0.8 * result,
                f"a block of the main text is about {TOPIC_NAMES[topic]}{beside}",
            )
        )  # fmt: skip
    return result
