"""The training set: real clean pages, composed bad ones and controls, each in the renderings in which pages arrive.

Everything that makes up a composed page comes from one fold, so a split by fold shares no article, page, bank entry or
template. Real farm pages are not used.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from detector.page.page import HTML, Page
from detector.page.read import Unreadable, read
from detector.training.corpus import CorpusPage
from detector.training.disguised import disguised, donors_of
from detector.training.pool import Pool, Sample
from detector.training.recipes import BAD, CONTROLS
from detector.training.sites import Recipe

# Renderings and how often: HTML with address, HTML alone, text with address, text alone, an excerpt of the main text.
RENDERINGS = (("html+url", 0.5), ("html", 0.14), ("text+url", 0.16), ("text", 0.14), ("excerpt+url", 0.06))
# Recipes whose foreign part lies in attributes or hidden blocks vanish in a text rendering, so they stay HTML.
_HTML_ONLY = frozenset(("injected-hidden", "control-hidden", "control-advertising", "control-user-spam", "products-in-news"))
# Without an address nothing honest is left of these.
_ADDRESS_BOUND = frozenset(("address-only", "address-article"))
# Their excerpts hold the honest article alone: with no address there is nothing to see, and on a news-like host nothing is wrong.
_NO_EXCERPT = frozenset(
    (
        "injected-visible",
        "spliced",
        "products-in-news",
        "fake-headlines",
        "publisher-swap",
        "autoblog",
        "farm-template",
        "article-in-shell",
        "article-in-identity",
        "brand-clone",
    )
)
EXCERPT = (400, 2000)


def compose(pool: Pool, templates: Path, bad: int, controls: int) -> Iterator[Sample]:
    """`bad` bad pages and `controls` control pages of one fold, a few of them after an attack."""
    donors = donors_of(pool.articles, random.Random(f"donors-{pool.fold}"))
    for recipes, wanted in ((BAD, bad), (CONTROLS, controls)):
        made = tries = 0
        weights = [weight for _, weight in recipes]
        makers: list[Recipe] = [recipe for recipe, _ in recipes]
        while made < wanted and tries < 6 * wanted:
            tries += 1
            sample = pool.rng.choices(makers, weights)[0](pool, templates)
            rendered = None if sample is None else as_rendered(sample, pool.rng)
            if rendered is not None:
                made += 1
                yield replace(disguised(rendered, donors), id=f"composed-{pool.fold}-{'bad' if recipes is BAD else 'control'}-{made}")


def as_rendered(sample: Sample, rng: random.Random, rendering: str | None = None) -> Sample | None:
    """The sample as HTML or text, with or without its address; None when the rendering leaves nothing to judge."""
    if rendering is None:
        rendering = rng.choices([name for name, _ in RENDERINGS], [weight for _, weight in RENDERINGS])[0]
    if sample.recipe in _HTML_ONLY and rendering[:4] != "html":
        rendering = "html+url"
    if sample.recipe in _NO_EXCERPT and rendering.startswith("excerpt"):
        rendering = "text+url"
    url = sample.url if rendering.endswith("+url") else None
    label = "spam" if sample.recipe in _ADDRESS_BOUND and url is None else sample.label
    choices = {**sample.choices, "rendering": rendering}
    if rendering.startswith("html"):
        return replace(sample, url=url, label=label, choices=choices)
    text = as_text(sample.body, rng, excerpt=rendering.startswith("excerpt"))
    if text is None:
        return None
    return replace(sample, body=text, is_text=True, url=url, label=label, choices=choices)


def as_text(body: str | bytes, rng: random.Random, excerpt: bool) -> str | None:
    """The page as a text extraction has it: every visible block, or an excerpt of the main text."""
    try:
        document = read(Page(body, None, "", HTML))
    except Unreadable:
        return None
    roles = ("headline", "body", "caption") if excerpt else None
    lines = [document.quote(block) for block in document.blocks if block.hidden is None and (roles is None or block.role in roles)]
    if document.head.title and not excerpt and rng.random() < 0.5:
        lines.insert(0, document.head.title)
    text = "\n".join(lines)
    if excerpt:
        length = rng.randint(*EXCERPT)
        start = rng.randint(0, max(0, len(text) - length)) if rng.random() < 0.5 else 0
        text = text[start : start + length]
    return text if len(text) >= 120 else None


def real_samples(page: CorpusPage, seed: int) -> Iterator[Sample]:
    """A real page as it is, and often once more in a poorer rendering."""
    rng = random.Random(f"{seed}-{page.id}")
    original = Sample(
        page.id,
        page.body,
        page.is_text,
        page.url,
        page.label,
        page.group,
        page.fold,
        "real",
        page.language,
        {"rendering": "text" if page.is_text else "html+url", "kind": page.kind},
    )
    yield original
    draw = rng.random()
    if page.is_text or draw > 0.6:
        return
    rendering = (
        "text" if draw < 0.15 else "text+url" if draw < 0.33 else "html" if draw < 0.47 else "excerpt+url" if draw < 0.55 else "excerpt"
    )
    if rendering == "excerpt":
        text = as_text(page.body, rng, excerpt=True)
        poorer = (
            None
            if text is None
            else replace(original, body=text, is_text=True, url=None, choices={**original.choices, "rendering": "excerpt"})
        )
    else:
        poorer = as_rendered(replace(original, recipe="real"), rng, rendering)
    if poorer is not None:
        yield replace(poorer, id=f"{page.id}-{rendering}", choices={**original.choices, "rendering": rendering})


def digest_of(samples: list[Sample]) -> str:
    """Digest of the composed bodies and labels, in order: what a model was trained on."""
    total = hashlib.sha256()
    for sample in samples:
        body = sample.body if isinstance(sample.body, bytes) else sample.body.encode("utf-8", "surrogatepass")
        total.update(hashlib.sha256(body).digest())
        total.update(f"{sample.label} {sample.url} {sample.fold}".encode())
    return total.hexdigest()
