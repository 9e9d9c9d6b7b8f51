"""What a page gives away of who made it: owner, registration numbers, template, the sites it links to, the counters that it reports to.

Read beside the verdict, for `detector hosts`: pages of one maker share them across hosts.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from typing import Any

from detector.features.owners import copyright_owner
from detector.features.reading import Reading
from detector.page.address import domain_of
from detector.page.page import Page

# Characters of the source that are searched; registrable domains that are kept.
_LOOKED_AT = 1_000_000
_OUTBOUND = 100
# The forms in which each service documents its identifier.
_ANALYTICS = {
    "google": re.compile(r"\b(?:UA-\d{4,10}-\d{1,4}|G-[A-Z0-9]{8,12}|GTM-[A-Z0-9]{5,9})\b"),
    "adsense": re.compile(r"\bca-pub-(\d{10,20})\b"),
    "baidu": re.compile(r"hm\.baidu\.com/hm\.js\?([0-9a-f]{32})\b"),
    "cnzz": re.compile(r"cnzz\.com/[^\s\"'<>]{0,80}?\bid=(\d{5,12})\b"),
    "yandex": re.compile(r"(?:mc\.yandex\.(?:ru|com)/watch/|\bym\()(\d{5,10})\b"),
    "facebook": re.compile(r"fbq\(\s{0,5}[\"']init[\"']\s{0,5},\s{0,5}[\"'](\d{8,20})[\"']"),
    "clarity": re.compile(r"clarity\.ms/tag/([a-z0-9]{8,12})\b"),
}
_LICENCE = re.compile(
    r"[\u4e00-\u9fff]ICP[备備证]\s?\d{5,12}号?"
    r"|(?:VAT|USt-?Id(?:-?Nr)?|P\.?\s?IVA|NIP|SIRET|ИНН|CNPJ)[\s.:№]{1,5}(?:[A-Z]{2})?\d[\d ./-]{6,18}\d"
)
# Elements that lay a page out, with their first class or id; the body's own classes name the page, not the template.
_LAYOUT = re.compile(
    r"<(?:div|nav|header|footer|section|main|aside|ul|form|table)\s[^<>]{0,300}?\b(?:class|id)=[\"']?([A-Za-z_][\w -]{0,120})"
)
# The head of a page, which every page of a template has, comes first; below it they differ.
_TOKENS, _LEAST_TOKENS = 16, 4


@dataclass(frozen=True, slots=True)
class Facts:
    """One page's. `template` is 16 hexadecimal digits; pages of one template mostly share it. Lists are sorted; None, empty: not known."""

    id: str
    url: str | None
    owner: str | None = None
    licences: tuple[str, ...] = ()
    template: str | None = None
    outbound: tuple[str, ...] = ()
    analytics: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def facts_of(page: Page, reading: Reading) -> Facts:
    """What the page says, nothing looked up."""
    start = page.body[:_LOOKED_AT]
    source = start if isinstance(start, str) else start.decode("latin-1")
    document = reading.document
    owner = copyright_owner(reading)
    domains = {domain_of(link.host) for link in document.links if link.host}
    licences = {"".join(match[0].split()) for match in _LICENCE.finditer(document.text)}
    return Facts(
        page.id,
        page.url,
        owner.text if owner is not None else document.head.publisher or None,
        tuple(sorted(licences)),
        template_of(source) if document.kind == "html" else None,
        tuple(sorted(domains - {document.address.domain}))[:_OUTBOUND],
        analytics_of(source),
    )


def analytics_of(source: str) -> tuple[str, ...]:
    """Identifiers of counters and advertisement accounts, with the service's name before them."""
    found = {
        f"{service}:{match[1] if pattern.groups else match[0]}"
        for service, pattern in _ANALYTICS.items()
        for match in pattern.finditer(source)
    }
    return tuple(sorted(found))


def template_of(source: str) -> str | None:
    """A fingerprint of how the page is laid out: the first class names of its layout, those with digits (numbers of posts) left out.

    None where there are too few to tell.
    """
    tokens: dict[str, None] = {}
    for match in _LAYOUT.finditer(source):
        for token in match[1].split():
            if not any(character.isdigit() for character in token):
                tokens.setdefault(token.lower())
        if len(tokens) >= _TOKENS:
            break
    if len(tokens) < _LEAST_TOKENS:
        return None
    return hashlib.blake2b("\n".join(list(tokens)[:_TOKENS]).encode(), digest_size=8).hexdigest()
