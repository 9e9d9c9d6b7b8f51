"""Topics: their names, and the arithmetic of distributions over them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from detector.terms import Hit

# Topics of things that are pushed by spam. A topic is never enough: what counts is where it stands and on whose page.
SPAM_TOPICS = ["gambling", "adult", "escort", "pharmacy", "loans", "accounts", "replica", "essay", "piracy", "crypto", "seo", "fortune"]
HONEST_TOPICS = [
    "politics",
    "diplomacy",
    "crime",
    "business",
    "sport",
    "science",
    "technology",
    "medical",
    "legal",
    "education",
    "government",
    "culture",
    "religion",
    "travel",
    "food",
    "automotive",
    "property",
    "industry",
    "agriculture",
    "goods",
    "beauty",
    "home",
    "pets",
    "games",
    "jobs",
    "environment",
    "charity",
]
TOPICS = (*SPAM_TOPICS, *HONEST_TOPICS)
_SPAM = frozenset(SPAM_TOPICS)
NONE_TOPIC = "none"
TOPIC_INDEX = {topic: index for index, topic in enumerate(TOPICS)}


def sold_by(hit: Hit) -> str:
    """The spam topic a hit stands for when it has no honest meaning, else the empty string."""
    topics = hit.meaning.topics
    return topics[0] if topics and _SPAM.issuperset(topics) else ""


def is_known(distribution: np.ndarray) -> bool:
    """Whether a part has topics. A distribution is NaN in all its places or in none, so one is looked at."""
    return bool(distribution[0] == distribution[0])


def spam_share(distribution: np.ndarray) -> float:
    """Probability mass of the topics that spam pushes."""
    return float(np.add.reduce(distribution[: len(SPAM_TOPICS)]))


def top_topic(distribution: np.ndarray) -> tuple[str, float]:
    """(likeliest topic, its probability); ``none`` when nothing is known."""
    if not is_known(distribution):
        return NONE_TOPIC, 0.0
    index = int(distribution.argmax())
    return (TOPICS[index] if index < len(TOPICS) else NONE_TOPIC), float(distribution[index])


def divergence(left: np.ndarray, right: np.ndarray) -> float:
    """Jensen-Shannon divergence in bits, 0 to 1; NaN when either is unknown (Lin 1991)."""
    if not is_known(left) or not is_known(right):
        return float("nan")
    middle = (left + right) / 2
    if np.logical_and.reduce(left) and np.logical_and.reduce(right):  # nothing to leave out, as when the n-gram model has an opinion
        a, b = np.add.reduce(left * np.log2(left / middle)), np.add.reduce(right * np.log2(right / middle))
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            a = np.where(left > 0, left * np.log2(left / middle), 0.0).sum()
            b = np.where(right > 0, right * np.log2(right / middle), 0.0).sum()
    return float(min(max((a + b) / 2, 0.0), 1.0))


def divergences(rows: np.ndarray, right: np.ndarray) -> np.ndarray:
    """`divergence` of every row (n, topics) from one distribution, shape (n,)."""
    if not len(rows) or not is_known(right):
        return np.full(len(rows), np.nan)
    middle = (rows + right) / 2
    # Where a row or `right` is zero its part of the sum is zero, and the middle is then divided by nothing that counts.
    with np.errstate(divide="ignore", invalid="ignore"):
        a = np.where(rows == 0.0, 0.0, rows * np.log2(rows / middle))
        b = np.where(right == 0.0, 0.0, right * np.log2(right / middle))
    result: np.ndarray = np.clip((np.add.reduce(a, axis=1) + np.add.reduce(b, axis=1)) / 2, 0.0, 1.0)
    return result


def lexical_counts(hits: Sequence[Hit]) -> dict[int, float]:
    """Topic hits by place in TOPICS: each distinct term counts up to three times, shared among its topics."""
    counts: dict[int, float] = {}
    seen: dict[str, int] = {}
    for hit in hits:
        meaning = hit.meaning
        topics = meaning.topics
        if not topics:
            continue
        number = seen[meaning.term] = seen.get(meaning.term, 0) + 1
        if number <= 3:
            for topic in topics:
                index = TOPIC_INDEX[topic]
                counts[index] = counts.get(index, 0.0) + 1.0 / len(topics)
    return counts
