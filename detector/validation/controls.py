"""Clean pages made by the same hands: without them, the marks of editing would be taken for the marks of fraud."""

from __future__ import annotations

from dataclasses import replace

from detector.validation import addresses
from detector.validation.draft import Draft, Fold
from detector.validation.edits import Canvas
from detector.validation.farm import Sheet, dated, published_by, rendered, targets, template
from detector.validation.hijacking import outward
from detector.validation.material import Host
from detector.validation.phrases import known, languages, phrases

CLEAN = "clean"


def _any_host(fold: Fold) -> Host | None:
    pool = fold.press if fold.chance(0.4) else fold.hosts
    others = [host for host in pool if host.language != "en"]
    return fold.pick(others) if others and fold.chance(0.45) else fold.pick(pool) if pool else None


def untouched(fold: Fold) -> Draft | None:
    """A real page, parsed and written again."""
    host = _any_host(fold)
    return _own(Canvas(host, fold.rng), host, {}) if host else None


def own_article(fold: Fold) -> Draft | None:
    """A page's own text, or another of the same site, put into its own main content."""
    host = _any_host(fold)
    if host is None:
        return None
    siblings = [a for a in fold.articles if a.group == host.group and a.id != host.id and a.language == host.language]
    other = fold.pick(siblings) if siblings and fold.chance(0.7) else None
    canvas = Canvas(host, fold.rng)
    title, paragraphs = (other.title, other.paragraphs) if other else (host.title, host.paragraphs)
    canvas.replace_main(title, paragraphs, head_follows=fold.chance(0.75))
    draft = _own(canvas, host, {"article": other.id} if other else {"article": host.id})
    if other and other.url:
        draft.url = other.url
    return draft


def plain_template(fold: Fold) -> Draft | None:
    """An article in a plain template that names its own publisher, on the publisher's host."""
    return _published(fold, translated=False)


def bilingual(fold: Fold) -> Draft | None:
    """The same with the publisher's menu in another language: an edition for readers abroad."""
    return _published(fold, translated=True)


def _published(fold: Fold, *, translated: bool) -> Draft | None:
    article = fold.article()
    if article is None or not article.site or not article.host or not known(article.language):
        return None
    identity, menu = published_by(article), article.language
    if translated:
        menu = fold.pick([code for code in languages() if code != article.language[:2]])
        identity = replace(identity, nav=phrases(menu).menu)
    name, source = template(fold, identity, "honest")
    title = f"{article.title} - {article.site}" if fold.chance(0.7) else article.title
    # What a publisher links to is its own.
    others = [a.title for a in fold.articles if a.group == article.group and a.id != article.id]
    related = targets(fold.rng, fold.some(others, 0, 5), "")
    html = rendered(name, source, Sheet(identity, menu, article.title, article.paragraphs, title, dated(fold.rng), "", (), related))
    url = article.url or f"https://{article.host}{addresses.honest_path(fold.rng, article.title)}"
    choices = {"article": article.id, "template": name, "menu": menu}
    return Draft(html, url, CLEAN, article.language, article.group, choices)


def syndicated(fold: Fold) -> Draft | None:
    """A newspaper's article on another newspaper's page with its credit."""
    host = fold.host(fold.press, fold.pick([h.language for h in fold.press] or ["en"]))
    article = host and fold.article(host.language, other_than=host.group)
    if not host or not article or not article.site:
        return None
    credit = fold.pick(phrases(host.language).credit).format(site=article.site)
    place = fold.pick(("first", "last"))
    paragraphs = [credit, *article.paragraphs] if place == "first" else [*article.paragraphs, credit]
    canvas = Canvas(host, fold.rng)
    canvas.replace_main(article.title, paragraphs, head_follows=fold.chance(0.75))
    url = addresses.beside(host.url, host.host, fold.rng, article.title)
    choices = {"article": article.id, "host": host.id, "credit": place}
    # Without the credit nothing tells the page from a copy.
    return Draft(canvas.html(), url, CLEAN, host.language, host.group, choices, anchor=credit)


def advertised(fold: Fold) -> Draft | None:
    """A real page with a labelled advertisement, however unrelated, where advertisements stand."""
    host = _any_host(fold)
    if host is None:
        return None
    canvas = Canvas(host, fold.rng)
    what = fold.pick(("products", "products", "products", "passage"))
    if what == "products":
        shop = fold.pick(fold.bank.identities_of(host.language if fold.chance(0.7) else None))
        links, text, used = targets(fold.rng, fold.some(shop.products, 2, 5), shop.domain), shop.tagline, shop.id
    else:
        passage = fold.pick(fold.bank.passages_of(host.language, "betting", "loans", "crypto", "lottery"))
        links, text, used = outward(fold, passage.anchors[:2], passage.kind), "", passage.id
    canvas.advert(phrases(host.language).advert, links, text if fold.chance(0.5) else "")
    return _own(canvas, host, {"advert": what, "entry": used})


def commented(fold: Fold) -> Draft | None:
    """A real page in whose comment area users left spam."""
    host = _any_host(fold)
    if host is None:
        return None
    passage = fold.pick(fold.bank.passages_of(host.language if fold.chance(0.5) else None))
    canvas = Canvas(host, fold.rng)
    texts = [text[:240] for text in fold.some(passage.paragraphs, 1, 2)]
    canvas.comment(phrases(host.language).comments, texts, outward(fold, passage.anchors[:2], passage.kind))
    return _own(canvas, host, {"passages": [passage.id]})


def identity_page(fold: Fold) -> Draft | None:
    """An invented owner's own page: who it is, on its own domain."""
    identity = fold.pick(fold.bank.identities)
    name, source = template(fold, identity, "honest")
    paragraphs = [identity.tagline, *identity.about, identity.contact]
    html = rendered(
        name, source,
        Sheet(identity, identity.language, identity.brand, paragraphs, f"{identity.brand} - {identity.tagline}", dated(fold.rng), "", targets(fold.rng, identity.products, "")),
    )  # fmt: skip
    url = f"https://{identity.domain}{addresses.honest_path(fold.rng, identity.brand)}"
    return Draft(html, url, CLEAN, identity.language, identity.id, {"identity": identity.id, "template": name})


def suspicious(fold: Fold) -> Draft | None:
    """A regulator, a licensed casino, a help line: honest pages about what spam is about."""
    if not fold.bank.honest:
        return None
    entry = fold.pick(fold.bank.honest)
    page, owner = entry.page, entry.owner
    name, source = template(fold, owner, "honest")
    html = rendered(
        name, source,
        Sheet(owner, owner.language, page.title, page.paragraphs, f"{page.title} - {owner.brand}", dated(fold.rng), "", targets(fold.rng, fold.some(owner.products, 0, 4), "")),
    )  # fmt: skip
    url = f"https://{owner.domain}{addresses.honest_path(fold.rng, page.title)}"
    return Draft(html, url, CLEAN, page.language, page.id, {"honest": page.id, "template": name})


def _own(canvas: Canvas, host: Host, choices: dict[str, object]) -> Draft:
    # A page whose address the corpus does not know keeps none.
    url = host.url or (f"https://{host.host}/" if host.host else "")
    return Draft(canvas.html(), url, CLEAN, host.language, host.group, {"host": host.id, **choices})


KINDS = {
    "clean-untouched": (untouched, 5),
    "clean-own-article": (own_article, 12),
    "clean-plain-template": (plain_template, 8),
    "clean-bilingual": (bilingual, 5),
    "clean-syndicated": (syndicated, 7),
    "clean-advert": (advertised, 7),
    "clean-comments": (commented, 4),
    "clean-identity": (identity_page, 5),
    "clean-suspicious": (suspicious, 4),
}
