"""What does the URL say? Publishing systems in the path against the host, the host's shape, its words and its ending."""

from __future__ import annotations

import re
from functools import lru_cache

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, mismatch, ratio, specs
from detector.features.distributions import HONEST_TOPICS, SPAM_TOPICS, TOPICS, divergence, sold_by, spam_share, top_topic
from detector.features.names import TOPIC_NAMES
from detector.features.owners import folded_opening, overlap
from detector.features.reading import Reading
from detector.terms import fold, read_table

NAME = "address"
SPECS = specs(
    NAME,
    [
        ("known", "flag", 0, 1, "the page's address is known"),
        ("system_foreign", "flag", 0, 1, "the path has the signature of a publisher's system, the host is not that publisher"),
        ("system_generic", "flag", 0, 1, "the path has the signature of a system that many sites use"),
        ("name_length", "count", 0, 80, "letters and digits of the domain's name"),
        ("name_digits", "share", 0, 1, "digits in the domain's name"),
        ("name_hyphens", "count", 0, 20, "hyphens in the domain's name"),
        ("name_known", "share", 0, 1, "letters of the domain's name inside known words"),
        ("name_cost", "score", -30, 0, "mean log probability a letter under the word split; low is random"),
        ("name_vowels", "share", 0, 1, "vowels among the name's letters"),
        ("tld_cheap", "flag", 0, 1, "an ending that is cheap and common among spam"),
        ("tld_institution", "flag", 0, 1, "an ending reserved for government or education"),
        ("tld_country", "flag", 0, 1, "a country's ending"),
        ("subdomains", "count", 0, 20, "labels before the registrable domain"),
        ("path_depth", "count", 0, 60, "slashes in the path"),
        ("path_length", "count", 0, 2000, "characters of the path and query"),
        ("path_digits", "share", 0, 1, "digits in the path"),
        ("path_spam", "count", 0, 50, "spam terms in the path"),
        ("host_spam", "count", 0, 20, "spam terms in the host's words"),
        ("query_id", "flag", 0, 1, "the query is a bare identifier such as ?p=12"),
        ("slug_in_content", "share", 0, 1, "Latin words of the path found in title, headline and main text"),
        ("words_against_content", "score", 0, 1, "divergence of the domain words' topics from the main text's"),
        ("words_against_title", "score", 0, 1, "divergence of the domain words' topics from the title's"),
        ("words_trade", "flag", 0, 1, "the domain's words name an honest trade or institution"),
        ("trade_against_spam", "score", 0, 1, "honest trade in the domain times spam share of the content"),
        ("spam_words_in_content", "score", 0, 1, "spam share of the domain words times spam share of the content"),
        MISMATCH,
    ],
)
_QUERY_ID = re.compile(r"\?(?:p|id|page_id|aid|newsid|cat)=\d{1,9}$")
_VOWEL = re.compile(r"[aeiouy]")


@lru_cache(maxsize=1)
def _systems() -> tuple[tuple[str, str, str, frozenset[str]], ...]:
    """(name, what stands in every path that fits, pattern, owners' domains) of publishing systems."""
    return tuple(
        (row[0], required_literal(row[1]), row[1], frozenset(owner.strip() for owner in row[2].split(",")))
        for row in read_table("publishing.tsv")
    )


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compiled when its literal is first met: all of them would take a tenth of a second."""
    return re.compile(pattern)


# A class or group with its quantifier, an escape, or one character, each with what makes it optional or repeats it.
_PIECE = re.compile(r"(?:(\\.)|\[(?:\\.|[^\]\\]){1,60}\]|([^\\\[]))([?*+]\??|\{[\d,]{1,9}\}\??)?")


def required_literal(pattern: str) -> str:
    """The longest run of plain characters that stands in whatever `pattern` matches; empty where there is none to tell.

    Searching for it is ten times as fast as trying the pattern.
    """
    runs, depth = [""], 0
    for escaped, plain, quantifier in _PIECE.findall(pattern):
        character = escaped[1:] if escaped and not escaped[1].isalnum() else plain
        if not escaped and plain in ("(", ")"):
            depth += 1 if plain == "(" else -1
            runs.append("")
        elif not escaped and plain == "|" and not depth:
            return ""
        elif depth or not character or quantifier or (not escaped and plain in ".^$|"):
            runs.append("")
        else:
            runs[-1] += character
    return max(runs, key=len)


@lru_cache(maxsize=1)
def _tld_classes() -> dict[str, str]:
    return {row[0]: row[2] for row in read_table("tlds.tsv") if len(row) > 2}


def extract(reading: Reading) -> FamilyResult:
    address = reading.document.address
    if not address.host:
        values = {spec.name: NAN for spec in SPECS}
        values[f"{NAME}.known"] = 0.0
        values[f"{NAME}.mismatch"] = 0.0
        return FamilyResult(values, ())
    witnesses: list[Witness] = []
    name = address.name.lower()
    words = reading.domain
    letters = re.sub(r"[^a-z]", "", name)
    classes = _tld_classes()
    kind = classes.get(address.suffix, classes.get(address.suffix.rsplit(".", 1)[-1], "generic"))
    foreign, generic = _system(address.path, address.domain, witnesses)
    path_spam = [hit for hit in reading.find(re.sub(r"[-_/+=.?&%]", " ", address.path)) if sold_by(hit)]
    host_spam = sum(weight for topic, weight in words.topics.items() if topic in SPAM_TOPICS) if words else 0.0
    values = {
        "known": 1.0,
        "system_foreign": foreign,
        "system_generic": generic,
        "name_length": float(min(len(name), 80)),
        "name_digits": ratio(sum(map(str.isdigit, name)), len(name)),
        "name_hyphens": float(min(name.count("-"), 20)),
        "name_known": words.known if words else NAN,
        "name_cost": max(words.cost, -30.0) if words and words.cost == words.cost else NAN,
        "name_vowels": ratio(len(_VOWEL.findall(letters)), len(letters)),
        "tld_cheap": float(kind == "cheap"),
        "tld_institution": float(kind in ("government", "education")),
        "tld_country": float(kind == "country"),
        "subdomains": float(min(address.subdomain.count(".") + 1 if address.subdomain not in ("", "www") else 0, 20)),
        "path_depth": float(min(address.path.count("/"), 60)),
        "path_length": float(min(len(address.path), 2000)),
        "path_digits": ratio(sum(map(str.isdigit, address.path)), len(address.path)),
        "path_spam": float(min(len(path_spam), 50)),
        "host_spam": float(min(host_spam, 20.0)),
        "query_id": float(_QUERY_ID.search(address.path) is not None),
    }
    content = "\n".join([fold(reading.title), fold(reading.headline), reading.once(folded_opening)])
    values["slug_in_content"] = overlap(re.sub(r"[^A-Za-z]+", " ", address.path), content)
    values.update(_words(reading, witnesses))
    if path_spam and host_spam == 0:
        hit = path_spam[0]
        witnesses.append(
            Witness(
                "address.spam-in-path",
                "address",
                "path",
                hit.meaning.term,
                None,
                None,
                min(0.25 * len(path_spam), 0.7),
                f"the path names “{hit.meaning.term}”, the host {address.host} does not",
            )
        )
    if values["name_cost"] < -4.5 and values["name_known"] < 0.3 and len(letters) >= 6:
        witnesses.append(
            Witness(
                "address.random-name",
                "address",
                "host",
                address.host,
                None,
                None,
                0.25,
                f"the name {address.host} holds no word of any known language",
            )
        )
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{key}": value for key, value in values.items()}, tuple(witnesses))


def _system(path: str, domain: str, witnesses: list[Witness]) -> tuple[float, float]:
    foreign = generic = 0.0
    for system, _, pattern, owners in [known for known in _systems() if known[1] in path]:
        if not _compiled(pattern).search(path):
            continue
        if "*" in owners:
            generic = 1.0
        elif not any(domain == owner or domain.endswith("." + owner) for owner in owners):
            foreign = 1.0
            witnesses.append(
                Witness(
                    "address.foreign-system",
                    "address",
                    "path",
                    path[:200],
                    None,
                    None,
                    0.6,
                    f"the path is made like {system}'s, the host {domain} is not theirs",
                )
            )
    return foreign, generic


def _words(reading: Reading, witnesses: list[Witness]) -> dict[str, float]:
    """The domain's words against the content."""
    address = reading.document.address
    domain = reading.part_topics.get("domain")
    content = reading.content_topics
    result = {
        "words_against_content": NAN,
        "words_against_title": NAN,
        "words_trade": NAN,
        "trade_against_spam": NAN,
        "spam_words_in_content": NAN,
    }
    if domain is None or reading.domain is None:
        return result
    named = {topic: weight for topic, weight in reading.domain.topics.items() if topic in HONEST_TOPICS}
    trade = max(named, key=lambda topic: named[topic]) if named else None
    result["words_trade"] = float(trade is not None)
    if domain != domain if isinstance(domain, float) else False:
        return result
    result["words_against_content"] = divergence(domain, content)
    title = reading.part_topics.get("title")
    if title is not None:
        result["words_against_title"] = divergence(domain, title)
    spam = spam_share(content)
    if spam == spam:
        honest = float(domain[len(SPAM_TOPICS) : len(TOPICS)].sum()) if domain[0] == domain[0] else 0.0
        result["trade_against_spam"] = min(1.0, (1.0 if trade else honest) * spam)
        result["spam_words_in_content"] = spam * spam_share(domain) if domain[0] == domain[0] else NAN
        topic, share = top_topic(content)
        if trade and topic in SPAM_TOPICS and share > 0.3 and not any(t in SPAM_TOPICS for t in reading.domain.topics):
            witnesses.append(
                Witness(
                    "address.trade-against-content", "address", "host", address.host, None, None, min(0.9, share),
                    f"the domain's words speak of {TOPIC_NAMES[trade]}, the page of {TOPIC_NAMES[topic]}",
                )
            )  # fmt: skip
    return result
