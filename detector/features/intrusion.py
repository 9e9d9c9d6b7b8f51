"""Does a single block speak of something that the page does not? Scores of the block model over the page's suspect blocks.

The block model (small gradient-boosted trees, fitted by `detector.training.intruders` on pages whose foreign block is known) says of
each suspect how likely it was put there by somebody else. The row holds the largest scores, by place, and how much text they cover.
"""

from __future__ import annotations

import numpy as np

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, specs
from detector.features.distributions import SPAM_TOPICS, top_topic
from detector.features.names import LANGUAGE_NAMES, TOPIC_NAMES
from detector.features.reading import Reading
from detector.features.suspects import MEASURES, Suspects, suspects
from detector.features.wording import described, excerpt, first_words, rest_about, speaks_of
from detector.page.document import ROLES, Block

NAME = "intrusion"
_PLACES = {
    "body": ("body", "caption", "headline", "byline"),
    "boilerplate": ("nav", "breadcrumb", "footer", "copyright", "tags", "form"),
    "lists": ("prevnext", "related", "products"),
    "other": ("other",),
}
_GROUP = np.array([next((number for number, roles in enumerate(_PLACES.values()) if role in roles), -1) for role in ROLES])
SPECS = specs(
    NAME,
    [
        ("suspects", "log10", 0, 3, "blocks that were looked at"),
        ("first", "score", 0, 1, "largest score"),
        ("second", "score", 0, 1, "second largest"),
        ("third", "score", 0, 1, "third largest"),
        ("total", "count", 0, 40, "sum of the scores"),
        ("likely", "log10", 0, 3, "blocks with a score of a half or more"),
        ("likely_characters", "log10", 0, 8, "their characters"),
        *((f"{place}_first", "score", 0, 1, f"largest score in {place}") for place in _PLACES),
        ("hidden_first", "score", 0, 1, "largest score among hidden blocks"),
        ("leaving_first", "score", 0, 1, "largest score among blocks with links that leave the site"),
        ("first_foreign", "flag", 0, 1, "the highest block is in another language or script than the main text"),
        ("first_characters", "log10", 0, 8, "its characters"),
        MISMATCH,
    ],
)
_HIDDEN, _CHARACTERS, _ROLE = MEASURES.index("hidden"), MEASURES.index("characters"), MEASURES.index("role")
_OUTBOUND, _DIFFERS, _SCRIPT = MEASURES.index("outbound"), MEASURES.index("language_differs"), MEASURES.index("foreign_script")
_LIKELY = 0.5
MAX_WITNESSES = 5
_STRONGEST = 0.9
# A shorter block without a term of its topic is of one only by the shape of its letters: too little to name it.
_NAMEABLE = 60


def values_of(rows: np.ndarray, scores: np.ndarray) -> dict[str, float]:
    """The family's features from suspects' rows (n, MEASURES) and their scores (n,), without the mismatch score."""
    values = dict.fromkeys((spec.name.split(".", 1)[1] for spec in SPECS), 0.0)
    values["suspects"] = log_count(len(rows))
    if not len(rows):
        values["first_foreign"] = values["first_characters"] = NAN
        return values
    order = np.sort(scores)[::-1]
    for number, name in enumerate(("first", "second", "third")):
        values[name] = float(order[number]) if number < len(order) else 0.0
    likely = scores >= _LIKELY
    sizes = 10.0 ** rows[:, _CHARACTERS]
    values["total"] = float(scores.sum())
    values["likely"] = log_count(int(likely.sum()))
    values["likely_characters"] = log_count(float(sizes[likely].sum()))
    groups = _GROUP[rows[:, _ROLE].astype(int)]
    seen = rows[:, _HIDDEN] == 0
    for number, place in enumerate(_PLACES):
        values[f"{place}_first"] = _largest(scores[(groups == number) & seen])
    values["hidden_first"] = _largest(scores[~seen])
    values["leaving_first"] = _largest(scores[rows[:, _OUTBOUND] > 0])
    first = int(np.argmax(scores))
    values["first_foreign"] = float(rows[first, _DIFFERS] == 1.0 or rows[first, _SCRIPT] > 0.3)
    values["first_characters"] = float(rows[first, _CHARACTERS])
    return values


def quoted(scores: np.ndarray) -> np.ndarray:
    """Strengths of the blocks that are quoted as evidence, strongest first."""
    likely = np.sort(scores[scores >= _LIKELY])[::-1][:MAX_WITNESSES]
    result: np.ndarray = np.minimum(likely, _STRONGEST)
    return result


def _largest(scores: np.ndarray) -> float:
    return float(scores.max()) if len(scores) else 0.0


def extract(reading: Reading) -> FamilyResult:
    found = reading.once(suspects)
    if reading.block_model is None:
        return FamilyResult({spec.name: NAN for spec in SPECS}, ())
    scores = reading.block_model.scores(found.rows)
    values = values_of(found.rows, scores)
    witnesses = _witnesses(reading, found, scores)
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _witnesses(reading: Reading, found: Suspects, scores: np.ndarray) -> list[Witness]:
    witnesses = []
    for index in np.argsort(-scores, kind="stable")[:MAX_WITNESSES]:
        if scores[index] < _LIKELY:
            break
        block = found.blocks[index]
        start, end = excerpt(reading, block, found.topics[index])
        witnesses.append(
            Witness(
                f"{NAME}.foreign-block", "text", block.role, reading.document.text[start:end], start, end,
                min(_STRONGEST, float(scores[index])), _said(reading, block, found.topics[index], found.languages[index]),
            )
        )  # fmt: skip
    return witnesses


def _said(reading: Reading, block: Block, topic: str, language: str | None) -> str:
    what = "a hidden block" if block.hidden else "a block"
    home = reading.content_language
    tongue = f" in {LANGUAGE_NAMES.get(language, language)}" if language and home and language != home else ""
    text = reading.document.quote(block)
    if block.characters < _NAMEABLE and not speaks_of(reading, text, topic):
        topic = "none"
    about = f" about {TOPIC_NAMES[topic]}" if topic != "none" else ""
    rest = top_topic(reading.content_topics)[0]
    if rest in ("none", topic) or rest in SPAM_TOPICS:
        # What the block itself puts into the main text is no part of what it stands on.
        rest = rest_about(reading, block)
    known = rest not in ("none", topic)
    host = reading.document.address.host
    if about and not known and host and speaks_of(reading, reading.headline or reading.title, topic):
        # The headline says the same: what the block is foreign to is the site.
        return f"{what}{tongue}{about} does not belong to the site {host}"
    page = described(reading, rest, topic)
    # Where the topics do not tell the two apart, their words do.
    quote = "" if about and known else f", {first_words(text)},"
    return f"{what}{tongue}{about}{quote} does not belong to the page, which {page}"
