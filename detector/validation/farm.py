"""Pages made from the second bank's templates: a farm's, or a publisher's own plain one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from detector.errors import CorpusError
from detector.validation.bank import Identity, Passage
from detector.validation.draft import Fold, Foreign
from detector.validation.edits import Target
from detector.validation.material import Article, parsed
from detector.validation.phrases import phrases

_NOTHING = Target("", "")
# Templates that no page of the use wears: built for spam, for goods, or for users' posts.
_SPAM = frozenset(("betting_landing", "joomla_injected", "spider_pool_list", "forum_thread"))
_BARRED = {
    "honest": _SPAM | {"amp_page", "junk_tag_mirror", "keyword_doorway", "japanese_shop", "bootstrap_shop"},
    "farm": _SPAM,
    "spam": frozenset[str](),
}
_SPOKEN = {"chinese_cms": "zh", "japanese_shop": "ja"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a template is filled with."""

    identity: Identity
    language: str
    headline: str
    paragraphs: Sequence[str]
    title: str = ""
    date: str = ""
    image: str = ""
    links: Sequence[Target] = ()
    related: Sequence[Target] = ()
    previous: Target = _NOTHING
    next: Target = _NOTHING
    junk: Sequence[str] = field(default_factory=tuple)


@cache
def _environment() -> Any:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


@cache
def _template(source: str) -> Any:
    return _environment().from_string(source)


def rendered(name: str, source: str, sheet: Sheet) -> str:
    """The page, serialised by lxml as edited pages are. Junk tags go behind paragraphs.

    Raises:
        CorpusError: the template asks for something that the bank's README does not promise.
    """
    import lxml.html
    from jinja2 import TemplateError

    try:
        html = _template(source).render(
            identity=sheet.identity,
            language=sheet.language,
            title=sheet.title or sheet.headline,
            headline=sheet.headline,
            date=sheet.date,
            image=sheet.image,
            paragraphs=list(sheet.paragraphs),
            links=list(sheet.links),
            related=list(sheet.related),
            previous=sheet.previous,
            next=sheet.next,
        )
    except TemplateError as error:
        raise CorpusError(f"{name}: cannot be rendered ({error})") from error
    for junk in sheet.junk:
        html = html.replace("</p>", f"{junk}</p>\x00", 1)
    tree = parsed(html.replace("\x00", ""))
    if tree is None:
        raise CorpusError(f"{name}: renders to nothing that parses")
    return str(lxml.html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))


def template(fold: Fold, identity: Identity, use: str) -> tuple[str, str]:
    """(name, source) of a template for `honest` pages and their bad twins, for a scraper's `farm`, or for `spam`.

    A template whose fixed labels are of one language goes with owners of that language on honest pages.
    """
    barred = _BARRED[use]
    names = [name for name in sorted(fold.bank.templates) if name.split(".")[0] not in barred]
    if use == "honest":
        names = [name for name in names if _SPOKEN.get(name.split(".")[0], identity.language[:2]) == identity.language[:2]]
    own = [name for name in names if _SPOKEN.get(name.split(".")[0]) == identity.language[:2]]
    name = fold.pick(own if own and fold.chance(0.4) else names)
    return name, fold.bank.templates[name]


def published_by(article: Article) -> Identity:
    """The identity of an article's own publisher, with a newspaper's menu in the article's language."""
    name = article.site or article.host.removeprefix("www.").split(".")[0].title()
    words = phrases(article.language)
    return Identity(
        f"publisher:{article.group}", article.language, "newspaper", "", name, article.host, words.menu, f"{name} · {article.host}",
        f"© 2024 {name}", "", "", (), (),
    )  # fmt: skip


def pushing(fold: Fold, passage: Passage, host: str) -> Identity:
    """The identity of a page that pushes a passage's trade: the keyword stands in every slot that names an owner."""
    keyword = fold.pick(passage.keywords or passage.anchors or (passage.title,))
    menu = tuple(fold.some(passage.anchors or passage.keywords or (passage.title,), 4, 7))
    line = f"© {fold.rng.randint(2019, 2026)} {keyword}"
    return Identity(
        f"pushing:{passage.id}", passage.language, passage.kind, "", keyword, host, menu, f"{keyword} - {passage.title}",
        line, fold.pick(passage.keywords or (keyword,)), passage.title, tuple(passage.paragraphs[:1]), passage.anchors,
    )  # fmt: skip


def selling(fold: Fold, identity: Identity) -> tuple[Identity, str, list[str]]:
    """The identity with an owner's line that sells something: (identity, that line, ids of what was used)."""
    passage = fold.pick(
        fold.bank.passages_of(
            identity.language if fold.chance(0.7) else None, *fold.some(("accounts", "seo", "replica", "casino", "loans"), 1, 2)
        )
    )
    line = f"© {fold.rng.randint(2019, 2026)} {fold.pick((passage.title, *passage.anchors))}"
    return replace(identity, copyright=line), line, [passage.id]


def dated(rng: random.Random) -> str:
    """A day of the last years."""
    return f"{rng.randint(2018, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"


def targets(rng: random.Random, texts: Sequence[str], host: str) -> list[Target]:
    """Links of one host with these texts."""
    return [
        Target(text, f"{'https://' + host if host else ''}/{rng.choice(('p', 'item', 'show', 'cp'))}/{rng.randint(10, 99999)}.html")
        for text in texts
    ]


def foreign_links(where: str, links: Sequence[Target]) -> list[Foreign]:
    return [Foreign(where, link.text) for link in links]
