"""How messages name both sides of a mismatch: by topic where it is known, else by the first words. Words only, nothing is measured here."""

from __future__ import annotations

from collections import Counter

from detector.features.distributions import top_topic
from detector.features.names import TOPIC_NAMES
from detector.features.reading import Reading
from detector.page.document import Block

# Shares from which a topic is named: of a part's string, of the main text (as in `topics`).
_TELLING, _CERTAIN = 0.35, 0.2
_CUT = 60
# Characters of a block that are quoted; from how far inside a block its first telling term is no longer reached by quoting the beginning; how much
# is quoted before it then; how much a quotation may be shortened to end with a word.
_QUOTED, _FAR, _LEAD, _WORD = 200, 140, 60, 24


def first_words(text: str) -> str:
    """The beginning of a text on one line, in quotation marks, cut to some 60 characters."""
    line = " ".join(text[: 4 * _CUT].split())
    return f"“{line}”" if len(line) <= _CUT else f"“{line[:_CUT].rstrip()}…”"


def both_sides(reading: Reading, text: str) -> tuple[str, str]:
    """What a part and the page are, for "the part … the page …": ("is about gambling", "is about medicine") where both topics are known and
    differ, else ("", "is headed “…”").
    """
    topic, share = top_topic(reading.describe([text])[0])
    about, certainty = top_topic(reading.content_topics)
    if share >= _TELLING and certainty >= _CERTAIN and "none" not in (topic, about) and topic != about:
        return f"is about {TOPIC_NAMES[topic]}", f"is about {TOPIC_NAMES[about]}"
    return "", heading(reading)


def excerpt(reading: Reading, block: Block, topic: str) -> tuple[int, int]:
    """What of a block is quoted, as (start, end) in the text: all of a short one, else some 200 characters from its beginning or, where the first term
    of `topic` stands further on, from shortly before that.
    """
    text = reading.document.text
    if block.characters <= _QUOTED:
        return block.start, block.end
    first = next((hit.start for hit in reading.hits_in(block) if topic in hit.meaning.topics), block.start)
    start = block.start
    if first - start > _FAR:
        start = first - _LEAD
        start = text.find(" ", start, first) + 1 or start
    end = min(block.end, start + _QUOTED)
    if end < block.end:
        word = text.rfind(" ", end - _WORD, end + 1)
        end = word if word > 0 else end
    return start, end


def speaks_of(reading: Reading, text: str, topic: str) -> bool:
    """Whether a term of the topic stands in a text."""
    return any(topic in hit.meaning.topics for hit in reading.find(text))


def described(reading: Reading, about: str, beside: str) -> str:
    """The page by its topic `about` where that is known and another than the topic `beside` it: "is about medicine"; else by its words, as `heading`."""
    return f"is about {TOPIC_NAMES[about]}" if about not in ("none", beside) else heading(reading)


def heading(reading: Reading) -> str:
    """The page by its words: "is headed “…”", "is titled “…”" or "begins “…”"."""
    headline = reading.blocks("headline")[:1]
    if headline:
        return f"is headed {first_words(reading.document.quote(headline[0]))}"
    return f"is titled {first_words(reading.title)}" if reading.title else f"begins {first_words(reading.body or reading.document.text)}"


def rest_about(reading: Reading, block: Block) -> str:
    """The topic that most terms of the main text outside a block stand for, ``none`` where there are none."""
    others = [other for other in reading.blocks("headline", "body", "caption") if other.start != block.start]
    topics = Counter(topic for hit in reading.hits_of(others) for topic in hit.meaning.topics)
    return max(topics, key=lambda name: topics[name]) if topics else "none"
