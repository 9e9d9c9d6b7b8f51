"""Do the parts mean the same? Cosines of sentence vectors between the page's parts, across languages.

The content (title, headline, opening, later paragraphs) is held against each part around it and against the identity (site name, domain words,
navigation, footer); everything is held against short descriptions of spam and of honest trades. Likeness of an opening to a few
spam descriptions tells real hijacked pages from clean ones with AUC .96 and no training. This family is the second tier: without an
encoder every value is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from detector.disguise import undisguised
from detector.features.affinity import CHUNKED, HOME, OUTWARD, PARTS, home_of, rests
from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, mismatch, specs
from detector.features.distributions import SPAM_TOPICS, TOPIC_INDEX, top_topic
from detector.features.joint import views_of
from detector.features.matcher import Matcher
from detector.features.meanings import ADVERTISED, CHUNK, NEWS, OUTBOUND, SPAM, Saying, prompts, sayings
from detector.features.names import PART_NAMES, TOPIC_NAMES
from detector.features.reading import Reading
from detector.features.wording import both_sides, described, first_words

NAME = "coherence"
_AROUND = (
    "site",
    "owner",
    "domain",
    "nav",
    "breadcrumb",
    "footer",
    "tags",
    "related",
    "products",
    "previous",
    "next",
    "hidden",
    "description",
)
_HOME = ("site", "domain", "nav", "footer", "breadcrumb")
_SPAMMY = (
    "title",
    "headline",
    "lead",
    "site",
    "owner",
    "domain",
    "nav",
    "footer",
    "tags",
    "related",
    "products",
    "previous",
    "next",
    "hidden",
)
SPECS = specs(
    NAME,
    [
        *((f"{part}_with_content", "cosine", -1, 1, f"{part} with the main content") for part in _AROUND),
        *((f"{part}_with_home", "cosine", -1, 1, f"{part} with the identity") for part in ("products", "previous", "next", "hidden")),
        ("title_with_lead", "cosine", -1, 1, "title with the opening of the main text"),
        ("headline_with_lead", "cosine", -1, 1, "headline with the opening of the main text"),
        ("title_with_headline", "cosine", -1, 1, "title with headline"),
        ("content_with_home", "cosine", -1, 1, "the main content with the identity"),
        ("domain_with_home", "cosine", -1, 1, "domain words with site name, navigation and footer"),
        ("least_around", "cosine", -1, 1, "the part around that fits the content least"),
        ("mean_around", "cosine", -1, 1, "all parts around with the content, mean"),
        ("strangest_chunk", "cosine", -1, 1, "the paragraph that fits the rest of the main text least"),
        ("chunk_gap", "cosine", -2, 2, "how far it lies below the middle one"),
        ("outbound_least", "cosine", -1, 1, "the outbound link text that fits the content least"),
        ("outbound_mean", "cosine", -1, 1, "outbound link texts with the content, mean"),
        *((f"{part}_spam", "cosine", -1, 1, f"{part} with the nearest description of spam") for part in _SPAMMY),
        ("chunk_spam", "cosine", -1, 1, "the paragraph nearest to spam"),
        ("outbound_spam", "cosine", -1, 1, "the outbound link text nearest to spam"),
        ("spam_gain", "cosine", -2, 2, "spam likeness of the content less that of the identity"),
        ("chunk_spam_gain", "cosine", -2, 2, "spam likeness of the paragraph nearest to spam less the middle one's"),
        ("content_news", "cosine", -1, 1, "the main content with descriptions of news"),
        ("home_news", "cosine", -1, 1, "the identity with descriptions of news"),
        ("trade_divergence", "score", 0, 1, "Hellinger distance of the trades that content and identity are nearest to"),
        *(
            (f"{part}_match", "nats", -20, 20, f"{part} with the main content: log likelihood ratio of one page to two")
            for part in (*PARTS, HOME, "title")
        ),
        ("least_match", "nats", -20, 20, "the part that matches least"),
        ("total_match", "nats", -240, 240, "sum over the parts"),
        ("outward_match", "nats", -20, 20, "outbound link texts with the main content, the least"),
        ("chunk_match", "nats", -20, 20, "the paragraph that matches the rest of the main text least"),
        ("joint", "nats", -20, 20, "all parts at once: log odds that the page is bad"),
        ("parts", "count", 0, 40, "strings read"),
        MISMATCH,
    ],
)
# Softmax temperature of likeness to trades: cosines of unrelated strings lie within about 0.1 of each other.
_SHARPNESS = 12.0


def extract(reading: Reading) -> FamilyResult:
    embedder = reading.embedder
    said = reading.once(understood) if embedder is not None else {}
    if embedder is None or not said:
        return FamilyResult({spec.name: 0.0 if spec.name.endswith(".parts") and embedder is not None else NAN for spec in SPECS}, ())
    vectors = reading.once(encoded)
    values: dict[str, float] = {f"{NAME}.{name}": value for name, value in _measured(vectors, prompts(embedder)).items()}
    values |= {f"{NAME}.{name}": value for name, value in _matched(vectors, reading.matcher).items()}
    witnesses = _witnesses(reading, said, values)
    values[f"{NAME}.parts"] = float(len(said))
    values[f"{NAME}.mismatch"] = mismatch(witnesses)
    return FamilyResult(values, tuple(witnesses))


def understood(reading: Reading) -> dict[str, Saying]:
    """The parts that the reading's encoder can read, by name."""
    assert reading.embedder is not None
    return sayings(reading, reading.embedder.languages)


def encoded(reading: Reading) -> dict[str, np.ndarray]:
    """The encoder's vectors (its dimensions,) of the parts that it can read, by name."""
    assert reading.embedder is not None
    said = reading.once(understood)
    vectors = reading.embedder.encode([undisguised(saying.text) for saying in said.values()]).astype(np.float64) if said else ()
    return dict(zip(said, vectors, strict=True))


def views(reading: Reading, matcher: Matcher) -> np.ndarray:
    """The parts as the network over the encoder's vectors reads them, (PLACES, dimensions), in the space of `matcher`."""
    turned = {name: turn(matcher, vector[None])[0] for name, vector in reading.once(encoded).items()}
    return views_of(turned, home_of(turned), content_of(turned), OUTBOUND, matcher.basis.shape[1])


def _mean(vectors: list[np.ndarray]) -> np.ndarray | None:
    if not vectors:
        return None
    total: np.ndarray = np.sum(vectors, axis=0)
    length = float(np.linalg.norm(total))
    return total / length if length else None


def _cosine(left: np.ndarray | None, right: np.ndarray | None) -> float:
    return NAN if left is None or right is None else float(np.clip(left @ right, -1.0, 1.0))


def _measured(vectors: Mapping[str, np.ndarray], described: Mapping[str, np.ndarray]) -> dict[str, float]:
    get = vectors.get
    chunks = [vector for name, vector in vectors.items() if name.startswith(CHUNK)]
    outbound = [vector for name, vector in vectors.items() if name.startswith(OUTBOUND)]
    text = [*([vectors["lead"]] if "lead" in vectors else []), *chunks]
    content = content_of(vectors)
    home = _mean([vectors[name] for name in _HOME if name in vectors])
    spam = {name: float((described[SPAM] @ vector).max()) for name, vector in vectors.items()}
    values = {f"{part}_with_content": _cosine(get(part), content) for part in _AROUND}
    values |= {f"{part}_with_home": _cosine(get(part), home) for part in ("products", "previous", "next", "hidden")}
    values |= {
        "title_with_lead": _cosine(get("title"), get("lead")),
        "headline_with_lead": _cosine(get("headline"), get("lead")),
        "title_with_headline": _cosine(get("title"), get("headline")),
        "content_with_home": _cosine(content, home),
        "domain_with_home": _cosine(get("domain"), _mean([vectors[name] for name in ("site", "nav", "footer") if name in vectors])),
    }
    around = [values[f"{part}_with_content"] for part in _AROUND if part in vectors and content is not None]
    values["least_around"] = min(around) if around else NAN
    values["mean_around"] = float(np.mean(around)) if around else NAN
    values |= _of_chunks(text)
    against = [_cosine(vector, content) for vector in outbound] if content is not None else []
    values["outbound_least"] = min(against) if against else NAN
    values["outbound_mean"] = float(np.mean(against)) if against else NAN
    values |= {f"{part}_spam": spam.get(part, NAN) for part in _SPAMMY}
    of_chunks = [spam[name] for name in vectors if name == "lead" or name.startswith(CHUNK)]
    values["chunk_spam"] = max(of_chunks) if of_chunks else NAN
    values["chunk_spam_gain"] = max(of_chunks) - float(np.median(of_chunks)) if len(of_chunks) > 2 else NAN
    values["outbound_spam"] = max((spam[name] for name in vectors if name.startswith(OUTBOUND)), default=NAN)
    inside = float((described[SPAM] @ content).max()) if content is not None else NAN
    at_home = [spam[name] for name in _HOME if name in vectors]
    values["spam_gain"] = inside - max(at_home) if at_home else NAN
    values["content_news"] = float((described[NEWS] @ content).max()) if content is not None else NAN
    values["home_news"] = float((described[NEWS] @ home).max()) if home is not None else NAN
    values["trade_divergence"] = _trades(content, home, described[ADVERTISED])
    return values


def _matched(vectors: Mapping[str, np.ndarray], matcher: Matcher | None) -> dict[str, float]:
    """What honest pages have taught about the parts and the content (`matcher`), in the encoder's space."""
    values = {spec.name.split(".", 1)[1]: NAN for spec in SPECS if spec.name.endswith(("_match", ".joint"))}
    if matcher is None:
        return values
    turned = {name: turn(matcher, vector[None])[0] for name, vector in vectors.items()}
    chunks = [vector for name, vector in turned.items() if name == "lead" or name.startswith(CHUNK)]
    content = content_of(turned)
    fits = matcher.meaning.fits({name: vector for name, vector in turned.items() if name in PARTS}, content)
    values |= {f"{name}_match": fit for name, fit in fits.items()}
    if fits:
        values["least_match"], values["total_match"] = min(fits.values()), sum(fits.values())
    if content is None:
        return values
    home = home_of(turned)
    if matcher.joint_meaning is not None:
        seen = views_of(turned, home, content, OUTBOUND, matcher.basis.shape[1])
        values["joint"] = float(matcher.joint_meaning.odds(seen[None])[0])
    whole = {"title": turned.get("title"), HOME: home}
    values |= {
        f"{name}_match": fit for name, fit in matcher.meaning.fits({k: v for k, v in whole.items() if v is not None}, content).items()
    }
    outward = [vector for name, vector in turned.items() if name.startswith(OUTBOUND)]
    if outward:
        values["outward_match"] = float(matcher.meaning.fit(OUTWARD, np.stack(outward), content).min())
    if len(chunks) > 2:
        stacked = np.stack(chunks)
        values["chunk_match"] = float(matcher.meaning.fit(CHUNKED, stacked, rests(stacked)).min())
    return values


def turn(matcher: Matcher, vectors: np.ndarray) -> np.ndarray:
    """The encoder's vectors (n, its dimensions) as unit vectors in the matcher's coordinates."""
    turned = (vectors - matcher.mean) @ matcher.basis
    result: np.ndarray = turned / np.maximum(1e-9, np.linalg.norm(turned, axis=1, keepdims=True))
    return result


def content_of(vectors: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """Unit mean of headline, opening and paragraphs, of headline and title where there is no main text."""
    own = [vector for name, vector in vectors.items() if name == "lead" or name.startswith(CHUNK)]
    return _mean(
        [*([vectors["headline"]] if "headline" in vectors else []), *own]
        if own
        else [vectors[k] for k in ("headline", "title") if k in vectors]
    )


def _of_chunks(text: list[np.ndarray]) -> dict[str, float]:
    if len(text) < 3:
        return {"strangest_chunk": NAN, "chunk_gap": NAN}
    total = np.sum(text, axis=0)
    fits = [_cosine(vector, (total - vector) / max(1e-9, float(np.linalg.norm(total - vector)))) for vector in text]
    return {"strangest_chunk": min(fits), "chunk_gap": float(np.median(fits)) - min(fits)}


def _trades(content: np.ndarray | None, home: np.ndarray | None, trades: np.ndarray) -> float:
    if content is None or home is None:
        return NAN
    shares = []
    for vector in (content, home):
        exponent = np.exp(_SHARPNESS * (trades @ vector))
        shares.append(np.sqrt(exponent / exponent.sum()))
    return float(min(1.0, np.sqrt(max(0.0, 1.0 - float(shares[0] @ shares[1])))))


# On real clean pages 5 % (tags) to 22 % (previous links) of the parts lie at or under the first, so they are quoted with little strength;
# under half a percent of all parts reach the second (99.5th percentile .40, of 65,025 parts).
_FOREIGN = 0.0
_LIKE_SPAM = 0.45
# Share from which the topic of what is like an advertisement is named.
_TELLING = 0.2


def _witnesses(reading: Reading, said: Mapping[str, Saying], values: Mapping[str, float]) -> list[Witness]:
    found = []
    for part, saying in said.items():
        if part not in PART_NAMES:
            continue
        spam = values.get(f"{NAME}.{part}_spam", NAN)
        fit = values.get(f"{NAME}.{part}_with_content", NAN)
        if spam >= _LIKE_SPAM:
            found.append(_witness("spam-meaning", saying, min(0.7, spam), _spam_said(reading, PART_NAMES[part], saying)))
        elif fit <= _FOREIGN and part in ("previous", "next", "products", "related", "hidden", "owner", "tags"):
            own, page = both_sides(reading, saying.text)
            told = f": it {own}, the page {page}" if own else f"; the page {page}"
            message = f"the {PART_NAMES[part]} {first_words(saying.named)} means something else than the main text{told}"
            found.append(_witness("foreign-part", saying, 0.3, message))
    return found


def _spam_said(reading: Reading, part: str, saying: Saying) -> str:
    opinion = reading.describe([saying.text])[0]
    # Of all topics, those that are sold: the encoder has said that it is one of them.
    topic = SPAM_TOPICS[int(opinion[: len(SPAM_TOPICS)].argmax())]
    sold = TOPIC_NAMES[topic] if opinion[TOPIC_INDEX[topic]] >= _TELLING else "gambling, drugs, loans, accounts or the like"
    page = described(reading, top_topic(reading.content_topics)[0], topic)
    return f"the {part} {first_words(saying.named)} means much the same as an advertisement for {sold}; the page {page}"


def _witness(code: str, saying: Saying, strength: float, message: str) -> Witness:
    return Witness(f"{NAME}.{code}", saying.source, saying.role, saying.shown, saying.start, saying.end, strength, message)
