"""Who owns the page? Domain words, site name, title tail, logo, copyright holder, publisher: do they agree, is one an offer?"""

from __future__ import annotations

import numpy as np

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, mismatch, specs
from detector.features.distributions import SPAM_TOPICS, divergence, spam_share, top_topic
from detector.features.languages import language_beside
from detector.features.names import LANGUAGE_NAMES, TOPIC_NAMES
from detector.features.owners import Owner, agreement, candidates, folded_opening, offer_score, overlap, title_tail, with_domain
from detector.features.reading import Reading
from detector.terms import fold

NAME = "identity"
_PAIRS = (
    ("copyright", "title_tail"),
    ("copyright", "site_name"),
    ("copyright", "logo"),
    ("title_tail", "site_name"),
    ("publisher", "copyright"),
    ("publisher", "title_tail"),
)
_KINDS = ("copyright", "site_name", "publisher", "title_tail", "logo")
SPECS = specs(
    NAME,
    [
        ("candidates", "count", 0, 5, "sources that name an owner"),
        *((f"{kind}_with_domain", "score", 0, 1, f"agreement of the {kind} with the domain's name; NaN across scripts") for kind in _KINDS),
        *((f"{left}_with_{right}", "score", 0, 1, f"agreement of {left} and {right}") for left, right in _PAIRS),
        ("best_with_domain", "score", 0, 1, "best agreement of any candidate with the domain"),
        ("worst_pair", "score", 0, 1, "worst agreement of two candidates"),
        ("owner_offer", "score", 0, 1, "how much the copyright holder is an offer for sale"),
        ("any_offer", "score", 0, 1, "the same, largest over all candidates"),
        ("owner_spam", "share", 0, 1, "spam topics of the copyright holder"),
        ("owner_against_content", "score", 0, 1, "divergence of the copyright holder's topics from the main text's"),
        ("site_against_content", "score", 0, 1, "divergence of the site name's (or title tail's) topics from the main text's"),
        ("owner_language_differs", "flag", 0, 1, "the copyright holder is in another language than the main text (English excepted)"),
        ("owner_length", "count", 0, 90, "characters of the copyright holder"),
        ("title_in_headline", "score", 0, 1, "agreement of title and headline"),
        ("og_title_with_title", "score", 0, 1, "agreement of og:title and title"),
        ("headline_offer", "score", 0, 1, "how much the headline is an offer for sale"),
        ("title_offer", "score", 0, 1, "how much the title is an offer for sale"),
        ("owner_in_title", "score", 0, 1, "the copyright holder stands in the title"),
        ("description_in_content", "share", 0, 1, "words of the description found in headline and main text"),
        ("og_title_in_content", "share", 0, 1, "words of og:title or JSON-LD headline found in headline and main text"),
        ("title_in_content", "share", 0, 1, "words of the title, less its tail, found in headline and main text"),
        ("keywords_in_content", "share", 0, 1, "words of the keywords found in headline and main text"),
        ("organisation_host", "flag", 0, 1, "a candidate or the domain names an institution"),
        ("press_host", "flag", 0, 1, "a candidate or the domain names a news outlet"),
        MISMATCH,
    ],
)


def extract(reading: Reading) -> FamilyResult:
    found = {owner.kind: owner for owner in reversed(reading.once(candidates))}
    document = reading.document
    name = document.address.name
    values: dict[str, float] = {"candidates": float(len(found))}
    witnesses: list[Witness] = []
    for kind in _KINDS:
        values[f"{kind}_with_domain"] = with_domain(found[kind].text, name) if kind in found and name else NAN
    for left, right in _PAIRS:
        values[f"{left}_with_{right}"] = agreement(found[left].text, found[right].text) if left in found and right in found else NAN
    domain_scores = [values[f"{kind}_with_domain"] for kind in _KINDS if values[f"{kind}_with_domain"] == values[f"{kind}_with_domain"]]
    pair_scores = [score for left, right in _PAIRS if (score := values[f"{left}_with_{right}"]) == score]
    values["best_with_domain"] = max(domain_scores) if domain_scores else NAN
    values["worst_pair"] = min(pair_scores) if pair_scores else NAN
    values.update(_owner(reading, found, witnesses))
    title, headline = reading.title, reading.headline[:300]
    values["title_in_headline"] = agreement(title, headline) if title and headline else NAN
    values["og_title_with_title"] = agreement(document.head.og_title, title) if document.head.og_title and document.head.title else NAN
    values["headline_offer"] = offer_score(reading.find(headline))[0] if headline else NAN
    values["title_offer"] = offer_score(reading.find(title))[0] if title else NAN
    values.update(_own_words(reading))
    values.update(_host_kind(reading, found))
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{key}": value for key, value in values.items()}, tuple(witnesses))


def topic_strings(reading: Reading) -> list[str]:
    """The names whose topics this family asks for."""
    found = {owner.kind: owner for owner in reversed(reading.once(candidates))}
    return [owner.text for owner in (found.get("copyright"), found.get("site_name") or found.get("title_tail")) if owner]


def _owner(reading: Reading, found: dict[str, Owner], witnesses: list[Witness]) -> dict[str, float]:
    owner = found.get("copyright")
    site = found.get("site_name") or found.get("title_tail")
    content = reading.content_topics
    scores = {kind: offer_score(reading.find(candidate.text)) for kind, candidate in found.items()}
    result = {
        "owner_offer": scores["copyright"][0] if owner else NAN,
        "any_offer": max(score for score, _ in scores.values()) if scores else NAN,
        "owner_spam": NAN, "owner_against_content": NAN, "site_against_content": NAN, "owner_language_differs": NAN,
        "owner_length": float(min(len(owner.text), 90)) if owner else NAN,
        "owner_in_title": agreement(owner.text, reading.title) if owner and reading.title else NAN,
    }  # fmt: skip
    strings = [candidate.text for candidate in (owner, site) if candidate]
    described = reading.describe(strings) if strings else np.zeros((0, 0))
    if owner:
        own = described[0]
        result["owner_spam"] = spam_share(own)
        result["owner_against_content"] = divergence(own, content)
        language = language_beside(owner.text, reading.content_language)
        if language and reading.content_language:
            result["owner_language_differs"] = float(language not in (reading.content_language, "en"))
    if site:
        result["site_against_content"] = divergence(described[-1], content)
    about, _ = top_topic(content)
    spam_content = spam_share(content)
    for kind, (score, topic) in scores.items():
        candidate = found[kind]
        sold = topic or top_topic(described[0])[0] if kind == "copyright" and owner else topic
        if score >= 0.5 and not (spam_content == spam_content and spam_content > 0.5):
            what = TOPIC_NAMES.get(sold, "something") if sold in SPAM_TOPICS else "something for sale"
            text = f"{_SAID[kind]} “{candidate.text}” offers {what}; the page is about {TOPIC_NAMES[about]}"
            witnesses.append(_witness("identity.owner-is-offer", candidate, 0.5 + 0.45 * score, text))
    if owner and result["owner_language_differs"] == 1.0 and scores["copyright"][0] < 0.5:
        there, here = (LANGUAGE_NAMES.get(code or "", code) for code in (language, reading.content_language))
        text = f"{_SAID['copyright']} “{owner.text}” is in {there}, the main text in {here}"
        witnesses.append(_witness("identity.owner-language", owner, 0.3, text))
    if owner and site and owner.kind != site.kind:
        agrees = agreement(owner.text, site.text)
        if agrees < 0.1 and spam_content == spam_content:
            witnesses.append(
                _witness(
                    "identity.owners-disagree",
                    owner,
                    0.2,
                    f"{_SAID['copyright']} “{owner.text}” and {_SAID[site.kind]} “{site.text}” have nothing in common",
                )
            )
    return result


_SAID = {
    "copyright": "the copyright holder",
    "site_name": "the site name",
    "publisher": "the publisher",
    "title_tail": "the name in the title",
    "logo": "the logo",
}


def _witness(code: str, owner: Owner, strength: float, message: str) -> Witness:
    source = "text" if owner.start is not None else "attribute" if owner.kind == "logo" else "head"
    return Witness(code, source, owner.role, owner.text, owner.start, owner.end, strength, message)


def _own_words(reading: Reading) -> dict[str, float]:
    """Does the head speak of what the text says?"""
    head = reading.document.head
    content = f"{fold(reading.headline)}\n{reading.once(folded_opening)}"
    tail = title_tail(reading.title)
    title = reading.title[: len(reading.title) - len(tail)] if tail and reading.title.endswith(tail) else reading.title
    return {
        "description_in_content": overlap(head.description[:300], content),
        "og_title_in_content": overlap(head.og_title or head.json_headline, content),
        "title_in_content": overlap(title[:200], content),
        "keywords_in_content": overlap(head.keywords[:200], content),
    }


def _host_kind(reading: Reading, found: dict[str, Owner]) -> dict[str, float]:
    """Whether names and domain speak of an institution or of the press."""
    text = " | ".join([*(owner.text for owner in found.values()), " ".join(reading.domain.words) if reading.domain else ""])
    hits = reading.find(text)
    markers = frozenset().union(*(hit.meaning.markers for hit in hits))
    if not text.strip(" |"):
        return {"organisation_host": NAN, "press_host": NAN}
    return {
        "organisation_host": float("organisation" in markers),
        "press_host": float("press" in markers or any(hit.meaning.press for hit in hits)),
    }
