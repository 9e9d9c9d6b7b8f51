"""Recipes for scraped pages: an honest article on a host that has nothing to do with it."""

from __future__ import annotations

from html import escape
from pathlib import Path

from detector.training.banks import Passage
from detector.training.content import Article, Shell, fill, paragraphs_html
from detector.training.damage import autoblog_marks, betting_brands, mirror_damage, renamed
from detector.training.pool import Pool, Sample
from detector.training.render import Site, Slots, address, blog_domain, random_domain, render, site_of
from detector.training.sites import honest_slots, own_path, sample


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
    wrong = {
        name
        for name, chance in (("owner", 0.6), ("products", 0.6), ("prevnext", 0.55), ("nav", 0.85), ("tags", 0.3), ("friends", 0.3))
        if pool.chance(chance)
    }
    if len(wrong) < 2:
        wrong |= {"nav", pool.pick(("owner", "products", "prevnext"))}
    site = site_of(identity, rng)
    foreign: list[str] = []
    if "owner" in wrong:
        owner = pool.pick((passage.owner, passage.owner, pool.pick(passage.anchors), pool.pick(identity.products)))
        site.copyright = pool.pick(
            (
                f"Copyright © {rng.randint(2016, 2026)} {owner}",
                f"© {owner}",
                f"Copyright © {rng.randint(2019, 2026)} {owner} 版权所有"
                if identity.language.startswith("zh")
                else f"© {rng.randint(2019, 2026)} {owner}",
            )
        )
        foreign.append(owner)
        if pool.chance(0.5):
            site.name = owner
            site.logo = site.publisher = ""
    products = list(identity.products)
    rng.shuffle(products)
    headlines = [other.headline for other in (pool.article() for _ in range(6))]
    pair = (
        [pool.pick(headlines), pool.pick((pool.pick(products), pool.pick(products), pool.pick(passage.anchors)))]
        if "prevnext" in wrong
        else [pool.pick(headlines), pool.pick(headlines)]
    )
    if pool.chance(0.5):
        pair.reverse()
    if pool.chance(0.25):
        pair = ["", ""]
    elif "prevnext" in wrong:
        foreign += [text for text in pair if text in products or text in passage.anchors]
    slots = Slots(
        site,
        article.language,
        article.headline,
        list(article.paragraphs),
        _scraped_title(pool, article, site, passage),
        list(identity.nav) if "nav" in wrong else [],
        pair[0],
        pair[1],
        headlines[:4] if pool.chance(0.5) else [],
        products[: rng.randint(3, 9)] if "products" in wrong else [],
        products[:3] if "products" in wrong and pool.chance(0.3) else [],
        [(anchor, f"http://{random_domain(rng)}/") for anchor in passage.anchors[:4]] if "friends" in wrong else [],
        list(passage.anchors[:3]) if "tags" in wrong else [],
        [pool.pick(identity.nav), pool.pick(identity.nav)] if pool.chance(0.4) else [],
        label_language=identity.language,
        lang_attribute=pool.pick(("", identity.language, article.language)),
    )
    foreign += slots.products + [label for label, _ in slots.friends] + slots.nav
    body, template = render(pool, templates, slots)
    domain = identity.domain if pool.chance(0.5) else random_domain(rng)
    return sample(
        pool,
        "farm-template",
        "scraped",
        body,
        address(rng, domain),
        article.language,
        tuple(foreign),
        template=template,
        article=article.page_id,
        identity=identity.domain,
        wrong=sorted(wrong),
    )


def _transplant(pool: Pool, recipe: str, body: str, article: Article, shell: Shell) -> Sample:
    """The article filled into the shell, at an address of the shell's host."""
    return sample(
        pool,
        recipe,
        "scraped",
        body,
        own_path(pool, shell, article.headline),
        article.language,
        (article.headline, *article.paragraphs),
        article=article.page_id,
        shell=shell.page_id,
    )


def article_in_shell(pool: Pool, templates: Path) -> Sample | None:
    """A publisher's article as the main content of another, real page that is no news page."""
    article = pool.article()
    # Mostly in the article's own language: what then tells is the matter, not the tongue.
    alike = [shell for shell in pool.honest_shells if shell.language == article.language] if pool.chance(0.65) else []
    shell = pool.pick(alike or pool.honest_shells)
    if shell.group == article.group:
        return None
    title = article.headline if pool.chance(0.5) else f"{article.headline} - {shell.own_title[-40:]}"
    body = fill(
        shell,
        f"<h1>{escape(article.headline)}</h1>{paragraphs_html(article.paragraphs, pool.pick(('p', 'p', 'div', 'br')))}",
        title,
        article.paragraphs[0][:150] if pool.chance(0.7) else None,
    )
    return _transplant(pool, "article-in-shell", body, article, shell)


def article_in_identity(pool: Pool, templates: Path) -> Sample:
    """A newspaper's article on the site of some trade that is honest in everything else: own menu, own products, own footer."""
    article = pool.article()
    trades = [identity for identity in (pool.by_language.get(article.language[:2]) or []) if not identity.is_press]
    identity = pool.pick(trades) if trades and pool.chance(0.65) else pool.identity()
    slots = honest_slots(pool, identity)
    slots.headline, slots.paragraphs, slots.language = article.headline, list(article.paragraphs), article.language
    slots.title = pool.pick((f"{article.headline} - {identity.name}", f"{article.headline} | {identity.name}", article.headline))
    if article.site and pool.chance(0.3):  # a credit alone is no syndication: the host is no news outlet
        slots.paragraphs.append(f"{pool.pick(('Source', 'Via', 'Photo'))}: {article.site}")
    body, template = render(pool, templates, slots)
    url = address(pool.rng, identity.domain, article.headline)
    own = {article.headline, *article.paragraphs}
    return sample(
        pool,
        "article-in-identity",
        "scraped",
        body,
        url,
        article.language,
        tuple(own),
        template=template,
        article=article.page_id,
        identity=identity.domain,
    )


def publisher_swap(pool: Pool, templates: Path) -> Sample | None:
    """Publisher X's article inside publisher Y's page, nothing said."""
    article = pool.article()
    shells = [shell for shell in pool.shells if shell.kind == "news" and shell.group != article.group]
    alike = [shell for shell in shells if shell.language == article.language]
    if not shells:
        return None
    shell = pool.pick(alike or shells)
    body = fill(
        shell,
        f"<h1>{escape(article.headline)}</h1>{paragraphs_html(article.paragraphs)}",
        article.title if pool.chance(0.3) else f"{article.headline} - {shell.own_title[-30:]}",
        article.paragraphs[0][:150] if pool.chance(0.8) else None,
    )
    return _transplant(pool, "publisher-swap", body, article, shell)


def autoblog(pool: Pool, templates: Path) -> Sample:
    """A plug-in's copy on a blog of no owner: marks left, staff names of the source."""
    rng, article = pool.rng, pool.article()
    passage = pool.passage(article.language)
    domain = random_domain(rng) if pool.chance(0.4) else blog_domain(rng)
    name = domain.split(".")[0].title()
    paragraphs, marks = autoblog_marks(rng, list(article.paragraphs), article)
    if marks and pool.chance(0.45):  # a feed's copy of the post alone: no menu, no footer, nothing but the marks
        title = pool.pick((article.headline, article.headline, article.title or article.headline))
        body = f"<html><head><title>{escape(title)}</title></head><body>{paragraphs_html(paragraphs, pool.pick(('p', 'br', 'div')))}</body></html>"
        return sample(
            pool,
            "autoblog",
            "scraped",
            body,
            address(rng, domain, article.headline),
            article.language,
            tuple(marks),
            article=article.page_id,
        )
    site = Site(name, domain, "", name, "", f"© {rng.randint(2018, 2026)} {name}", name if pool.chance(0.5) else "", f"https://{domain}/")
    slots = Slots(
        site,
        article.language,
        article.headline,
        paragraphs,
        f"{article.headline} - {name}",
        ["Home", "News", "Tech", "Contact"] if pool.chance(0.5) else [],
        pool.article().headline if pool.chance(0.5) else "",
        pool.article().headline if pool.chance(0.5) else "",
        [pool.article().headline for _ in range(rng.randint(0, 5))],
        list(passage.anchors[:4]) if pool.chance(0.4) else [],
        [],
        [],
        list(passage.anchors[:3]) if pool.chance(0.3) else [],
        byline=pool.pick(("Staff Writer", "admin", "Editor", "")),
        lang_attribute=pool.pick(("", article.language)),
    )
    body, template = render(pool, templates, slots)
    return sample(
        pool,
        "autoblog",
        "scraped",
        body,
        address(rng, domain, article.headline),
        article.language,
        tuple(marks),
        template=template,
        article=article.page_id,
    )


def mirror(pool: Pool, templates: Path) -> Sample | None:
    """A mirror by a converter: orthography turned, pinyin in brackets, debris, a keyword before the title, an unrelated host."""
    rng = pool.rng
    chinese = [article for article in pool.articles if article.language.startswith("zh")]
    if not chinese:
        return None
    article = pool.pick(chinese)
    passage = pool.passage("zh")
    brand = pool.pick(betting_brands())
    texts = [article.headline, *article.paragraphs]
    headline, *paragraphs = mirror_damage(rng, renamed(rng, texts, brand) if pool.chance(0.25) else texts)
    if pool.chance(0.15):
        # A lone space that a converter of encodings did not know.
        paragraphs.insert(0, "?")
    keyword = pool.pick((*passage.anchors, passage.owner, brand, brand, "", ""))
    identity = pool.identity(pool.pick(("en", "zh", None)))
    domain = pool.pick((random_domain(rng), random_domain(rng), identity.domain))
    site = Site(
        article.site or keyword or domain,
        domain,
        "",
        "",
        "",
        pool.pick((f"版权所有 © {article.site}", f"Copyright © {keyword}", "")) if article.site or keyword else "",
        "",
        f"http://{domain}/",
    )
    title = f"{keyword}{pool.pick(('_', '-', '|', ' '))}{headline}" if keyword else headline
    slots = Slots(
        site,
        "zh-Hans",
        headline,
        paragraphs,
        title,
        list(pool.identity("zh").nav),
        products=list(passage.anchors) if pool.chance(0.3) else [],
        extra_html="" if not keyword or pool.chance(0.5) else f"<h1>{escape(keyword)}</h1>",
    )
    body, template = render(pool, templates, slots)
    path = pool.pick(
        (
            f"c_{rng.randint(1, 9)}{rng.randint(10**8, 10**9 - 1)}.htm",
            f"info/{rng.randint(1000, 1999)}/{rng.randint(1000, 99999)}.htm",
            f"n1/{rng.randint(2018, 2026)}/0{rng.randint(1, 9)}{rng.randint(10, 28)}/c{rng.randint(1000, 9999)}-{rng.randint(10**7, 10**8)}.html",
            f"page/{rng.randint(2009, 2026)}/0{rng.randint(1, 9)}{rng.randint(10, 28)}/{rng.randint(10**6, 3 * 10**7)}.shtml",
            f"{rng.randint(2015, 2026)}/0{rng.randint(1, 9)}{rng.randint(10, 28)}/c{rng.randint(100, 9999)}a{rng.randint(10**4, 10**6)}/page.htm",
            f"a/{rng.randint(10**8, 10**9)}_{rng.randint(10**5, 10**6)}",
            f"{rng.randint(2015, 2026)}-0{rng.randint(1, 9)}/{rng.randint(10, 28)}/content_{rng.randint(10**6, 10**8)}.htm",
        )
    )
    return sample(
        pool,
        "mirror",
        "scraped",
        body,
        f"http://www.{domain}/{path}",
        "zh",
        (keyword, *paragraphs),
        template=template,
        article=article.page_id,
    )
