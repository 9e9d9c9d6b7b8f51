"""Filling a template: a site, an article, and what stands round them. Jinja2 (BSD), sandboxed, escaping on."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from detector.training.banks import Identity
from detector.training.pool import Pool, labels

_SLUGS = (
    "news/{n}.html",
    "article/{n}",
    "{y}/{m:02d}/{d:02d}/{n}.html",
    "{y}/{m:02d}/{s}",
    "{s}",
    "{s}/",
    "post/{s}",
    "blog/{s}",
    "?p={n}",
    "info/{q}/{n}.htm",
    "show-{q}-{n}.html",
    "index.php?id={n}",
    "news/detail/{n}",
    "a/{n}.html",
    "{s}.html",
    "en/news/{s}",
    "aktuelles/{s}",
    "noticias/{s}",
    "item/{n}.shtml",
    "view.php?aid={n}",
)


@dataclass(slots=True)
class Site:
    """The identity a template shows."""

    name: str
    domain: str
    tagline: str = ""
    logo: str = ""
    contact: str = ""
    copyright: str = ""
    publisher: str = ""
    home: str = ""


@dataclass(slots=True)
class Slots:
    """Everything a template may show; empty means absent."""

    site: Site
    language: str
    headline: str
    paragraphs: list[str]
    title: str = ""
    nav: list[str] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    related: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=list)
    hot: list[str] = field(default_factory=list)
    friends: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    crumbs: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    byline: str = ""
    extra_html: str = ""
    content_html: str = ""
    label_language: str = ""
    canonical: str = ""
    lang_attribute: str = ""


def site_of(identity: Identity, rng: random.Random) -> Site:
    """The honest site of an identity."""
    year = rng.randint(2012, 2026)
    footer = identity.footer
    if rng.random() < 0.3:
        footer = f"© {year} {identity.name}"
    return Site(
        identity.name,
        identity.domain,
        identity.tagline if rng.random() < 0.6 else "",
        identity.name if rng.random() < 0.6 else "",
        identity.contact if rng.random() < 0.6 else "",
        footer,
        identity.name if rng.random() < 0.5 else "",
        f"https://{identity.domain}/",
    )


def random_domain(rng: random.Random) -> str:
    """A throw-away domain: letters, digits, cheap endings."""
    shape = rng.random()
    letters = "abcdefghijklmnopqrstuvwxyz"
    if shape < 0.35:
        name = "".join(rng.choices(letters, k=rng.randint(5, 10)))
    elif shape < 0.55:
        name = "".join(rng.choices("0123456789", k=rng.randint(3, 6))) + "".join(rng.choices(letters, k=rng.randint(0, 3)))
    elif shape < 0.8:
        name = "".join(rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4))) + rng.choice(
            ("", "x", "24", "88", "365", "hub", "blog", "daily", "info")
        )
    else:
        name = "".join(rng.choices(letters, k=rng.randint(2, 4))) + "".join(rng.choices("0123456789", k=rng.randint(2, 4)))
    return f"{name}.{rng.choice(('com', 'com', 'com', 'net', 'cn', 'xyz', 'top', 'info', 'org', 'cc', 'vip', 'site', 'online', 'club', 'shop', 'icu', 'live', 'pro', 'biz', 'co'))}"


_BLOG_WORDS = (
    "daily", "news", "trend", "buzz", "today", "world", "tech", "best", "smart", "life", "fresh", "update", "story", "digital", "market", "money",
    "health", "travel", "game", "sport", "movie", "insider", "planet", "viral", "what", "when", "this", "on", "in", "the", "my", "all", "now", "hot", "top", "go",
)  # fmt: skip


def blog_domain(rng: random.Random) -> str:
    """A domain as feed blogs choose them: everyday words that name no trade and nobody."""
    words = rng.sample(_BLOG_WORDS, rng.choice((2, 2, 3)))
    return f"{rng.choice(('', '', '-')).join(words)}{rng.choice(('', '', '', '24', '247', '365'))}.{rng.choice(('com', 'com', 'com', 'net', 'org', 'info', 'co', 'site', 'online', 'xyz'))}"


def address(rng: random.Random, domain: str, slug: str = "") -> str:
    """An address on the domain, shaped as publishing systems shape them."""
    words = "-".join("".join(c for c in word.lower() if c.isascii() and c.isalnum()) for word in slug.split()[:8]).strip("-")
    words = "-".join(part for part in words.split("-") if part) or f"p{rng.randint(100, 99999)}"
    path = rng.choice(_SLUGS).format(
        n=rng.randint(100, 9_999_999),
        q=rng.randint(1000, 1999),
        y=rng.randint(2014, 2026),
        m=rng.randint(1, 12),
        d=rng.randint(1, 28),
        s=words[:80],
    )
    if rng.random() < 0.12:
        path = ""
    return f"{rng.choice(('https', 'https', 'http'))}://{rng.choice(('www.', 'www.', ''))}{domain}/{path}"


@lru_cache(maxsize=4)
def _environment(folder: str) -> Any:
    from jinja2 import FileSystemLoader, select_autoescape
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(
        loader=FileSystemLoader(folder), autoescape=select_autoescape(("html.j2",), default_for_string=False, default=False)
    )


def render(pool: Pool, folder: Path, slots: Slots) -> tuple[str, str]:
    """(the rendered page, the template's name)."""
    rng = pool.rng
    name = pool.pick(pool.templates)
    base = f"https://{slots.site.domain}"
    year, month, day = rng.randint(2015, 2026), rng.randint(1, 12), rng.randint(1, 28)

    def link(label: str) -> dict[str, str]:
        return {
            "text": label,
            "href": rng.choice(
                (
                    f"/{rng.randint(10, 99999)}.html",
                    f"{base}/p/{rng.randint(10, 9999)}",
                    f"list-{rng.randint(1, 99)}.html",
                    f"/c{rng.randint(1, 40)}/",
                )
            ),
        }

    context = {
        "lang": slots.lang_attribute,
        "title": slots.title or slots.headline,
        "description": slots.paragraphs[0][:150] if slots.paragraphs and rng.random() < 0.6 else "",
        "canonical": slots.canonical,
        "year": str(year),
        "date": rng.choice((f"{year}-{month:02d}-{day:02d}", f"{day:02d}.{month:02d}.{year}", f"{day}/{month}/{year}", "")),
        "site": slots.site,
        "nav": [link(label) for label in slots.nav],
        "crumbs": [link(label) for label in slots.crumbs],
        "headline": slots.headline,
        "byline": slots.byline,
        "paragraphs": slots.paragraphs,
        "captions": slots.captions,
        "image": f"/upload/{rng.randint(1000, 99999)}.jpg" if rng.random() < 0.5 else "",
        "content_html": slots.content_html,
        "previous": link(slots.previous) if slots.previous else None,
        "next": link(slots.next) if slots.next else None,
        "related": [link(label) for label in slots.related],
        "products": [link(label) for label in slots.products],
        "hot": [link(label) for label in slots.hot],
        "friends": [{"text": label, "href": href} for label, href in slots.friends],
        "tags": [link(label) for label in slots.tags],
        "extra_html": slots.extra_html,
        "labels": labels(rng, slots.label_language or slots.language),
    }
    return _environment(str(folder)).get_template(name).render(context), name
