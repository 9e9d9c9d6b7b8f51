"""Recipes for hijacked pages: spam on an honest host, as the article, as a block in sight or hidden, or under its address alone."""

from __future__ import annotations

from html import escape
from pathlib import Path

from detector.training.banks import Identity
from detector.training.content import Shell, fill, paragraphs_html
from detector.training.damage import hidden_block, visible_block
from detector.training.pool import Pool, Sample, labels
from detector.training.render import address, random_domain, render
from detector.training.sites import doorway_page, honest_slots, own_path, sample


def passage_in_identity(pool: Pool, templates: Path) -> Sample:
    """Spam as the article of an honest host's page."""
    rng = pool.rng
    identity = pool.identity()
    passage = pool.passage(identity.language if pool.chance(0.45) else None)
    slots = honest_slots(pool, identity)
    slots.headline, slots.paragraphs, slots.language = passage.title, pool.spam_text(passage), passage.language
    slots.title = pool.pick((passage.title, f"{passage.title} - {identity.name}", f"{passage.title} | {identity.name}"))
    foreign = (passage.title, *slots.paragraphs, *passage.anchors)
    if pool.chance(0.35):  # among the host's own words, as an editor's account taken over would leave it
        own = [identity.about, *identity.article.split("\n\n")]
        slots.paragraphs = slots.paragraphs[: pool.rng.randint(1, 4)]
        slots.paragraphs[pool.rng.randint(0, 1) : 0] = own[: pool.rng.randint(1, 2)]
    if pool.chance(0.3):  # the new owner's menu among the old one's
        slots.nav = [*slots.nav, *passage.anchors[:2]]
        pool.rng.shuffle(slots.nav)
    if pool.chance(0.4):
        slots.tags = list(passage.anchors)
    body, template = render(pool, templates, slots)
    return sample(
        pool,
        "passage-in-identity",
        "hijacked",
        body,
        address(rng, identity.domain, passage.title),
        passage.language,
        foreign,
        template=template,
        kind=passage.kind,
        identity=identity.domain,
    )


def passage_in_shell(pool: Pool, templates: Path) -> Sample:
    """Spam as the main content of a real page."""
    shell = pool.pick(pool.shells)
    passage = pool.passage(shell.language if pool.chance(0.5) else None)
    paragraphs = pool.spam_text(passage)
    links = (
        "".join(f'<a href="http://{random_domain(pool.rng)}/">{escape(anchor)}</a> ' for anchor in passage.anchors)
        if pool.chance(0.4)
        else ""
    )
    body = fill(
        shell,
        f"<h1>{escape(passage.title)}</h1>{paragraphs_html(paragraphs)}{links}",
        passage.title if pool.chance(0.6) else shell.own_title,
        paragraphs[0][:150] if pool.chance(0.6) else None,
    )
    return sample(
        pool,
        "passage-in-shell",
        "hijacked",
        body,
        own_path(pool, shell, passage.title),
        passage.language,
        (passage.title, *paragraphs, *passage.anchors),
        kind=passage.kind,
        shell=shell.page_id,
    )


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
    return sample(
        pool,
        "injected-hidden" if hidden else "injected-visible",
        "hijacked",
        html[:cut] + block + html[cut:],
        shell.url,
        shell.language,
        (*passage.anchors, passage.title, passage.text, *passage.text.split("\n\n")),
        kind=passage.kind,
        shell=shell.page_id,
    )


def injected_identity(pool: Pool, templates: Path) -> Sample:
    """The same in a written site."""
    identity = pool.identity()
    passage = pool.passage(None if pool.chance(0.6) else identity.language)
    slots = honest_slots(pool, identity)
    hidden = pool.chance(0.6)
    slots.extra_html = hidden_block(pool.rng, passage) if hidden else visible_block(pool.rng, passage)
    body, template = render(pool, templates, slots)
    return sample(
        pool,
        "injected-hidden" if hidden else "injected-visible",
        "hijacked",
        body,
        address(pool.rng, identity.domain, slots.headline),
        identity.language,
        (*passage.anchors, passage.title, passage.text, *passage.text.split("\n\n")),
        template=template,
        kind=passage.kind,
        identity=identity.domain,
    )


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
        paragraphs = list(identity.article.split("\n\n"))
        slots.paragraphs = paragraphs[:1] + inserted + paragraphs[1:]
        body, template = render(pool, templates, slots)
        return sample(
            pool,
            "spliced",
            "hijacked",
            body,
            address(pool.rng, identity.domain),
            identity.language,
            tuple(inserted),
            template=template,
            kind=passage.kind,
        )
    body = fill(
        shell, f"<h1>{escape(article.headline)}</h1>{paragraphs_html(paragraphs[:place] + inserted + paragraphs[place:])}", shell.own_title
    )
    return sample(pool, "spliced", "hijacked", body, shell.url, article.language, tuple(inserted), kind=passage.kind, shell=shell.page_id)


# Trades whose product lists are goods; what a library or a programmer lists might stand on any page.
_SELLING = frozenset(("automotive", "industry", "goods", "home", "beauty", "property", "agriculture", "food", "pets", "travel"))


def products_in_news(pool: Pool, templates: Path) -> Sample | None:
    """Product links, or a product as previous or next, in an honest news page."""
    shells = [shell for shell in pool.shells if shell.kind in ("news", "blog")]
    shell = pool.pick(shells)
    language = pool.pick(("zh", None, shell.language))
    shops = [identity for identity in pool.identities if identity.topic in _SELLING]
    alike = [identity for identity in shops if language is None or identity.language[:2] == language[:2]]
    identity = pool.pick(alike or shops or pool.identities)
    passage = pool.passage(identity.language)
    items = (
        pool.rng.sample(list(identity.products), min(len(identity.products), pool.rng.randint(3, 8)))
        if pool.chance(0.7)
        else list(passage.anchors)
    )
    own = pool.chance(0.5)  # under the paper's own address, as an injected shop has them, or on a host of their own
    base = "" if own else f"http://{identity.domain if pool.chance(0.5) else random_domain(pool.rng)}"
    links = [
        f'<a href="{base}/{pool.pick(("", "product/", "p/", "shop/"))}{pool.rng.randint(1, 9999)}.html">{escape(item)}</a>'
        for item in items
    ]
    body = _with_links(pool, shell, links, labels(pool.rng, identity.language))
    return sample(pool, "products-in-news", "hijacked", body, shell.url, shell.language, tuple(items), shell=shell.page_id)


def _with_links(pool: Pool, shell: Shell, links: list[str], words: dict[str, str]) -> str:
    """The shell's own page with the links as a pair, a list or a line, in the main text or in the frame around it."""
    shape = pool.rng.random()
    if shape < 0.35:
        block = f"<p>{words['previous']}: {links[0]} {words['next']}: {links[1]}</p>"
    elif shape < 0.6:
        block = f"<ul>{''.join(f'<li>{link}</li>' for link in links)}</ul>"
    elif shape < 0.8:
        block = f"<div>{''.join(f'<div>{link}</div>' for link in links)}</div>"
    else:
        block = f"<p>{' '.join(links)}</p>"
    main = shell.own_html
    place = pool.rng.random()
    if place < 0.35:
        return fill(shell, main + block, shell.own_title)
    if place < 0.5 and main.count("</p>") > 2:
        cut = main.find("</p>", len(main) // 2) + len("</p>")
        return fill(shell, main[:cut] + block + main[cut:], shell.own_title)
    body = fill(shell, main, shell.own_title)
    marks = [
        ("</ul>", "".join(f"<li>{link}</li>" for link in links)),
        ("</footer>", block),
        ("</body>", block),
        ("</nav>", block),
        ("</aside>", block),
    ]
    mark, put = pool.pick([(mark, put) for mark, put in marks if mark in body] or [("", block)])
    where = body.find(mark) if mark else len(body)
    return body[:where] + put + body[where:]


def address_article(pool: Pool, templates: Path) -> Sample:
    """A lure in prose and nothing else, as most hacked blogs serve it: no menu, no footer, no links; only the address belongs to somebody."""
    rng = pool.rng
    passage = pool.passage()
    paragraphs = pool.spam_text(passage)
    if pool.chance(0.6):
        domain = pool.identity(passage.language if pool.chance(0.3) else None).domain
    else:
        domain = pool.pick([shell for shell in pool.shells if shell.url and shell.kind in ("org", "home", "product")]).host or "example.org"
    heading = f"<h1>{escape(passage.title)}</h1>" if pool.chance(0.7) else ""
    title = pool.pick((passage.title, passage.title, f"{passage.title} - {domain}", ""))
    body = f"<html><head><title>{escape(title)}</title></head><body>{heading}{paragraphs_html(paragraphs, pool.pick(('p', 'p', 'div', 'br')))}</body></html>"
    return sample(
        pool,
        "address-article",
        "hijacked",
        body,
        address(rng, domain, passage.title),
        passage.language,
        (passage.title, *paragraphs),
        kind=passage.kind,
    )


def address_only(pool: Pool, templates: Path) -> Sample:
    """Nothing on the page is honest, the address is."""
    rng = pool.rng
    passage = pool.passage()
    body, template, foreign = doorway_page(pool, templates, passage)
    if pool.chance(0.6):
        identity: Identity | None = pool.identity(passage.language if pool.chance(0.3) else None)
        url = address(rng, identity.domain if identity else "", passage.title)
    else:
        shells = [shell for shell in pool.shells if shell.url and shell.kind in ("org", "home", "product")]
        url = address(rng, pool.pick(shells).host or "example.org", passage.title)
    return sample(
        pool,
        "address-only",
        "hijacked",
        body,
        url,
        passage.language,
        foreign,
        template=template,
        kind=passage.kind,
    )
