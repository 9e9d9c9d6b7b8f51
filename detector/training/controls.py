"""Control recipes: pages put together by the same machinery that stay clean. Without them a classifier learns the scissors."""

from __future__ import annotations

from html import escape
from pathlib import Path

from detector.training.content import fill, paragraphs_html
from detector.training.pool import Pool, Sample, labels
from detector.training.render import Site, Slots, address, render
from detector.training.sites import honest_slots


def _sample(pool: Pool, recipe: str, body: str, url: str | None, language: str, **choices: object) -> Sample:
    return Sample("", body, False, url, "clean", f"{recipe}-{pool.fold}", pool.fold, recipe, language, dict(choices))


def own_article_in_own_page(pool: Pool, templates: Path) -> Sample | None:
    """A real page's main content cut out and put back as paragraphs."""
    shell = pool.pick(pool.shells)
    own = [article for article in pool.articles if article.page_id == shell.page_id]
    if not own:
        return None
    body = fill(
        shell, f"<h1>{escape(own[0].headline)}</h1>{paragraphs_html(own[0].paragraphs, pool.pick(('p', 'div', 'br')))}", own[0].title
    )
    return _sample(pool, "control-own-article", body, shell.url, shell.language, shell=shell.page_id)


def sibling_article_in_page(pool: Pool, templates: Path) -> Sample | None:
    """Another article of the same site in the site's own page."""
    shell = pool.pick(pool.shells)
    own = [
        article
        for article in pool.articles
        if article.group == shell.group and article.page_id != shell.page_id and article.language == shell.language
    ]
    if not own:
        return None
    article = pool.pick(own)
    body = fill(
        shell, f"<h1>{escape(article.headline)}</h1>{paragraphs_html(article.paragraphs)}", article.title, article.paragraphs[0][:150]
    )
    return _sample(pool, "control-sibling", body, shell.url, shell.language, shell=shell.page_id, article=article.page_id)


def publisher_in_template(pool: Pool, templates: Path) -> Sample | None:
    """A publisher's article in a plain template under the publisher's own name and address."""
    rng = pool.rng
    article = pool.article()
    if not article.host:
        return None
    domain = article.host.removeprefix("www.")
    name = (
        article.site or article.title.rsplit(" - ", 1)[-1][:40] if " - " in article.title or article.site else domain.split(".")[0].title()
    )
    year = rng.randint(2012, 2026)
    others = [other.headline for other in pool.articles if other.group == article.group and other.page_id != article.page_id][:8]
    strangers = [other.headline for other in (pool.article() for _ in range(5)) if other.language == article.language]
    related = (others or strangers)[:5]
    native = pool.chance(0.25)  # an edition in another language under native navigation
    press = [identity for identity in pool.identities if identity.is_press] or pool.identities
    matching = [identity for identity in press if identity.language[:2] == article.language[:2]] or press
    menu = pool.pick(press if native else matching)
    site = Site(
        name,
        domain,
        "",
        name if pool.chance(0.5) else "",
        "",
        pool.pick((f"© {year} {name}", f"Copyright © {year} {name}", "")),
        name if pool.chance(0.6) else "",
        f"https://{domain}/",
    )
    slots = Slots(
        site,
        article.language,
        article.headline,
        list(article.paragraphs),
        pool.pick((article.title, f"{article.headline} - {name}", f"{article.headline} | {name}")),
        list(menu.nav) if pool.chance(0.7) and (native or menu.language[:2] == article.language[:2]) else [],
        related[0] if related and pool.chance(0.4) else "",
        related[-1] if related and pool.chance(0.4) else "",
        related if pool.chance(0.6) else [],
        label_language=menu.language if native else article.language,
        lang_attribute=pool.pick(("", article.language)),
    )
    body, template = render(pool, templates, slots)
    url = article.url if article.url and pool.chance(0.5) else address(rng, domain, article.headline)
    return _sample(
        pool,
        "control-publisher-bilingual" if native else "control-publisher",
        body,
        url,
        article.language,
        template=template,
        article=article.page_id,
    )


def identity_page(pool: Pool, templates: Path) -> Sample:
    """A written site's own page in the templates that farms use too."""
    identity = pool.identity()
    slots = honest_slots(pool, identity)
    body, template = render(pool, templates, slots)
    return _sample(
        pool,
        "control-identity",
        body,
        address(pool.rng, identity.domain, slots.headline),
        identity.language,
        template=template,
        identity=identity.domain,
    )


def syndicated(pool: Pool, templates: Path) -> Sample | None:
    """A publisher's article on another news outlet, openly credited."""
    rng, article = pool.rng, pool.article()
    press = [identity for identity in pool.identities if identity.is_press]
    alike = [identity for identity in press if identity.language[:2] == article.language[:2]]
    if not press:
        return None
    identity = pool.pick(alike or press)
    slots = honest_slots(pool, identity)
    words = labels(rng, article.language)
    name = article.site or article.host
    if not name or not words["credit"]:
        return None
    line = pool.pick((f"{words['credit']} {name}", f"{words['source'] or 'Source'}: {name} — {words['credit']}"))
    slots.headline, slots.language = article.headline, article.language
    slots.paragraphs = [*article.paragraphs, line] if pool.chance(0.7) else [line, *article.paragraphs]
    slots.title = f"{article.headline} - {identity.name}"
    slots.products = []
    body, template = render(pool, templates, slots)
    return _sample(
        pool,
        "control-syndication",
        body,
        address(rng, identity.domain, article.headline),
        article.language,
        template=template,
        article=article.page_id,
        identity=identity.domain,
    )


def advertising(pool: Pool, templates: Path) -> Sample:
    """Unrelated advertising in an advertising place of a real page."""
    rng = pool.rng
    shell = pool.pick(pool.shells)
    words = labels(rng, shell.language or "en")
    identity = pool.identity(shell.language)
    passage = pool.passage(shell.language)
    items = pool.pick((list(identity.products), list(identity.products), list(passage.anchors)))[:5]
    links = " ".join(
        f'<a rel="{pool.pick(("sponsored nofollow", "nofollow", "sponsored"))}" href="https://ads.{identity.domain}/c/{rng.randint(1, 9999)}">{escape(item)}</a>'
        for item in items
    )
    block = f'<div class="{pool.pick(("ad", "advert", "sponsored", "ad-slot", "adbox", "advertisement"))}"><span>{escape(words["advert"] or "Advertisement")}</span> {links}</div>'
    body = fill(shell, shell.own_html + block if pool.chance(0.5) else block + shell.own_html, shell.own_title)
    return _sample(pool, "control-advertising", body, shell.url, shell.language, shell=shell.page_id)


def user_spam(pool: Pool, templates: Path) -> Sample:
    """Spam in the comment area of an honest page."""
    rng = pool.rng
    shell = pool.pick([shell for shell in pool.shells if shell.kind in ("blog", "news", "forum")] or pool.shells)
    passage = pool.passage()
    words = labels(rng, shell.language or "en")
    comments = [passage.text.split("\n\n")[0][:300], pool.identity(shell.language).about[:160], passage.anchors[0]]
    rng.shuffle(comments)
    items = "".join(f'<div class="comment"><b>user{rng.randint(10, 999)}</b><p>{escape(text)}</p></div>' for text in comments)
    block = f'<div id="comments" class="comments"><h3>{escape(words["comments"] or "Comments")}</h3>{items}</div>'
    body = fill(shell, shell.own_html + block, shell.own_title)
    return _sample(pool, "control-user-spam", body, shell.url, shell.language, shell=shell.page_id)


def honest_hiding(pool: Pool, templates: Path) -> Sample:
    """What honest tools hide: menus, dialogs, cookie banners, print and tab panels."""
    rng = pool.rng
    shell = pool.pick(pool.shells)
    identity = pool.identity(shell.language)
    inside = pool.pick(
        (
            "<ul>" + "".join(f'<li><a href="/{i}">{escape(label)}</a></li>' for i, label in enumerate(identity.nav)) + "</ul>",
            f"<p>{escape(labels(rng, shell.language or 'en')['search'])}</p><form><input><button>OK</button></form>",
            f"<div class='tab'><p>{escape(identity.about if pool.chance(0.3) else '')}</p></div>",
        )
    )
    block = f'<div {pool.pick(("style=display:none", "hidden", "style=visibility:hidden", "style=opacity:0"))} class="{pool.pick(("menu-mobile", "modal", "cookie-banner", "panel", "x1"))}">{inside}</div>'
    html = fill(shell, shell.own_html, shell.own_title)
    cut = html.rfind("</body")
    cut = cut if cut > 0 else len(html)
    return _sample(pool, "control-hidden", html[:cut] + block + html[cut:], shell.url, shell.language, shell=shell.page_id)


def platform_page(pool: Pool, templates: Path) -> Sample:
    """An honest account's page on a platform for users' pages."""
    rng = pool.rng
    identity = pool.identity()
    slots = honest_slots(pool, identity)
    body, template = render(pool, templates, slots)
    account = identity.domain.split(".")[0]
    host, path = pool.pick(
        (
            ("github.com", "{a}/site"),
            ("{a}.github.io", "about"),
            ("{a}.blogspot.com", "2023/04/post.html"),
            ("medium.com", "@{a}/our-story"),
            ("{a}.wordpress.com", "news/"),
        )
    )
    return _sample(
        pool,
        "control-platform",
        body,
        f"https://{host.format(a=account)}/{path.format(a=account)}" if rng.random() < 0.9 else None,
        identity.language,
        template=template,
        identity=identity.domain,
    )


def suspicious_but_honest(pool: Pool, templates: Path) -> Sample | None:
    """A topic is never enough: regulators, help lines, licensed operators, bilingual houses, forums with drive-by posts."""
    if not pool.hard:
        return None
    rng = pool.rng
    hard = pool.pick(pool.hard)
    slots = honest_slots(pool, hard)
    slots.paragraphs = hard.article.split("\n\n")
    if pool.chance(0.3):
        slots.paragraphs.append(hard.about)
    slots.language = hard.article_language or hard.language
    if hard.case == "forum":
        posts = [*slots.paragraphs, *hard.spam_posts]
        rng.shuffle(posts)
        name = pool.pick(("post", "comment", "reply", "message", "postbody"))
        slots.content_html = "".join(
            f'<div class="{name}"><b>{escape(f"user{rng.randint(10, 9999)}")}</b><p>{escape(text)}</p></div>' for text in posts
        )
    body, template = render(pool, templates, slots)
    return _sample(
        pool,
        f"control-hard-{hard.case}",
        body,
        address(rng, hard.domain, slots.headline),
        slots.language,
        template=template,
        identity=hard.domain,
    )
