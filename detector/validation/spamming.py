"""Spam pages: nothing honest is left, neither host nor content."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from detector.validation import addresses, debris
from detector.validation.bank import Passage
from detector.validation.draft import Draft, Fold, Foreign
from detector.validation.edits import article_strings
from detector.validation.farm import Sheet, dated, foreign_links, pushing, rendered, targets, template
from detector.validation.hijacking import lengthened, outward

SPAM = "spam"
_ALPHABET = "abcdefghijklmnoprstuvz"


def doorway(fold: Fold) -> Draft | None:
    """Keyword text on a host of its own, with links to what it pushes."""
    passage = fold.pick(fold.bank.passages)
    paragraphs, ids = lengthened(fold, passage)
    if fold.chance(0.2):
        paragraphs, _ = debris.leaked(paragraphs, fold.rng)
    return _pushed(fold, passage, paragraphs, ids, fold.some(passage.anchors, 2, 8))


def landing(fold: Fold) -> Draft | None:
    """One offer, many times: the keyword as headline, product and menu."""
    passage = fold.pick(fold.bank.passages)
    keywords = [*passage.keywords, *passage.anchors]
    lines = (
        [f"{fold.pick(keywords)} – {fold.pick(keywords)}, {fold.pick(keywords)}" for _ in range(fold.rng.randint(2, 6))] if keywords else []
    )
    paragraphs = [fold.pick(passage.paragraphs), *lines, fold.pick(passage.paragraphs)]
    return _pushed(fold, passage, paragraphs, [passage.id], keywords)


def spider_pool(fold: Fold) -> Draft | None:
    """Snippets cut from real articles and spam, shuffled, in a cloud of tags and links to sister hosts."""
    articles = [article for _ in range(fold.rng.randint(3, 7)) if (article := fold.article(None))]
    if not articles:
        return None
    language = articles[0].language
    passages = fold.some(fold.bank.passages_of(language), 2, 5)
    texts = [text for article in articles for text in article.paragraphs[:4]] + [text for p in passages for text in p.paragraphs]
    paragraphs = debris.snippets(texts, fold.rng, fold.rng.randint(10, 24), language[:2] in ("zh", "ja", "ko", "th"))
    tags = [tag for passage in passages for tag in (*passage.keywords, *passage.anchors)]
    fold.rng.shuffle(tags)
    links = outward(fold, tags[:40], passages[0].kind)
    host = addresses.throwaway(fold.rng)
    identity = pushing(fold, passages[0], host)
    name, source = template(fold, identity, "spam")
    title = " ".join(tags[:3]) or passages[0].title
    foreign = [Foreign("headline", title), *article_strings(paragraphs), *foreign_links("links", links[:20])]
    html = rendered(name, source, Sheet(identity, language, title, paragraphs, title, dated(fold.rng), "", links))
    choices = {"articles": [a.id for a in articles], "passages": [p.id for p in passages], "template": name}
    url = (
        f"https://{''.join(fold.rng.choice(_ALPHABET) for _ in range(4))}.{host.removeprefix('www.')}{addresses.farm_path(fold.rng, title)}"
    )
    return Draft(html, url, SPAM, language, passages[0].id, choices, foreign)


@cache
def _reports() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("reports.toml").read_text(encoding="utf-8"))


def match_report(fold: Fold) -> Draft | None:
    """A generated report of a match between teams that are not."""
    language = fold.pick(sorted(_reports()))
    forms, rng = _reports()[language], fold.rng
    towns = [identity.town for identity in fold.bank.identities_of(language)]
    a, b = (f"{fold.pick(towns)} {fold.pick(('FC', 'United', 'City', 'SC', 'II'))}" for _ in range(2))

    def said(form: str) -> str:
        return form.format(a=a, b=b, x=rng.randint(0, 5), y=rng.randint(0, 4), o=f"{rng.uniform(1.2, 5):.2f}", n=rng.randint(3, 98))

    paragraphs = [" ".join(said(form) for form in fold.some(forms["sentences"], 3, 5)) for _ in range(rng.randint(3, 7))]
    passage = fold.pick(fold.bank.passages_of(language, "betting", "casino", "lottery"))
    return _pushed(fold, passage, paragraphs, [passage.id], passage.anchors, said(forms["title"]), language)


def _pushed(
    fold: Fold, passage: Passage, paragraphs: list[str], ids: list[str], anchors: Any, title: str = "", language: str = ""
) -> Draft:
    host = fold.pick((addresses.throwaway(fold.rng), addresses.pushed(fold.rng, passage.kind), addresses.pushed(fold.rng, passage.kind)))
    identity = pushing(fold, passage, host)
    name, source = template(fold, identity, "spam")
    title, language = title or passage.title, language or passage.language
    links = targets(fold.rng, anchors, "") if fold.chance(0.5) else outward(fold, anchors, passage.kind)
    foreign = [Foreign("headline", title), *article_strings(paragraphs), *foreign_links("links", links), Foreign("brand", identity.brand)]
    html = rendered(name, source, Sheet(identity, language, title, paragraphs, title, dated(fold.rng), "", links))
    choices = {"passages": ids, "template": name}
    return Draft(html, f"https://{host}{addresses.farm_path(fold.rng, title)}", SPAM, language, passage.id, choices, foreign)


KINDS = {
    "spam-doorway": (doorway, 5),
    "spam-landing": (landing, 3),
    "spam-spider-pool": (spider_pool, 4),
    "spam-match-report": (match_report, 3),
}
