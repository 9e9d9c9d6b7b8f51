"""Recipes for bad pages. Each takes the fold's pool and makes one Sample; what does not belong is recorded in `foreign`."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from detector.training.banks import Identity, Passage
from detector.training.content import Article, fill, paragraphs_html
from detector.training.damage import autoblog_marks, hidden_block, mirror_damage, shuffled, visible_block
from detector.training.pool import Pool, Sample
from detector.training.render import Site, Slots, address, random_domain, render, site_of

Recipe = Callable[[Pool, Path], Sample | None]


def _sample(pool: Pool, recipe: str, label: str, body: str, url: str | None, language: str, foreign: tuple[str, ...], **choices: object) -> Sample:
    return Sample("", body, False, url, label, f"{recipe}-{pool.fold}", pool.fold, recipe, language, dict(choices), foreign)


def _scraped_title(pool: Pool, article: Article, site: Site, passage: Passage) -> str:
    shape = pool.rng.random()
    if shape < 0.35:
        return article.headline
    if shape < 0.6:
        return f"{article.headline}{pool.pick((' - ', '_', ' | ', '-'))}{site.name}"
    if shape < 0.85:
        return f"{article.headline}{pool.pick((' - ', '_', '-'))}{passage.owner}"
    return f"{pool.pick(passage.anchors)}{pool.pick(('-', '_', ' | '))}{article.headline}"


def farm_template(pool: Pool, templates: Path) -> Sample:
    """An article in a farm's page: some trade's menu, an offer where the owner belongs, products as the next link."""
    rng, article = pool.rng, pool.article()
    same_language = pool.chance(0.4)
    identity = pool.identity(article.language if same_language else pool.pick(("zh", "zh", "zh", None)))
    passage = pool.passage(identity.language)
    wrong = {name for name, chance in (("owner", 0.6), ("products", 0.6), ("prevnext", 0.55), ("nav", 0.85), ("tags", 0.3), ("friends", 0.3)) if pool.chance(chance)}
    if len(wrong) < 2:
        wrong |= {"nav", pool.pick(("owner", "products", "prevnext"))}
    site = site_of(identity, rng)
    foreign: list[str] = []
    if "owner" in wrong:
        owner = pool.pick((passage.owner, passage.owner, pool.pick(passage.anchors), pool.pick(identity.products)))
        site.copyright = pool.pick((f"Copyright © {rng.randint(2016, 2026)} {owner}", f"© {owner}", f"Copyright © {rng.randint(2019, 2026)} {owner} 版权所有" if identity.language.startswith("zh") else f"© {rng.randint(2019, 2026)} {owner}"))
        foreign.append(owner)
        if pool.chance(0.5):
            site.name = owner
            site.logo = site.publisher = ""
    products = list(identity.products)
    rng.shuffle(products)
    headlines = [other.headline for other in (pool.article() for _ in range(6))]
    pair = [pool.pick(headlines), pool.pick((pool.pick(products), pool.pick(products), pool.pick(passage.anchors)))] if "prevnext" in wrong else [pool.pick(headlines), pool.pick(headlines)]
    if pool.chance(0.5):
        pair.reverse()
    if pool.chance(0.25):
        pair = ["", ""]
    elif "prevnext" in wrong:
        foreign += [text for text in pair if text in products or text in passage.anchors]
    slots = Slots(
        site, article.language, article.headline, list(article.paragraphs), _scraped_title(pool, article, site, passage),
        list(identity.nav) if "nav" in wrong else [], pair[0], pair[1], headlines[:4] if pool.chance(0.5) else [],
        products[: rng.randint(3, 9)] if "products" in wrong else [], products[:3] if "products" in wrong and pool.chance(0.3) else [],
        [(anchor, f"http://{random_domain(rng)}/") for anchor in passage.anchors[:4]] if "friends" in wrong else [],
        list(passage.anchors[:3]) if "tags" in wrong else [], [pool.pick(identity.nav), pool.pick(identity.nav)] if pool.chance(0.4) else [],
        label_language=identity.language, lang_attribute=pool.pick(("", identity.language, article.language)),
    )  # fmt: skip
    foreign += slots.products + [label for label, _ in slots.friends] + slots.nav
    body, template = render(pool, templates, slots, text=False)
    domain = identity.domain if pool.chance(0.5) else random_domain(rng)
    return _sample(pool, "farm-template", "scraped", body, address(rng, domain), article.language, tuple(foreign), template=template, article=article.page_id, identity=identity.domain, wrong=sorted(wrong))


def article_in_shell(pool: Pool, templates: Path) -> Sample | None:
    """A publisher's article as the main content of another, real page that is no news page."""
    article, shell = pool.article(), pool.pick(pool.honest_shells)
    if shell.group == article.group:
        return None
    title = article.headline if pool.chance(0.5) else f"{article.headline} - {shell.own_title[-40:]}"
    body = fill(shell, f"<h1>{escape(article.headline)}</h1>{paragraphs_html(article.paragraphs, pool.pick(('p', 'p', 'div', 'br')))}", title)
    return _sample(pool, "article-in-shell", "scraped", body, shell.url, article.language, (article.headline, *article.paragraphs), article=article.page_id, shell=shell.page_id)


def publisher_swap(pool: Pool, templates: Path) -> Sample | None:
    """Publisher X's article inside publisher Y's page, nothing said."""
    article = pool.article()
    shells = [shell for shell in pool.shells if shell.kind == "news" and shell.group != article.group]
    alike = [shell for shell in shells if shell.language == article.language]
    if not shells:
        return None
    shell = pool.pick(alike or shells)
    body = fill(shell, f"<h1>{escape(article.headline)}</h1>{paragraphs_html(article.paragraphs)}", article.title if pool.chance(0.3) else f"{article.headline} - {shell.own_title[-30:]}")
    return _sample(pool, "publisher-swap", "scraped", body, shell.url, article.language, (article.headline, *article.paragraphs), article=article.page_id, shell=shell.page_id)


def autoblog(pool: Pool, templates: Path) -> Sample:
    """A plug-in's copy on a blog of no owner: marks left, staff names of the source."""
    rng, article = pool.rng, pool.article()
    passage = pool.passage(article.language)
    domain = random_domain(rng)
    name = domain.split(".")[0].title()
    paragraphs, marks = autoblog_marks(rng, list(article.paragraphs), article)
    site = Site(name, domain, "", name, "", f"© {rng.randint(2018, 2026)} {name}", name if pool.chance(0.5) else "", f"https://{domain}/")
    slots = Slots(
        site, article.language, article.headline, paragraphs, f"{article.headline} - {name}", ["Home", "News", "Tech", "Contact"] if pool.chance(0.5) else [],
        pool.article().headline if pool.chance(0.5) else "", pool.article().headline if pool.chance(0.5) else "", [pool.article().headline for _ in range(rng.randint(0, 5))],
        list(passage.anchors[:4]) if pool.chance(0.4) else [], [], [], list(passage.anchors[:3]) if pool.chance(0.3) else [], byline=pool.pick(("Staff Writer", "admin", "Editor", "")),
        lang_attribute=pool.pick(("", article.language)),
    )  # fmt: skip
    body, template = render(pool, templates, slots)
    return _sample(pool, "autoblog", "scraped", body, address(rng, domain, article.headline), article.language, tuple(marks), template=template, article=article.page_id)


def mirror(pool: Pool, templates: Path) -> Sample | None:
    """A mirror by a converter: orthography turned, pinyin in brackets, debris, a keyword before the title, an unrelated host."""
    rng = pool.rng
    chinese = [article for article in pool.articles if article.language.startswith("zh")]
    if not chinese:
        return None
    article = pool.pick(chinese)
    passage = pool.passage("zh")
    paragraphs = mirror_damage(rng, list(article.paragraphs))
    headline = mirror_damage(rng, [article.headline])[0]
    keyword = pool.pick((*passage.anchors, passage.owner, ""))
    identity = pool.identity(pool.pick(("en", "zh", None)))
    domain = pool.pick((random_domain(rng), random_domain(rng), identity.domain))
    site = Site(article.site or keyword or domain, domain, "", "", "", pool.pick((f"版权所有 © {article.site}", f"Copyright © {keyword}", "")) if article.site or keyword else "", "", f"http://{domain}/")
    title = f"{keyword}{pool.pick(('_', '-', '|', ' '))}{headline}" if keyword else headline
    slots = Slots(site, "zh-Hans", headline, paragraphs, title, list(pool.identity("zh").nav), products=list(passage.anchors) if pool.chance(0.3) else [], extra_html="" if not keyword or pool.chance(0.5) else f"<h1>{escape(keyword)}</h1>")
    body, template = render(pool, templates, slots)
    path = pool.pick((f"c_{rng.randint(1, 9)}{rng.randint(10**8, 10**9 - 1)}.htm", f"info/{rng.randint(1000, 1999)}/{rng.randint(1000, 99999)}.htm", f"n1/{rng.randint(2018, 2026)}/0{rng.randint(1, 9)}{rng.randint(10, 28)}/c{rng.randint(1000, 9999)}-{rng.randint(10**7, 10**8)}.html", f"a/{rng.randint(10**8, 10**9)}_{rng.randint(10**5, 10**6)}", f"{rng.randint(2015, 2026)}-0{rng.randint(1, 9)}/{rng.randint(10, 28)}/content_{rng.randint(10**6, 10**8)}.htm"))
    return _sample(pool, "mirror", "scraped", body, f"http://www.{domain}/{path}", "zh", (keyword, *paragraphs), template=template, article=article.page_id)


def passage_in_identity(pool: Pool, templates: Path) -> Sample:
    """Spam as the article of an honest host's page."""
    rng = pool.rng
    identity = pool.identity()
    passage = pool.passage(identity.language if pool.chance(0.45) else None)
    slots = honest_slots(pool, identity)
    slots.headline, slots.paragraphs, slots.language = passage.title, passage.text.split("\n\n"), passage.language
    slots.title = pool.pick((passage.title, f"{passage.title} - {identity.name}", f"{passage.title} | {identity.name}"))
    if pool.chance(0.4):
        slots.tags = list(passage.anchors)
    body, template = render(pool, templates, slots)
    return _sample(pool, "passage-in-identity", "hijacked", body, address(rng, identity.domain, passage.title), passage.language, (passage.title, *slots.paragraphs), template=template, kind=passage.kind, identity=identity.domain)


def passage_in_shell(pool: Pool, templates: Path) -> Sample:
    """Spam as the main content of a real page."""
    shell = pool.pick(pool.shells)
    passage = pool.passage(shell.language if pool.chance(0.5) else None)
    paragraphs = passage.text.split("\n\n")
    links = "".join(f'<a href="http://{random_domain(pool.rng)}/">{escape(anchor)}</a> ' for anchor in passage.anchors) if pool.chance(0.4) else ""
    body = fill(shell, f"<h1>{escape(passage.title)}</h1>{paragraphs_html(paragraphs)}{links}", passage.title if pool.chance(0.6) else shell.own_title)
    return _sample(pool, "passage-in-shell", "hijacked", body, shell.url, passage.language, (passage.title, *paragraphs, *passage.anchors), kind=passage.kind, shell=shell.page_id)


def injected_shell(pool: Pool, templates: Path) -> Sample:
    """A block of spam links or a paragraph put into a real page, hidden or in sight."""
    shell = pool.pick(pool.shells)
    passage = pool.passage(None if pool.chance(0.6) else shell.language)
    hidden = pool.chance(0.6)
    block = hidden_block(pool.rng, passage) if hidden else visible_block(pool.rng, passage)
    html = fill(shell, shell.own_html, shell.own_title)
    place = pool.rng.random()
    if place < 0.3:
        cut = html.find(">", html.find("<body")) + 1
    elif place < 0.75:
        cut = html.rfind("</body")
    else:
        cut = html.find("</p>", len(html) // 3) + 4
    cut = cut if 10 < cut <= len(html) else len(html)
    return _sample(pool, "injected-hidden" if hidden else "injected-visible", "hijacked", html[:cut] + block + html[cut:], shell.url, shell.language, (*passage.anchors, passage.text[:60]), kind=passage.kind, shell=shell.page_id)


def injected_identity(pool: Pool, templates: Path) -> Sample:
    """The same in a written site."""
    identity = pool.identity()
    passage = pool.passage(None if pool.chance(0.6) else identity.language)
    slots = honest_slots(pool, identity)
    hidden = pool.chance(0.6)
    slots.extra_html = hidden_block(pool.rng, passage) if hidden else visible_block(pool.rng, passage)
    body, template = render(pool, templates, slots)
    return _sample(pool, "injected-hidden" if hidden else "injected-visible", "hijacked", body, address(pool.rng, identity.domain, slots.headline), identity.language, (*passage.anchors, passage.text[:60]), template=template, kind=passage.kind, identity=identity.domain)


def spliced(pool: Pool, templates: Path) -> Sample:
    """An honest article with a passage of spam in its middle, on its own page."""
    shell = pool.pick(pool.shells)
    article = pool.article()
    passage = pool.passage(article.language if pool.chance(0.6) else None)
    own = [candidate for candidate in pool.articles if candidate.page_id == shell.page_id]
    if own:
        article = own[0]
    paragraphs = list(article.paragraphs)
    place = pool.rng.randint(1, max(1, len(paragraphs) - 1))
    inserted = passage.text.split("\n\n")[: pool.rng.randint(1, 2)]
    if not own:
        identity = pool.identity(article.language)
        slots = honest_slots(pool, identity)
        paragraphs = [part for part in identity.article.split("\n\n")]
        slots.paragraphs = paragraphs[:1] + inserted + paragraphs[1:]
        body, template = render(pool, templates, slots)
        return _sample(pool, "spliced", "hijacked", body, address(pool.rng, identity.domain), identity.language, tuple(inserted), template=template, kind=passage.kind)
    body = fill(shell, f"<h1>{escape(article.headline)}</h1>{paragraphs_html(paragraphs[:place] + inserted + paragraphs[place:])}", shell.own_title)
    return _sample(pool, "spliced", "hijacked", body, shell.url, article.language, tuple(inserted), kind=passage.kind, shell=shell.page_id)


def products_in_news(pool: Pool, templates: Path) -> Sample | None:
    """Product links, or a product as previous or next, in an honest news page."""
    shells = [shell for shell in pool.shells if shell.kind in ("news", "blog")]
    shell = pool.pick(shells)
    identity = pool.identity(pool.pick(("zh", None, shell.language)))
    passage = pool.passage(identity.language)
    items = pool.rng.sample(list(identity.products), min(len(identity.products), pool.rng.randint(3, 8))) if pool.chance(0.7) else list(passage.anchors)
    from detector.training.pool import labels

    words = labels(pool.rng, identity.language)
    links = [f'<a href="http://{random_domain(pool.rng)}/{pool.rng.randint(1, 9999)}.html">{escape(item)}</a>' for item in items]
    if pool.chance(0.4):
        block = f"<p>{words['previous']}: {links[0]} {words['next']}: {links[1]}</p>"
    elif pool.chance(0.5):
        block = f"<ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>"
    else:
        block = f"<p>{' '.join(links)}</p>"
    body = fill(shell, shell.own_html + block, shell.own_title)
    return _sample(pool, "products-in-news", "hijacked", body, shell.url, shell.language, tuple(items), shell=shell.page_id)


def address_only(pool: Pool, templates: Path) -> Sample:
    """Nothing on the page is honest, the address is."""
    rng = pool.rng
    passage = pool.passage()
    body, template = _doorway_page(pool, templates, passage)
    if pool.chance(0.6):
        identity: Identity | None = pool.identity(passage.language if pool.chance(0.3) else None)
        url = address(rng, identity.domain if identity else "", passage.title)
    else:
        shells = [shell for shell in pool.shells if shell.url and shell.kind in ("org", "home", "product")]
        url = address(rng, pool.pick(shells).host or "example.org", passage.title)
    return _sample(pool, "address-only", "hijacked", body, url, passage.language, (passage.title, *passage.text.split("\n\n")), template=template, kind=passage.kind)


def doorway(pool: Pool, templates: Path) -> Sample:
    """Nothing honest is left: a spammer's page at a spammer's address."""
    rng = pool.rng
    passage = pool.passage()
    body, template = _doorway_page(pool, templates, passage)
    brand = "".join(c for c in passage.brand.lower() if c.isascii() and c.isalnum())
    domain = f"{brand}{rng.choice(('', '88', '-login', 'vip', '365', '-bonus'))}.{rng.choice(('com', 'xyz', 'net', 'top', 'vip', 'online', 'site'))}" if len(brand) > 3 and pool.chance(0.5) else random_domain(rng)
    return _sample(pool, "doorway", "spam", body, address(rng, domain, passage.title), passage.language, (passage.title, *passage.text.split("\n\n")), template=template, kind=passage.kind)


def generated(pool: Pool, templates: Path) -> Sample:
    """Shuffled snippets, stuffed words, leaked prompts."""
    rng = pool.rng
    language = pool.pick(sorted(pool.passages_by_language))
    passages = [pool.passage(language) for _ in range(3)]
    title, paragraphs = shuffled(rng, passages, [pool.article() for _ in range(2)])
    domain = random_domain(rng)
    site = Site(pool.pick(passages[0].anchors), domain, "", "", "", f"© {passages[0].owner}", "", f"https://{domain}/")
    tags = [anchor for passage in passages for anchor in passage.anchors]
    slots = Slots(site, language, title, paragraphs, title, tags[:6] if pool.chance(0.4) else [], related=tags[:8], tags=tags, friends=[(anchor, f"http://{random_domain(rng)}/") for anchor in tags[:5]] if pool.chance(0.4) else [], lang_attribute=pool.pick(("", language)))
    body, template = render(pool, templates, slots)
    return _sample(pool, "generated", "spam", body, address(rng, domain, title), language, tuple(paragraphs), template=template)


def _doorway_page(pool: Pool, templates: Path, passage: Passage) -> tuple[str, str]:
    rng = pool.rng
    other = pool.passage(passage.language)
    site = Site(passage.brand, random_domain(rng), "", passage.brand, "", pool.pick((f"© {rng.randint(2019, 2026)} {passage.brand}", f"© {passage.owner}", "")), passage.brand, "")
    paragraphs = passage.text.split("\n\n") + (other.text.split("\n\n") if pool.chance(0.35) else [])
    slots = Slots(
        site, passage.language, passage.title, paragraphs, pool.pick((passage.title, f"{passage.title} | {passage.brand}", f"{passage.brand}: {passage.title}")),
        list(passage.anchors) if pool.chance(0.5) else [], related=list(other.anchors) if pool.chance(0.4) else [], products=list(passage.anchors) if pool.chance(0.4) else [],
        tags=list(passage.anchors) if pool.chance(0.4) else [], lang_attribute=pool.pick(("", passage.language)),
    )  # fmt: skip
    return render(pool, templates, slots)


def honest_slots(pool: Pool, identity: Identity) -> Slots:
    """An identity's own page: own article, own products and news round it."""
    rng = pool.rng
    headlines = list(identity.headlines)
    rng.shuffle(headlines)
    products = list(identity.products)
    rng.shuffle(products)
    own = pool.pick((headlines[0], headlines[0], f"{identity.name}: {identity.tagline}"))
    paragraphs = pool.pick((identity.article.split("\n\n"), identity.article.split("\n\n") + [identity.about], [identity.about, *identity.article.split("\n\n")]))
    site = site_of(identity, rng)
    return Slots(
        site, identity.language, own, list(paragraphs), pool.pick((f"{own} - {identity.name}", f"{own} | {identity.name}", own, identity.name)), list(identity.nav),
        headlines[1] if pool.chance(0.5) and len(headlines) > 2 else "", pool.pick((headlines[2] if len(headlines) > 2 else "", products[0], "")), headlines[1:4] if pool.chance(0.5) else [],
        products[: rng.randint(2, 10)] if pool.chance(0.65) else [], products[:3] if pool.chance(0.2) else [], [], products[:3] if pool.chance(0.2) else [],
        [identity.nav[0], pool.pick(identity.nav)] if pool.chance(0.4) else [], byline=pool.pick(("", identity.name)), lang_attribute=pool.pick(("", identity.language, identity.language)),
    )  # fmt: skip


BAD: tuple[tuple[Recipe, float], ...] = (
    (farm_template, 4.0), (article_in_shell, 2.5), (publisher_swap, 1.0), (autoblog, 1.0), (mirror, 1.2), (passage_in_identity, 2.2), (passage_in_shell, 2.2),
    (injected_shell, 3.0), (injected_identity, 1.2), (spliced, 1.2), (products_in_news, 1.2), (address_only, 2.5), (doorway, 1.8), (generated, 1.2),
)  # fmt: skip
