"""Who says to own the page: candidates from every source, and whether a candidate is a name or an offer for sale."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from detector.features.distributions import sold_by
from detector.features.languages import script_counts
from detector.features.reading import Reading
from detector.page.document import Block
from detector.terms import WORD, Hit, fold, is_unspaced

_YEARS = re.compile(r"(?:19|20)\d\d\s*(?:[-–—~]\s*(?:(?:19|20)\d\d|present|now|至今))?")
_SIGN = re.compile(r"©|\(c\)|&copy;|copyright|版权所有|版權所有|著作権|저작권", re.IGNORECASE)
_BY = re.compile(r"by\s", re.IGNORECASE)
_SPLIT = re.compile(r"\s{2,}|[|│·•;；\n]|\s[-–—]\s|(?<=[.。])\s|\s(?=ICP|备案|網站|网站)")
_EDGE = " \t:：,，.。-–—|/·•®™()（）[]【】«»\"'“”"
# White space is folded before; the bounds keep a run of it from being tried from each of its places.
_SEPARATORS = re.compile(r"\s{1,20}[|–—\-·•»›:]\s{1,20}|\s{0,20}[_|｜]\s{0,20}|\s{0,20}[–—]\s{0,20}")
# Numbers of a register or a tax office and all that follows. Latin and Cyrillic marks are words in capitals: "Private" has a "vat" in it, "Amsterdam"
# an "mst".
_LICENCE = re.compile(
    r"(?i:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?ICP[备備证]?|公网安备|备案|사업자|登録番号)"
    r"|\b(?:VAT|US[Tt]-?I[Dd]|P\.?\s?IVA|NIP|KRS|SIRET|ИНН|ОГРН|CNPJ|MST)\b|\b(?i:vat|ust-?id|p\.?\s?iva|nip|krs|siret|cnpj|mst)(?=[\s.:]{1,3}(?i:no|nr|reg|id)?[\s.:]{0,3}\d)"
)
# What Amazon bids its partners say, longer than most names beside it.
_DISCLOSURE = re.compile(
    r"\bamazon[ -](?:associate|affiliate|partner)|\b(?:afiliad|affili|partenaire|associad|partner)\w{0,3} (?:\w{2,5} )?amazon",
    re.IGNORECASE,
)
MAX_OWNER = 90


@dataclass(frozen=True, slots=True)
class Owner:
    """A candidate: where it was read and where it stands (None outside the text)."""

    kind: str
    text: str
    role: str
    start: int | None
    end: int | None


def copyright_owner(reading: Reading) -> Owner | None:
    """The holder in the page's copyright line: what is left when sign, years and stock phrases are taken away."""
    best: Owner | None = None
    for block in reading.blocks("copyright"):
        owner = _from_line(reading, block)
        if owner is not None and (best is None or _SIGN.search(reading.document.quote(block))):
            best = owner
    return best


def _from_line(reading: Reading, block: Block) -> Owner | None:
    line = reading.document.quote(block)
    if len(line) > 600:
        return None
    sign = _SIGN.search(line)
    taken = [(match.start(), match.end()) for pattern in (_SIGN, _YEARS) for match in pattern.finditer(line)]
    for hit in reading.markers(block.start, block.end, "copyright", "sitemap", "home", "contact", "about", "login"):
        taken.append((hit.start - block.start, hit.end - block.start))
    licence = _LICENCE.search(line)
    if licence:
        taken.append((licence.start(), len(line)))
    pieces = _remaining(line, taken)
    pieces = [piece for piece in pieces if not _DISCLOSURE.search(line, *piece)]
    if not pieces:
        return None
    after = [piece for piece in pieces if sign is None or piece[0] >= sign.start()] or pieces
    start, end = max(after[:3], key=lambda piece: (min(piece[1] - piece[0], 40)) - 0.2 * (piece[0] - (sign.end() if sign else 0)))
    if _BY.match(line, start, end):
        start += len("by ")
    if end - start > MAX_OWNER:
        end = start + MAX_OWNER
    return Owner("copyright", line[start:end], "copyright", block.start + start, block.start + end)


def _remaining(line: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces of a line outside `taken`, cut at separators and trimmed."""
    cuts = [(match.start(), match.end()) for match in _SPLIT.finditer(line)]
    pieces = []
    place = 0
    for start, end in sorted([*taken, *cuts, (len(line), len(line))]):
        if start > place:
            left, right = place, start
            while left < right and line[left] in _EDGE:
                left += 1
            while right > left and line[right - 1] in _EDGE:
                right -= 1
            if right - left >= 2 and any(character.isalpha() for character in line[left:right]):
                pieces.append((left, right))
        place = max(place, end)
    return pieces


def title_tail(title: str) -> str:
    """The last part of a title behind a separator: where sites put their name."""
    parts = [part.strip() for part in _SEPARATORS.split(title) if part.strip()]
    return parts[-1] if len(parts) > 1 and len(parts[-1]) <= 60 else ""


def candidates(reading: Reading) -> list[Owner]:
    """Everyone the page names as its owner, strongest source first."""
    head = reading.document.head
    found = []
    owner = copyright_owner(reading)
    if owner is not None:
        found.append(owner)
    tail = title_tail(reading.title)
    for kind, text in (("site_name", head.site_name), ("publisher", head.publisher), ("title_tail", tail), ("logo", head.logo)):
        if 2 <= len(text) <= 120 and "http" not in text:
            found.append(Owner(kind, text, kind, None, None))
    return found


@lru_cache(maxsize=2048)
def key(text: str) -> str:
    """Letters and digits alone, folded, accents off: how two spellings of a name are compared."""
    plain = unicodedata.normalize("NFKD", fold(text))
    return "".join(character for character in plain if character.isalnum())


_STOP = frozenset(
    [
        "the",
        "and",
        "of",
        "for",
        "www",
        "com",
        "inc",
        "ltd",
        "llc",
        "gmbh",
        "co",
        "news",
        "site",
        "official",
        "home",
        "page",
        "online",
        "web",
    ]
)


@lru_cache(maxsize=2048)
def agreement(left: str, right: str) -> float:
    """0 to 1: how well two names agree; containment counts in full, shared words by their share."""
    a, b = key(left), key(right)
    if len(a) < 2 or len(b) < 2:
        return float("nan")
    shorter, longer = sorted((a, b), key=len)
    if shorter in longer and len(shorter) >= 3:
        return 1.0
    if script_counts(a)[1] == 0 or script_counts(b)[1] == 0:  # unspaced or other scripts: shared pairs of characters
        pairs_a, pairs_b = {a[i : i + 2] for i in range(len(a) - 1)}, {b[i : i + 2] for i in range(len(b) - 1)}
        return len(pairs_a & pairs_b) / max(1, min(len(pairs_a), len(pairs_b)))
    words_a, words_b = _words(left), _words(right)
    if not words_a or not words_b:
        return 0.0
    shared = sum(len(word) for word in words_a if any(word.startswith(other[:5]) and other.startswith(word[:5]) for other in words_b))
    return min(1.0, shared / max(1, min(sum(map(len, words_a)), sum(map(len, words_b)))))


@lru_cache(maxsize=2048)
def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", fold(text))
    plain = "".join(character if character.isalnum() else " " for character in plain if unicodedata.category(character)[0] != "M")
    return tuple(word for word in plain.split() if len(word) >= 3 and word not in _STOP)


def folded_opening(reading: Reading) -> str:
    """The main text's first 6,000 characters, folded, as `overlap` looks into."""
    return fold(reading.body[:6000])


def overlap(text: str, content: str) -> float:
    """Share of a text's words of four letters or more (of its pairs of characters where words are not spaced) that stand in folded `content`.

    NaN with fewer than two words, or without content.
    """
    folded = fold(text)
    long = [word for word in WORD.findall(folded) if len(word) >= 4]
    words = (
        {word[i : i + 2] for word in long for i in range(0, len(word) - 1, 2)}
        if not folded.isascii() and any(map(is_unspaced, folded[::3]))
        else {word[:8] for word in long}
    )
    if len(words) < 2 or len(content) < 40:
        return float("nan")
    return sum(word in content for word in words) / len(words)


def with_domain(owner: str, domain_name: str) -> float:
    """Agreement of an owner with a domain's name: shared letters in order, or initials; NaN across scripts."""
    a, b = key(owner), key(domain_name)
    if len(b) < 2 or len(a) < 2:
        return float("nan")
    if script_counts(a)[1] < 0.5 * len(a) and script_counts(b)[1] >= 0.5 * len(b):
        return float("nan")
    if b in a or a in b:
        return 1.0
    words = _words(owner)
    initials = "".join(word[0] for word in key_words(owner))
    if len(initials) >= 3 and (initials.startswith(b) or b.startswith(initials)):
        return 1.0
    covered = sum(len(word) for word in words if word in b or (len(word) >= 5 and word[:5] in b))
    return min(1.0, covered / max(1, min(len(b), sum(map(len, words)) or 1)))


def key_words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", key_spaced(text)) if word]


def key_spaced(text: str) -> str:
    return unicodedata.normalize("NFKD", fold(text)).encode("ascii", "ignore").decode()


_OFFERS = ("offer", "promo", "urgency")
_NAMES = ("legalform", "organisation", "press")


def offer_score(hits: list[Hit]) -> tuple[float, str]:
    """(0 to 1: how much a would-be name with these terms is an offer for sale, its spam topic or "").

    Terms for sale and offer words count up; words of institutions, of the press and company forms count down.
    """
    spam: dict[str, int] = {}
    offers = names = 0
    for hit in hits:
        topic = sold_by(hit)
        if topic:
            spam[topic] = spam.get(topic, 0) + 1
        offers += not hit.meaning.markers.isdisjoint(_OFFERS)
        names += bool(hit.meaning.press) or not hit.meaning.markers.isdisjoint(_NAMES)
    weight = 1.2 * sum(spam.values()) + 0.8 * offers - 0.9 * names
    topic = max(spam, key=lambda name: spam[name]) if spam else ""
    return (max(0.0, min(1.0, weight / 2.0)), topic)
