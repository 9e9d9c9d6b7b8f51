"""Scraped pages: real articles where they do not belong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from detector.validation import addresses, debris
from detector.validation.bank import Identity
from detector.validation.draft import Draft, Fold, Foreign
from detector.validation.edits import Canvas, Target, article_strings
from detector.validation.farm import Sheet, dated, foreign_links, pushing, rendered, selling, targets, template
from detector.validation.material import Article, Host
from detector.validation.rendering import around

SCRAPED = "scraped"


def farm_same_language(fold: Fold) -> Draft | None:
    """An article under an unrelated owner's boilerplate in its own language."""
    article = fold.article()
    if article is None or not any(i.language[:2] == article.language[:2] for i in fold.bank.identities):
        return None
    return _farm(fold, article, fold.pick(fold.bank.identities_of(article.language)))


def farm_cross_language(fold: Fold) -> Draft | None:
    """An article under an unrelated owner's boilerplate in another language."""
    article = fold.article()
    owners = [i for i in fold.bank.identities if article and i.language[:2] != article.language[:2]]
    return _farm(fold, article, fold.pick(owners)) if article and owners else None


def _farm(fold: Fold, article: Article, identity: Identity) -> Draft:
    rng = fold.rng
    foreign = [Foreign("headline", article.title), *article_strings(article.paragraphs)]
    used = [identity.id]
    if fold.chance(0.35):
        identity, line, ids = selling(fold, identity)
        foreign.append(Foreign("owner", line))
        used += ids
    address = fold.pick(("throwaway", "throwaway", "identity", "pushed"))
    host = {"throwaway": addresses.throwaway(rng), "identity": identity.domain, "pushed": addresses.pushed(rng, "")}[address]
    pair: list[Target] = []
    if identity.products and fold.chance(0.6):
        pair = targets(rng, fold.some(identity.products, 2, 2), "")
        foreign += foreign_links("prevnext", pair)
    pair = pair if len(pair) == 2 else [Target("", ""), Target("", "")]
    links = targets(rng, fold.some(identity.products, 0, 6), "")
    related = targets(rng, [identity.tagline, *fold.some(identity.products, 1, 3)] if fold.chance(0.5) else [], "")
    foreign += foreign_links("products", links)
    name, source = template(fold, identity, "farm")
    path = fold.pick(("source", "farm"))
    sheet = Sheet(
        identity, identity.language if fold.chance(0.7) else article.language, article.title, article.paragraphs,
        _title(fold, article, identity), dated(rng), "",
        links, related, pair[0], pair[1],
    )  # fmt: skip
    url = (
        addresses.moved(article.url, host, rng, article.title)
        if path == "source"
        else f"https://{host}{addresses.farm_path(rng, article.title)}"
    )
    choices = {"article": article.id, "identity": used[0], "passages": used[1:], "template": name, "address": address, "path": path}
    html = rendered(name, source, sheet)
    pointed = around(html, [article.title, *article.paragraphs])
    return Draft(html, url, SCRAPED, article.language, article.group, choices, foreign, pointed=pointed)


def _title(fold: Fold, article: Article, identity: Identity) -> str:
    return f"{article.title}{fold.pick((' - ', '_', ' | '))}{identity.brand}" if fold.chance(0.7) else article.title


def house_same_language(fold: Fold) -> Draft | None:
    """An article as the main content of a real organisation's or shop's page in its own language."""
    article = fold.article()
    host = article and fold.host(fold.houses, article.language, other_than=article.group)
    return _housed(fold, article, host) if article and host else None


def house_cross_language(fold: Fold) -> Draft | None:
    """The same where the house speaks another language."""
    article = fold.article()
    host = article and fold.host(fold.houses, foreign_to=article.language, other_than=article.group)
    return _housed(fold, article, host) if article and host else None


def publisher(fold: Fold) -> Draft | None:
    """A newspaper's article inside another newspaper's page, without credit."""
    host = fold.host(fold.press, fold.pick([h.language for h in fold.press] or ["en"]))
    if host is None:
        return None
    written = [a for a in fold.news if a.kind == "news" and a.language[:2] == host.language[:2] and a.group != host.group]
    article = fold.pick(written) if written else fold.article(host.language, other_than=host.group)
    return _housed(fold, article, host) if article else None


def _housed(fold: Fold, article: Article, host: Host) -> Draft:
    canvas = Canvas(host, fold.rng)
    follows = fold.chance(0.75)
    foreign = canvas.replace_main(article.title, article.paragraphs, head_follows=follows)
    path = fold.pick(("own", "beside", "source"))
    url = host.url if path == "own" and host.url else addresses.moved(article.url, host.host, fold.rng, article.title)
    if path == "beside":
        url = addresses.beside(host.url, host.host, fold.rng, article.title)
    choices = {"article": article.id, "host": host.id, "path": path, "head_follows": follows}
    return Draft(canvas.html(), url, SCRAPED, article.language, host.group, choices, foreign)


def news_on_a_farm(fold: Fold) -> Draft | None:
    """A whole news page mirrored on a farm's host: product previous/next, product links, an owner that sells."""
    host = fold.host(fold.press)
    if host is None:
        return None
    canvas = Canvas(host, fold.rng)
    shop = fold.pick(fold.bank.identities_of(host.language if fold.chance(0.6) else fold.pick(fold.bank.identities).language))
    if len(shop.products) < 2:
        return None
    _, line, ids = selling(fold, shop)
    foreign = canvas.owner(line)
    foreign += canvas.previous_next(*targets(fold.rng, fold.some(shop.products, 2, 2), ""))
    if fold.chance(0.6):
        foreign += canvas.list_in(fold.pick(("sidebar", "footer", "after")), targets(fold.rng, fold.some(shop.products, 3, 8), ""))
    url = addresses.moved(host.url, addresses.throwaway(fold.rng), fold.rng, host.title)
    return Draft(canvas.html(), url, SCRAPED, host.language, host.group, {"host": host.id, "identity": shop.id, "passages": ids}, foreign)


def mirror(fold: Fold) -> Draft | None:
    """A Chinese article as mirrors show it, under a keyword or a company, its path kept from the source."""
    rng, article = fold.rng, fold.article("zh")
    if article is None:
        return None
    passage = fold.pick(fold.bank.passages_of("zh"))
    keyword = fold.pick(passage.keywords or (passage.title,))
    identity = fold.pick(fold.bank.identities_of("zh"))
    wears = fold.pick(("company", "keyword"))
    host = fold.pick((addresses.throwaway(rng), identity.domain, addresses.pushed(rng, passage.kind)))
    if wears == "keyword":
        identity = replace(pushing(fold, passage, host), language=identity.language)
    density = fold.pick((0.0, 0.03, 0.08))
    paragraphs = [debris.mirrored(text, rng, identity.brand, density) for text in article.paragraphs]
    lined = fold.chance(0.6)
    title = f"{keyword}_{article.title}" if fold.chance(0.5) else f"{article.title}-{identity.brand}"
    foreign = [Foreign("headline", article.title), *article_strings(paragraphs)]
    if lined:
        paragraphs.insert(0, keyword)
    foreign += [Foreign("brand", identity.brand), Foreign("keyword", keyword)] if wears == "keyword" or lined else []
    name, source = template(fold, identity, "farm")
    junk = [debris.junk_tags(rng) for _ in range(rng.randint(0, 6))]
    sheet = Sheet(
        identity, "zh-CN", article.title, paragraphs, title, dated(rng), "", targets(rng, fold.some(passage.anchors, 0, 5), ""), (),
        Target(keyword, f"/{rng.randint(1, 9999)}.html"), Target(fold.pick(passage.anchors or (keyword,)), f"/{rng.randint(1, 9999)}.html"), junk,
    )  # fmt: skip
    choices = {
        "article": article.id,
        "passages": [passage.id],
        "identity": identity.id,
        "template": name,
        "wears": wears,
        "pinyin": density,
        "junk": len(junk),
    }
    return Draft(
        rendered(name, source, sheet),
        addresses.moved(article.url, host, rng, article.title),
        SCRAPED,
        "zh",
        article.group,
        choices,
        foreign,
    )


def autoblog(fold: Fold) -> Draft | None:
    """A copied post with a program's marks: autoblog codes, leaked prompts, translation remains, thesaurus spinning."""
    rng, article = fold.rng, fold.article()
    if article is None:
        return None
    how = fold.pick(("autoblog", "autoblog", "leaked", "translated") + (("spun",) if article.language == "en" else ()))
    paragraphs, marks = _marked(fold, article, how)
    host = addresses.throwaway(rng)
    brand = re.sub(r"\d+", "", host.removeprefix("www.").removeprefix("m.").split(".")[0]).title() or "Blog"
    base = fold.pick(fold.bank.identities_of(article.language))
    identity = replace(
        base, id=f"autoblog:{base.id}", brand=brand, domain=host, copyright=f"© {rng.randint(2019, 2026)} {brand}", footer=brand, tagline=""
    )
    name, source = template(fold, identity, "farm")
    foreign = [*(Foreign("mark", mark) for mark in marks), Foreign("headline", article.title)]
    foreign += article_strings([text for text in paragraphs if text not in marks])
    html = rendered(name, source, Sheet(identity, article.language, article.title, paragraphs, f"{article.title} - {brand}", dated(rng)))
    choices = {"article": article.id, "identity": base.id, "template": name, "how": how}
    return Draft(
        html, f"https://{host}{addresses.honest_path(rng, article.title)}", SCRAPED, article.language, article.group, choices, foreign
    )


def _marked(fold: Fold, article: Article, how: str) -> tuple[Sequence[str], list[str]]:
    if how == "spun":
        return debris.spun(article.paragraphs, fold.rng), []
    if how == "leaked":
        return debris.leaked(article.paragraphs, fold.rng)
    if how == "translated":
        return debris.translated(article.paragraphs, fold.rng, article.language)
    return debris.autoblogged(article.paragraphs, fold.rng, article.host or "newswire")


KINDS = {
    "scraped-farm-same-language": (farm_same_language, 9),
    "scraped-farm-cross-language": (farm_cross_language, 9),
    "scraped-house-same-language": (house_same_language, 8),
    "scraped-house-cross-language": (house_cross_language, 6),
    "scraped-publisher": (publisher, 6),
    "scraped-news-on-farm": (news_on_a_farm, 5),
    "scraped-mirror": (mirror, 6),
    "scraped-autoblog": (autoblog, 6),
}
