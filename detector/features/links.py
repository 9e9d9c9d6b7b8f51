"""Where does the page lead? Hosts, jumps of topic, and link texts that are keywords."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

import numpy as np

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, ratio, specs
from detector.features.distributions import SPAM_TOPICS, TOPICS, divergence, top_topic
from detector.features.languages import foreign_share, home_scripts, script_counts
from detector.features.names import TOPIC_NAMES
from detector.features.reading import Reading
from detector.features.services import EVERYWHERE
from detector.features.wording import described
from detector.page.address import domain_of, host_of
from detector.page.document import Link

NAME = "links"
SPECS = specs(
    NAME,
    [
        ("outbound_share", "share", 0, 1, "links that leave the site, of all links with a host (services excepted)"),
        ("outbound", "log10", 0, 6, "links that leave the site, services excepted"),
        ("outbound_domains", "log10", 0, 6, "distinct domains they lead to"),
        ("top_outbound_share", "share", 0, 1, "share of the commonest outbound domain"),
        ("relative_share", "share", 0, 1, "links without a host"),
        ("spam_anchors", "log10", 0, 5, "links whose text holds a spam term, comments excepted"),
        ("spam_anchor_share", "share", 0, 1, "of all links, comments excepted"),
        ("outbound_spam_anchors", "log10", 0, 5, "of those, the ones that leave the site"),
        ("hidden_links", "log10", 0, 5, "links a reader does not see"),
        ("hidden_outbound", "log10", 0, 5, "of those, the ones that leave the site"),
        ("body_outbound", "log10", 0, 5, "links of the main text that leave the site"),
        ("self_named", "flag", 0, 1, "some absolute link leads to the page's own domain"),
        ("majority_domain_differs", "flag", 0, 1, "most absolute links lead to one foreign domain"),
        ("canonical_differs", "flag", 0, 1, "the canonical address is on another domain"),
        ("og_url_differs", "flag", 0, 1, "og:url is on another domain"),
        ("images_foreign", "share", 0, 1, "images from domains other than the page's and the commonest outbound ones"),
        ("prevnext_spam", "flag", 0, 1, "a previous or next link is about a spam topic"),
        ("anchor_repeats", "share", 0, 1, "links whose text stood on the page before"),
        ("outbound_spam", "share", 0, 1, "largest spam share among the texts of outbound links, services and advertising excepted"),
        ("outbound_spam_mean", "share", 0, 1, "their mean spam share"),
        ("outbound_goods", "share", 0, 1, "their mean share of goods and trades"),
        ("outbound_against_content", "score", 0, 1, "divergence of their mean topics from the main text's"),
        ("outbound_foreign_script", "share", 0, 1, "their letters in scripts the main text hardly uses"),
        ("nofollow_share", "share", 0, 1, "links marked nofollow or sponsored"),
        MISMATCH,
    ],
)


_GOODS = [TOPICS.index(topic) for topic in ("automotive", "industry", "goods", "home", "beauty", "property", "agriculture")]
_MAX_ANCHORS = 16


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    links = document.links
    own, absolute, outbound = reading.once(_leading_away)
    witnesses: list[Witness] = []
    domains = Counter([domain for _, domain in outbound])
    spam, outbound_spam = _spam_anchors(reading, {id(link) for link, _ in outbound})
    text, blocks = document.text, document.blocks
    hidden = hidden_out = commented = nofollow = 0
    for link in links:
        block = blocks[link.block]
        if block.hidden:
            hidden += 1
            hidden_out += bool(link.host) and domain_of(link.host) != own
        commented += block.role == "comments"
        nofollow += bool(link.rel) and ("nofollow" in link.rel or "sponsored" in link.rel)
    body_out = sum([blocks[link.block].role == "body" for link, _ in outbound])
    texts = {text[link.start : link.end] for link in links}
    known_domain = bool(document.address.domain)
    majority = domains.most_common(1)[0] if domains else ("", 0)
    values = {
        "outbound_share": ratio(len(outbound), len(absolute)),
        "outbound": log_count(len(outbound)),
        "outbound_domains": log_count(len(domains)),
        "top_outbound_share": ratio(majority[1], len(outbound)),
        "relative_share": ratio(len(links) - len(absolute), len(links)),
        "spam_anchors": log_count(len(spam)),
        "spam_anchor_share": ratio(len(spam), len(links) - commented),
        "outbound_spam_anchors": log_count(len(outbound_spam)),
        "hidden_links": log_count(hidden),
        "hidden_outbound": log_count(hidden_out),
        "body_outbound": log_count(body_out),
        "self_named": float(any(domain == own for _, domain in absolute)) if known_domain and absolute else NAN,
        "majority_domain_differs": float(majority[1] > 0.5 * len(absolute) and majority[1] >= 5) if known_domain and absolute else NAN,
        "canonical_differs": _differs(document.head.canonical, own, known_domain),
        "og_url_differs": _differs(document.head.og_url, own, known_domain),
        "images_foreign": _images(reading, own, domains),
        "prevnext_spam": _prevnext_spam(reading),
        "anchor_repeats": ratio(len(links) - len(texts), len(links)),
        "nofollow_share": ratio(nofollow, len(links)),
    }
    values.update(_outbound_topics(reading))
    content, _ = top_topic(reading.content_topics)
    for link in (outbound_spam or spam)[:4]:
        block = document.blocks[link.block]
        if content in SPAM_TOPICS and block.hidden is None:
            continue
        strength = (0.7 if block.hidden else 0.45) if link in outbound_spam else 0.25
        where = f"{link.host}" if link.host else "a page of the site"
        witnesses.append(
            Witness(
                "links.spam-anchor", "text", block.role, document.text[link.start : link.end], link.start, link.end, strength,
                _said(reading, link, where),
            )
        )  # fmt: skip
    if values["canonical_differs"] == 1.0:
        witnesses.append(
            Witness(
                "links.canonical-differs",
                "head",
                "canonical",
                document.head.canonical[:200],
                None,
                None,
                0.3,
                f"the canonical address is on {domain_of(host_of(document.head.canonical) or '')}, the page on {own}",
            )
        )
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _said(reading: Reading, link: Link, where: str) -> str:
    block = reading.document.blocks[link.block]
    topic = next(topic for hit, topic in reading.sold[block.start] if link.start <= hit.start < link.end)
    page = described(reading, top_topic(reading.content_topics)[0], topic)
    return f"a {'hidden ' if block.hidden else ''}link to {where} is about {TOPIC_NAMES[topic]}; the page {page}"


_Led = list[tuple[Link, str]]


def _leading_away(reading: Reading) -> tuple[str, _Led, _Led]:
    """(the page's own domain or its guess, links with a host and their domains, those of them that leave the site for no service)."""
    own = reading.document.address.domain or _guess_own(reading)
    absolute = [(link, domain_of(link.host)) for link in reading.document.links if link.host]
    return own, absolute, [(link, domain) for link, domain in absolute if domain != own and domain not in EVERYWHERE]


def topic_strings(reading: Reading) -> list[str]:
    """The texts of outbound links whose topics this family asks for: in order of the alphabet, comments and advertising left out."""
    document = reading.document
    texts = {
        document.text[link.start : link.end]
        for link, _ in reading.once(_leading_away)[2]
        if document.blocks[link.block].role not in ("comments", "ads") and "sponsored" not in link.rel
    }
    return sorted(text for text in texts if 3 <= len(text) <= 120)[:_MAX_ANCHORS]


def _guess_own(reading: Reading) -> str:
    """Without an address: the domain the page itself claims, or the one it links to most."""
    head = reading.document.head
    for claimed in (head.canonical, head.og_url):
        host = host_of(claimed) if claimed else None
        if host:
            return domain_of(host)
    hosts = Counter(domain_of(link.host) for link in reading.document.links if link.host)
    return next((domain for domain, count in hosts.most_common(3) if domain not in EVERYWHERE and count >= 5), "")


def _spam_anchors(reading: Reading, outbound: set[int]) -> tuple[list[Link], list[Link]]:
    document = reading.document
    spam: list[Link] = []
    leaving: list[Link] = []
    if not reading.sold:
        return spam, leaving
    # One line of text may hold thousands of both: each link looks its place up among the hits.
    starts = {block: sorted(hit.start for hit, _ in sold) for block, sold in reading.sold.items()}
    for link in document.links:
        block = document.blocks[link.block]
        if block.start not in starts or block.role == "comments" or link.end - link.start > 200:
            continue
        inside = starts[block.start]
        first = bisect_left(inside, link.start)
        if first < len(inside) and inside[first] < link.end:
            spam.append(link)
            if id(link) in outbound:
                leaving.append(link)
    return spam, leaving


def _outbound_topics(reading: Reading) -> dict[str, float]:
    """What the outbound link texts are about, by the n-gram model: term tables miss half of short link texts."""
    chosen = reading.once(topic_strings)
    names = ("outbound_spam", "outbound_spam_mean", "outbound_goods", "outbound_against_content", "outbound_foreign_script")
    if not chosen:
        return dict.fromkeys(names, NAN)
    topics = reading.topic_rows(chosen)
    topics = topics[~np.isnan(topics).any(axis=1)]
    if not len(topics):
        return dict.fromkeys(names, NAN)
    spam = topics[:, : len(SPAM_TOPICS)].sum(axis=1)
    goods = topics[:, _GOODS].sum(axis=1)
    foreign = foreign_share(" ".join(chosen), home_scripts(script_counts(reading.body[:2000])))
    return dict(
        zip(
            names,
            (float(spam.max()), float(spam.mean()), float(goods.mean()), divergence(topics.mean(axis=0), reading.content_topics), foreign),
            strict=True,
        )
    )


def _differs(url: str, own: str, known: bool) -> float:
    host = host_of(url) if url else None
    return float(domain_of(host) != own) if host and known else NAN


def _images(reading: Reading, own: str, outbound: Counter[str]) -> float:
    hosts = [domain_of(host) for host in reading.document.build.image_hosts]
    if not hosts or not own:
        return NAN
    usual = {domain for domain, _ in outbound.most_common(2)} | {own}
    return sum(host not in usual for host in hosts) / len(hosts)


def _prevnext_spam(reading: Reading) -> float:
    found = [reading.part_topics[name] for name in ("previous", "next") if name in reading.part_topics]
    if not found:
        return NAN
    return float(any(top_topic(topics)[0] in SPAM_TOPICS for topics in found))
