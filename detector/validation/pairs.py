"""Minimal pairs: the same article in its own boilerplate (clean) and in a foreign one (scraped), all else alike.

By class: `cross-language`, `cross-topic` (a house of the article's language), `publisher` (another newspaper of its language). By frame: both
in real pages, or both in one template of which the identity alone differs.
"""

from __future__ import annotations

from detector.validation import addresses
from detector.validation.draft import Draft, Fold, Foreign
from detector.validation.edits import Canvas, article_strings
from detector.validation.farm import Sheet, dated, published_by, rendered, template
from detector.validation.material import Host

Pair = tuple[Draft, Draft]


def cross_language(fold: Fold) -> Pair | None:
    return _template_pair(fold, "cross-language") if fold.chance(0.35) else _page_pair(fold, "cross-language")


def cross_topic(fold: Fold) -> Pair | None:
    return _template_pair(fold, "cross-topic") if fold.chance(0.35) else _page_pair(fold, "cross-topic")


def publisher(fold: Fold) -> Pair | None:
    return _template_pair(fold, "publisher") if fold.chance(0.2) else _page_pair(fold, "publisher")


def _page_pair(fold: Fold, kind: str) -> Pair | None:
    """The article put into its own page, and into another's."""
    owners = [host for host in fold.hosts if host.host and host.url and host.kind in ("news", "blog")]
    if not owners:
        return None
    own = fold.pick(owners)
    if kind == "cross-language":
        other = fold.host(fold.houses + fold.press, foreign_to=own.language, other_than=own.group)
    else:
        other = fold.host(fold.houses if kind == "cross-topic" else fold.press, own.language, other_than=own.group)
    if other is None:
        return None
    return _put(fold, own, own, kind), _put(fold, other, own, kind)


def _put(fold: Fold, host: Host, article: Host, kind: str) -> Draft:
    canvas = Canvas(host, fold.rng)
    foreign = canvas.replace_main(article.title, article.paragraphs, head_follows=True)
    bad = host is not article
    # Both keep the article's path, so that the host alone tells.
    url = addresses.moved(article.url, host.host, fold.rng, article.title)
    choices = {"class": kind, "frame": "page", "article": article.id, "host": host.id}
    return Draft(canvas.html(), url, "scraped" if bad else "clean", article.language, article.group, choices, foreign if bad else [])


def _template_pair(fold: Fold, kind: str) -> Pair | None:
    """The article in one template, of which the identity alone differs."""
    article = fold.article()
    if article is None or not article.site or not article.host:
        return None
    own = published_by(article)
    if kind == "publisher":
        other = fold.article(article.language, other_than=article.group)
        if other is None or not other.site or not other.host:
            return None
        foreign_owner, source_id = published_by(other), other.id
    else:
        fitting = [i for i in fold.bank.identities if (i.language[:2] == article.language[:2]) == (kind == "cross-topic")]
        if not fitting:
            return None
        foreign_owner = fold.pick(fitting)
        source_id = foreign_owner.id
    name, source = template(fold, foreign_owner, "honest")
    drafts, date = [], dated(fold.rng)
    for identity in (own, foreign_owner):
        bad = identity is not own
        sheet = Sheet(identity, article.language, article.title, article.paragraphs, f"{article.title} - {identity.brand}", date)
        choices = {"class": kind, "frame": "template", "article": article.id, "template": name, "identity": source_id if bad else own.id}
        strings = [Foreign("headline", article.title), *article_strings(article.paragraphs)] if bad else []
        url = addresses.moved(article.url, identity.domain, fold.rng, article.title)
        drafts.append(
            Draft(rendered(name, source, sheet), url, "scraped" if bad else "clean", article.language, article.group, choices, strings)
        )
    return drafts[0], drafts[1]


KINDS = {"pair-cross-language": (cross_language, 5), "pair-cross-topic": (cross_topic, 5), "pair-publisher": (publisher, 5)}
