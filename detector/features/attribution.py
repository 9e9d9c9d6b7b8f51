"""Where was it taken from? Publishers named and credited, what the source left behind, and whether that is said openly."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, specs
from detector.features.owners import agreement, candidates
from detector.features.reading import Reading
from detector.page.address import domain_of
from detector.page.document import Block
from detector.terms import Hit, read_table

NAME = "attribution"
SPECS = specs(
    NAME,
    [
        ("press_named", "log10", 0, 5, "names of news outlets in the main text"),
        ("press_distinct", "count", 0, 50, "distinct outlets named there"),
        ("press_share", "share", 0, 1, "share of the commonest"),
        ("press_foreign", "log10", 0, 5, "namings of outlets that are not the page's own host, owner or site name"),
        ("press_early", "flag", 0, 1, "a foreign outlet stands in the first or last tenth of the text"),
        ("press_in_byline", "flag", 0, 1, "a foreign outlet stands in the byline, a caption or the dateline"),
        ("press_own", "flag", 0, 1, "the outlet named most is the page's own host or owner"),
        ("press_in_boilerplate", "log10", 0, 5, "foreign outlets named outside the main text"),
        ("press_in_title", "flag", 0, 1, "the title ends in the name of an outlet that is not the host"),
        ("credit", "flag", 0, 1, "an open credit: syndicated, republished, translated, archived with permission"),
        ("source_label", "flag", 0, 1, "a source label stands in the text"),
        ("photo_credits", "log10", 0, 4, "picture credits"),
        ("bylines", "log10", 0, 4, "byline markers"),
        ("datelines", "log10", 0, 4, "published or updated markers"),
        ("duplicated_captions", "count", 0, 50, "long lines of the main text that stand there twice in a row"),
        ("headline_residue", "count", 0, 50, "headlines with a date or section left inside the main text"),
        ("links_to_press", "log10", 0, 5, "links to domains of the press other than the page's"),
        ("agency_dateline", "flag", 0, 1, "the text opens with a place and an agency in brackets"),
        MISMATCH,
    ],
)
_RESIDUE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d\s+\d\d:\d\d\s*\|\s*\S|\d{4}-\d\d-\d\d \d\d:\d\d\s{1,3}[|｜]")
_DATELINE = re.compile(
    r"^[^\n]{2,60}(?:\((?:Reuters|AP|AFP|dpa|EFE|ANSA|Xinhua|ТАСС|Yonhap|Kyodo|IANS|PTI|UPI|AAP|CNN|ANTARA|TASS)\)|（[^（）]{2,8}[社网網]）)",
    re.IGNORECASE,
)


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    body = reading.blocks("body", "caption", "byline", "headline")
    named = _press(reading, body)
    owner_names = [candidate.text for candidate in reading.once(candidates)]
    own = document.address.domain
    foreign = [(hit, domain) for hit, domain in named if not _is_own(hit.meaning.term, domain, own, owner_names)]
    everywhere = [
        (hit, domain) for hit, domain in _press(reading, reading.blocks("nav", "footer", "copyright", "related", "other", "prevnext"))
    ]
    outside = [(hit, domain) for hit, domain in everywhere if not _is_own(hit.meaning.term, domain, own, owner_names)]
    counts = Counter(domain for _, domain in named)
    start = body[0].start if body else 0
    end = body[-1].end if body else 0
    tenth = (end - start) / 10
    early = [hit for hit, _ in foreign if hit.start < start + tenth or hit.end > end - tenth]
    credit = any("credit" in hit.meaning.markers for block, hits in reading.telling if block.role != "comments" for hit in hits)
    beside = {hit.start for hit in reading.hits_of(reading.blocks("byline", "caption"))}
    in_byline = [hit for hit, _ in foreign if hit.start in beside or _photo_near(reading, hit)]
    press_title = _title_press(reading, own, owner_names)
    lines = [document.quote(block) for block in body if block.characters >= 60]
    markers = Counter(marker for hit in reading.hits_of(body) for marker in hit.meaning.markers)
    values = {
        "press_named": log_count(len(named)),
        "press_distinct": float(min(len(counts), 50)),
        "press_share": counts.most_common(1)[0][1] / len(named) if named else NAN,
        "press_foreign": log_count(len(foreign)),
        "press_early": float(bool(early)),
        "press_in_byline": float(bool(in_byline)),
        "press_own": float(len(foreign) < len(named)) if named else NAN,
        "press_in_boilerplate": log_count(len(outside)),
        "press_in_title": press_title,
        "credit": float(credit),
        "source_label": float(markers["source"] > 0),
        "photo_credits": log_count(markers["photo"]),
        "bylines": log_count(markers["byline"]),
        "datelines": log_count(markers["dateline"]),
        "duplicated_captions": float(min(sum(a == b for a, b in itertools.pairwise(lines)) + _near_twins(lines), 50)),
        "headline_residue": float(min(sum(("|" in line or "｜" in line) and _RESIDUE.search(line) is not None for line in lines), 50)),
        "links_to_press": log_count(_press_links(reading, own)),
        "agency_dateline": float(bool(lines) and _DATELINE.search(lines[0]) is not None),
    }
    witnesses = _witnesses(reading, foreign, in_byline, credit, owner_names)
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _press(reading: Reading, blocks: Sequence[Block]) -> list[tuple[Hit, str]]:
    return [(hit, domain) for hit in reading.hits_of(blocks) for domain, _ in hit.meaning.press]


def _is_own(name: str, domain: str, own: str, owners: list[str]) -> bool:
    if own and (domain == own or domain.split(".")[0] == own.split(".")[0]):
        return True
    return any(agreement(name, owner) == 1.0 for owner in owners)


def _photo_near(reading: Reading, hit: Hit) -> bool:
    """A picture credit right behind an outlet's name: "Korea Times photo by"."""
    return any(0 <= marker.start - hit.end <= 3 for marker in reading.markers(hit.end, hit.end + 4, "photo"))


def _source_before(reading: Reading, hit: Hit) -> bool:
    """A source label or an open credit right before an outlet's name: "Source: The Korea Times"."""
    return any(hit.start - marker.end <= 3 for marker in reading.markers(max(0, hit.start - 60), hit.start, "source", "credit"))


def _title_press(reading: Reading, own: str, owners: list[str]) -> float:
    if not reading.title:
        return NAN
    hits = [hit for hit in reading.find(reading.title) if hit.meaning.press]
    if not hits or hits[-1].end < len(reading.title) - 3:
        return 0.0
    domains = [domain for domain, _ in hits[-1].meaning.press]
    return float(bool(own) and not any(domain == own or domain.split(".")[0] in own for domain in domains))


def _near_twins(lines: list[str]) -> int:
    """Neighbouring lines that begin alike: a caption taken twice, once with markup left in it."""
    return sum(a != b and a[:40] == b[:40] and abs(len(a) - len(b)) < 30 for a, b in itertools.pairwise(lines))


def _press_links(reading: Reading, own: str) -> int:
    domains = {domain_of(link.host) for link in reading.document.links if link.host}
    return len((domains & _press_domains()) - {own})


@lru_cache(maxsize=1)
def _press_domains() -> frozenset[str]:
    return frozenset(row[1] for row in read_table("press.tsv"))


def _witnesses(reading: Reading, foreign: list[tuple[Hit, str]], in_byline: list[Hit], credit: bool, owners: list[str]) -> list[Witness]:
    document = reading.document
    found: list[Witness] = []
    if document.address.host:
        whose = f"the host is {document.address.host}"
    else:
        whose = f"the owner named on the page is “{owners[0]}”" if owners else "who owns the page is unknown"
    seen = set()
    for hit, domain in foreign:
        if domain in seen or len(found) == 3:
            continue
        seen.add(domain)
        strong = hit in in_byline
        strength = (0.4 if strong else 0.15) * (0.3 if credit else 1.0)
        role = next((block.role for block in reading.visible if block.start <= hit.start < block.end), "body")
        name = hit.meaning.press[0][1]
        verb = "credits" if strong or _source_before(reading, hit) else "names"
        found.append(
            Witness(
                "attribution.other-publisher",
                "text",
                role,
                document.text[hit.start : hit.end],
                hit.start,
                hit.end,
                strength,
                f"the text {verb} {name}; {whose}",
            )
        )
    return found
