"""Recipes for spam: pages on which nothing honest is left."""

from __future__ import annotations

from pathlib import Path

from detector.training.damage import shuffled
from detector.training.pool import Pool, Sample
from detector.training.render import Site, Slots, address, random_domain, render
from detector.training.sites import doorway_page, sample, shown

# Platforms for users' pages are judged by the account: host, and how an account's page is addressed there.
_PLATFORMS = (
    ("github.com", "{a}/{s}"),
    ("{a}.github.io", "{s}"),
    ("{a}.blogspot.com", "2024/05/{s}.html"),
    ("medium.com", "@{a}/{s}"),
    ("sites.google.com", "view/{a}/{s}"),
    ("{a}.wordpress.com", "{s}/"),
    ("{a}.weebly.com", "{s}"),
    ("telegra.ph", "{s}-05-12"),
    ("{a}.tumblr.com", "post/{s}"),
    ("gitlab.com", "{a}/{s}"),
    ("www.npmjs.com", "package/{s}"),
    ("issuu.com", "{a}/docs/{s}"),
    ("{a}.medium.com", "{s}"),
    ("{a}.hatenablog.com", "entry/{s}"),
    ("vk.com", "@{a}-{s}"),
    ("zhuanlan.zhihu.com", "p/{s}"),
)


def doorway(pool: Pool, templates: Path) -> Sample:
    """Nothing honest is left: a spammer's page at a spammer's address."""
    rng = pool.rng
    passage = pool.passage()
    body, template, foreign = doorway_page(pool, templates, passage)
    brand = "".join(c for c in passage.brand.lower() if c.isascii() and c.isalnum())
    domain = (
        f"{brand}{rng.choice(('', '88', '-login', 'vip', '365', '-bonus'))}.{rng.choice(('com', 'xyz', 'net', 'top', 'vip', 'online', 'site'))}"
        if len(brand) > 3 and pool.chance(0.5)
        else random_domain(rng)
    )
    return sample(
        pool,
        "doorway",
        "spam",
        body,
        address(rng, domain, passage.title),
        passage.language,
        foreign,
        template=template,
        kind=passage.kind,
    )


def generated(pool: Pool, templates: Path) -> Sample:
    """Shuffled snippets, stuffed words, leaked prompts."""
    rng = pool.rng
    language = pool.pick(sorted(pool.passages_by_language))
    passages = [pool.passage(language) for _ in range(3)]
    title, paragraphs = shuffled(rng, passages, [pool.article() for _ in range(2)])
    domain = random_domain(rng)
    site = Site(pool.pick(passages[0].anchors), domain, "", "", "", f"© {passages[0].owner}", "", f"https://{domain}/")
    tags = [anchor for passage in passages for anchor in passage.anchors]
    slots = Slots(
        site,
        language,
        title,
        paragraphs,
        title,
        tags[:6] if pool.chance(0.4) else [],
        related=tags[:8],
        tags=tags,
        friends=[(anchor, f"http://{random_domain(rng)}/") for anchor in tags[:5]] if pool.chance(0.4) else [],
        lang_attribute=pool.pick(("", language)),
    )
    body, template = render(pool, templates, slots)
    return sample(pool, "generated", "spam", body, address(rng, domain, title), language, shown(slots), template=template)


def parasite(pool: Pool, templates: Path) -> Sample:
    """A spammer's page on a platform for users' pages: the account and the path are stuffed, the platform says nothing."""
    rng = pool.rng
    passage = pool.passage()
    body, template, foreign = doorway_page(pool, templates, passage)
    words = ["".join(c for c in word.lower() if c.isascii() and c.isalnum()) for word in (*passage.anchors, passage.brand)]
    account = "-".join(word for word in rng.sample(words, min(2, len(words))) if word)[:30] or f"user{rng.randint(100, 9999)}"
    slug = (
        "-".join(part for part in "".join(c if c.isascii() and c.isalnum() else "-" for c in passage.title.lower()).split("-") if part)[:60]
        or f"post-{rng.randint(10, 999)}"
    )
    host, path = pool.pick(_PLATFORMS)
    url = f"https://{host.format(a=account)}/{path.format(a=account, s=slug)}"
    return sample(
        pool,
        "parasite",
        "spam",
        body,
        url,
        passage.language,
        foreign,
        template=template,
        kind=passage.kind,
    )
