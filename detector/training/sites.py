"""What recipes share: the record they return, an honest site's slots, a spammer's page, a path for new content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detector.training.banks import Identity, Passage
from detector.training.content import Shell
from detector.training.pool import Pool, Sample
from detector.training.render import Site, Slots, address, random_domain, render, site_of

Recipe = Callable[[Pool, Path], Sample | None]


def sample(
    pool: Pool, recipe: str, label: str, body: str, url: str | None, language: str, foreign: tuple[str, ...], **choices: object
) -> Sample:
    return Sample("", body, False, url, label, f"{recipe}-{pool.fold}", pool.fold, recipe, language, dict(choices), foreign)


def own_path(pool: Pool, shell: Shell, title: str) -> str | None:
    """The shell's address, mostly with a path made for the new content, as its publishing system would."""
    return address(pool.rng, shell.host.removeprefix("www."), title) if shell.host and pool.chance(0.7) else shell.url


def shown(slots: Slots) -> tuple[str, ...]:
    """Every string of a page on which nothing is honest."""
    lists = (slots.nav, slots.related, slots.products, slots.hot, slots.tags, [label for label, _ in slots.friends])
    return (slots.headline, slots.title, *slots.paragraphs, *(string for strings in lists for string in strings))


def doorway_page(pool: Pool, templates: Path, passage: Passage) -> tuple[str, str, tuple[str, ...]]:
    """(body, template, foreign strings) of a spammer's page."""
    rng = pool.rng
    other = pool.passage(passage.language)
    site = Site(
        passage.brand,
        random_domain(rng),
        "",
        passage.brand,
        "",
        pool.pick((f"© {rng.randint(2019, 2026)} {passage.brand}", f"© {passage.owner}", "")),
        passage.brand,
        "",
    )
    paragraphs = pool.spam_text(passage)
    slots = Slots(
        site,
        passage.language,
        passage.title,
        paragraphs,
        pool.pick((passage.title, f"{passage.title} | {passage.brand}", f"{passage.brand}: {passage.title}")),
        list(passage.anchors) if pool.chance(0.5) else [],
        related=list(other.anchors) if pool.chance(0.4) else [],
        products=list(passage.anchors) if pool.chance(0.4) else [],
        tags=list(passage.anchors) if pool.chance(0.4) else [],
        lang_attribute=pool.pick(("", passage.language)),
    )
    return *render(pool, templates, slots), shown(slots)


def honest_slots(pool: Pool, identity: Identity) -> Slots:
    """An identity's own page: own article, own products and news round it."""
    rng = pool.rng
    headlines = list(identity.headlines)
    rng.shuffle(headlines)
    products = list(identity.products)
    rng.shuffle(products)
    own = pool.pick((headlines[0], headlines[0], f"{identity.name}: {identity.tagline}"))
    paragraphs = pool.pick(
        (
            identity.article.split("\n\n"),
            [*identity.article.split("\n\n"), identity.about],
            [identity.about, *identity.article.split("\n\n")],
        )
    )
    site = site_of(identity, rng)
    return Slots(
        site,
        identity.language,
        own,
        list(paragraphs),
        pool.pick((f"{own} - {identity.name}", f"{own} | {identity.name}", own, identity.name)),
        list(identity.nav),
        headlines[1] if pool.chance(0.5) and len(headlines) > 2 else "",
        pool.pick((headlines[2] if len(headlines) > 2 else "", products[0], "")),
        headlines[1:4] if pool.chance(0.5) else [],
        products[: rng.randint(2, 10)] if pool.chance(0.65) else [],
        products[:3] if pool.chance(0.2) else [],
        [],
        products[:3] if pool.chance(0.2) else [],
        [identity.nav[0], pool.pick(identity.nav)] if pool.chance(0.4) else [],
        byline=pool.pick(("", identity.name)),
        lang_attribute=pool.pick(("", identity.language, identity.language)),
    )
