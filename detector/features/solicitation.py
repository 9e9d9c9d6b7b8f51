"""What does the page sell, and to whom should one write? Handles, promo codes, prices, calls to act, by where they stand."""

from __future__ import annotations

import re

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, specs
from detector.features.distributions import sold_by, top_topic
from detector.features.names import TOPIC_NAMES
from detector.features.reading import Reading
from detector.features.wording import excerpt
from detector.page.document import Block
from detector.terms import Hit

NAME = "solicitation"
SPECS = specs(
    NAME,
    [
        ("handles", "log10", 0, 5, "messenger handles and their labels"),
        ("body_handles", "log10", 0, 5, "of those, in the main text"),
        ("promos", "log10", 0, 5, "promo codes, bonuses, free spins"),
        ("urgency", "log10", 0, 5, "calls to act"),
        ("offers", "log10", 0, 5, "offer words in the visible text"),
        ("body_offers_density", "score", 0, 200, "offer words per thousand characters of the main text"),
        ("headline_offers", "count", 0, 30, "offer, promo and urgency terms in headline and title"),
        ("prices", "log10", 0, 5, "amounts of money in the main text"),
        ("phones", "log10", 0, 5, "telephone numbers"),
        ("spam_offers", "log10", 0, 5, "blocks with a spam term and an offer, promo, urgency or handle term together"),
        ("title_spam_offer", "flag", 0, 1, "title or headline has a spam term and an offer word"),
        ("brand_density", "score", 0, 100, "betting, drug and other spam brands per thousand characters of the main text"),
        ("title_brand", "flag", 0, 1, "title or headline names such a brand"),
        ("best_list", "flag", 0, 1, "a year and a superlative list of providers in the headline"),
        MISMATCH,
    ],
)
_HANDLE = re.compile(
    r"(?:^|[\s(:：])@[a-z0-9_]{5,32}\b|t\.me/[a-z0-9_+]{4,40}|wa\.me/\d{6,15}|(?:qq|微信|wechat|tg|line\s?id|카톡|텔레)\s?[:：]\s?[a-z0-9_@-]{4,24}",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"[$€£¥₽₩₫฿₹₺]\s?\d[\d.,]{0,12}|\d[\d.,]{0,12}\s?(?:€|₽|zł|руб|грн|元|円|원|tl\b|usd\b|eur\b|rp\b|đ\b|vnđ\b|baht\b|บาท)|\brp\.?\s?\d[\d.,]{0,12}",
    re.IGNORECASE,
)
# "+…" or "00…", a Chinese mobile number, an area code; the first character stands before the bar so that the search can skip to it.
_PHONE = re.compile(r"[+01](?:(?<=\+)\d[\d\s().-]{7,18}\d|(?<=0)0\d[\d\s().-]{7,18}\d|(?<=\b1)[3-9]\d{9}\b|(?<=\b0)\d{2,4}[-\s]\d{6,8}\b)")
_BEST = re.compile(
    r"\b(?:top|best|las? mejores|les? meilleure?s?|beste[rn]?|лучши[ех]|migliori|melhores|terbaik|en iyi|najlepsz\w{1,3})\b.{0,60}\b20[12]\d|20[12]\d.{0,40}(?:top|best|推荐|排行|순위|terpercaya|terbaru)",
    re.IGNORECASE,
)
# A price begins at a digit or, with its sign and blanks before it, at most this far ahead of one.
_PRICE_LEAD = 4
_DIGIT = re.compile(r"\d")
# What stands before the colon of a handle's label.
_LABELS = ("qq", "微信", "wechat", "tg", "id", "카톡", "텔레")
_CALLS = frozenset(("offer", "promo", "urgency", "handle"))


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    body_text = reading.body[:3000]
    counts = {"handle": 0, "promo": 0, "urgency": 0, "offer": 0}
    body_counts = dict(counts)
    brands = spam_offers = 0
    found: list[tuple[Block, str, int]] = []
    for block, hits in reading.telling:
        if block.role in ("comments", "form"):
            continue
        sold, calls = reading.sold.get(block.start), 0
        in_body = block.role in ("body", "headline")
        for hit in hits:
            meaning = hit.meaning
            if not _CALLS.isdisjoint(meaning.markers):
                calls += 1
                for category in meaning.markers & _CALLS:
                    counts[category] += 1
                    body_counts[category] += in_body
            brands += in_body and meaning.is_brand
        if sold and calls:
            spam_offers += 1
            found.append((block, sold[0][1], calls))
    handles = len(_HANDLE.findall(body_text)) if _may_have_handles(body_text) else 0
    headline = f"{reading.title}\n{reading.headline[:300]}"
    title_calls, title_spam, title_brand = _headline(reading.find(headline))
    thousand = max(200, len(body_text)) / 1000
    values = {
        "handles": log_count(counts["handle"] + handles),
        "body_handles": log_count(body_counts["handle"] + handles),
        "promos": log_count(counts["promo"]),
        "urgency": log_count(counts["urgency"]),
        "offers": log_count(counts["offer"]),
        "body_offers_density": min(200.0, (body_counts["offer"] + body_counts["promo"]) / thousand),
        "headline_offers": float(min(title_calls, 30)),
        "prices": log_count(_prices(body_text)),
        "phones": log_count(len(_PHONE.findall(document.text[:4000]))),
        "spam_offers": log_count(spam_offers),
        "title_spam_offer": float(bool(title_calls) and title_spam) if headline.strip() else NAN,
        "brand_density": min(100.0, brands / thousand),
        "title_brand": float(title_brand) if headline.strip() else NAN,
        "best_list": float(("201" in headline or "202" in headline) and _BEST.search(headline[:300]) is not None),
    }
    witnesses = []
    about, _ = top_topic(reading.content_topics)
    for block, topic, calls in sorted(found, key=lambda item: -item[2])[:3]:
        start, end = excerpt(reading, block, topic)
        foreign = block.role not in ("body", "headline")
        witnesses.append(
            Witness(
                "solicitation.offer", "text", block.role, document.text[start:end], start, end,
                min(0.8, (0.3 if foreign or about == topic else 0.2) + 0.1 * calls), _said(topic, about),
            )
        )  # fmt: skip
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _said(topic: str, about: str) -> str:
    page = "" if about in ("none", topic) else f"; the page is about {TOPIC_NAMES[about]}"
    return f"a call to act stands beside words about {TOPIC_NAMES[topic]}{page}"


def _headline(hits: list[Hit]) -> tuple[int, bool, bool]:
    """(calls to act, a spam term stands there, a spam brand stands there) of title and headline."""
    calls, spam, brand = 0, False, False
    for hit in hits:
        calls += not hit.meaning.markers.isdisjoint(_CALLS)
        spam |= bool(sold_by(hit))
        brand |= hit.meaning.is_brand
    return calls, spam, brand


def _may_have_handles(text: str) -> bool:
    """Whether a sign stands there that every handle has: @, an address of t.me or wa.me, a label before a colon."""
    if "@" in text or ".me/" in text.lower():
        return True
    if ":" not in text and "：" not in text:
        return False
    # The pattern reads the Turkish letters as i.
    return any(
        piece[-10:].rstrip().replace("\u0130", "i").lower().replace("\u0131", "i").endswith(_LABELS)
        for piece in text.replace("：", ":").split(":")[:-1]
    )


def _prices(text: str) -> int:
    """As many as `_PRICE.findall` finds, tried at the digits alone: they are few, and the pattern is dear."""
    count = place = 0
    digit = _DIGIT.search(text)
    while digit is not None:
        at = digit.start()
        for start in range(max(place, at - _PRICE_LEAD), at + 1):
            match = _PRICE.match(text, start)
            if match is not None:
                count += 1
                place = match.end()
                break
        else:
            place = at + 1
        digit = _DIGIT.search(text, place)
    return count
