"""Hijacked pages: spam on honest hosts, as the article, a block, a list, or hidden."""

from __future__ import annotations

from collections.abc import Sequence

from detector.validation import addresses
from detector.validation.bank import Passage
from detector.validation.draft import Draft, Fold, Foreign
from detector.validation.edits import HIDING, Canvas, Target, article_strings
from detector.validation.farm import Sheet, dated, pushing, rendered, targets, template
from detector.validation.material import Host

HIJACKED = "hijacked"


def passage_for(fold: Fold, language: str, *kinds: str) -> Passage:
    """A passage, of the page's language in half of the cases."""
    return fold.pick(fold.bank.passages_of(language if fold.chance(0.5) else None, *kinds))


def lengthened(fold: Fold, passage: Passage) -> tuple[list[str], list[str]]:
    """(paragraphs, ids): the passage alone, or with others of its language and kind behind it."""
    paragraphs, ids = list(passage.paragraphs), [passage.id]
    others = [p for p in fold.bank.passages_of(passage.language, passage.kind) if p.id != passage.id and p.language == passage.language]
    for other in fold.some(others, 0, 3):
        paragraphs += [other.title, *other.paragraphs]
        ids.append(other.id)
    return paragraphs, ids


def outward(fold: Fold, texts: Sequence[str], kind: str) -> list[Target]:
    """Links with these texts, each to a host of its own or all to one."""
    one = addresses.pushed(fold.rng, kind) if fold.chance(0.4) else ""
    return [
        Target(text, f"https://{one or addresses.pushed(fold.rng, kind)}/{fold.pick(('', 'go', 'daftar', 'promo/'))}") for text in texts
    ]


def _host(fold: Fold) -> Host | None:
    """Any honest owner's page, houses more often than papers; languages other than English are drawn up."""
    pool = fold.houses if fold.chance(0.7) else fold.press
    others = [host for host in pool if host.language != "en"]
    return fold.pick(others) if others and fold.chance(0.45) else fold.pick(pool) if pool else None


def article_replaced(fold: Fold) -> Draft | None:
    """A spam article in the place of the main content."""
    host = _host(fold)
    if host is None:
        return None
    passage = passage_for(fold, host.language)
    paragraphs, ids = lengthened(fold, passage)
    canvas = Canvas(host, fold.rng)
    follows = fold.chance(0.75)
    foreign = canvas.replace_main(passage.title, paragraphs, head_follows=follows)
    if fold.chance(0.5) and passage.anchors:
        foreign += canvas.list_in("inside", outward(fold, passage.anchors, passage.kind))
    url = host.url if host.url and fold.chance(0.4) else f"https://{host.host}{addresses.farm_path(fold.rng, passage.title)}"
    choices = {"host": host.id, "passages": ids, "head_follows": follows}
    return Draft(canvas.html(), url, HIJACKED, passage.language, host.group, choices, foreign)


def address_only(fold: Fold) -> Draft | None:
    """A page of nothing but spam on a domain that still names somebody honest."""
    passage = fold.pick(fold.bank.passages)
    paragraphs, ids = lengthened(fold, passage)
    # A portal's or a blog's domain names no trade that slots would be foreign to.
    real = [host for host in fold.houses if host.kind in ("org", "product")]
    if real and fold.chance(0.5):
        host = fold.pick(real)
        domain, group, origin = host.host, host.group, {"host": host.id}
    else:
        owner = fold.pick(fold.bank.identities)
        domain, group, origin = owner.domain, owner.id, {"identity": owner.id}
    identity = pushing(fold, passage, domain)
    name, source = template(fold, identity, "spam")
    links = outward(fold, passage.anchors, passage.kind)
    sheet = Sheet(identity, passage.language, passage.title, paragraphs, passage.title, dated(fold.rng), "", links)
    foreign = [Foreign("headline", passage.title), *article_strings(paragraphs), Foreign("brand", identity.brand)]
    url = f"https://{domain}{addresses.farm_path(fold.rng, passage.title)}"
    choices = {**origin, "passages": ids, "template": name}
    # Without the address nothing honest is left to see.
    return Draft(rendered(name, source, sheet), url, HIJACKED, passage.language, group, choices, foreign, "spam")


def block_spliced(fold: Fold) -> Draft | None:
    """A paragraph or three of spam in the middle of an honest text."""
    host = _host(fold)
    if host is None:
        return None
    passage = passage_for(fold, host.language)
    start = fold.rng.randrange(len(passage.paragraphs))
    paragraphs = passage.paragraphs[start : start + fold.rng.randint(1, 3)]
    canvas = Canvas(host, fold.rng)
    links = outward(fold, fold.some(passage.anchors, 0, 4), passage.kind)
    foreign = canvas.splice(paragraphs, links)
    pointed = [*paragraphs, *(link.text for link in links)]
    return _on_own_address(canvas, host, foreign, {"passages": [passage.id], "paragraphs": len(paragraphs)}, pointed)


def link_list(fold: Fold) -> Draft | None:
    """A list of spam links in the sidebar, the footer, or round the main content."""
    host = _host(fold)
    if host is None:
        return None
    passage = passage_for(fold, host.language)
    texts = [*passage.anchors, *fold.some(passage.keywords, 0, 6)]
    place = fold.pick(("sidebar", "footer", "footer", "after", "top"))
    canvas = Canvas(host, fold.rng)
    heading = passage.title if fold.chance(0.3) else ""
    foreign = canvas.list_in(place, outward(fold, texts, passage.kind), heading=heading)
    pointed = [heading, *texts] if heading else []
    return _on_own_address(canvas, host, foreign, {"passages": [passage.id], "place": place, "heading": bool(heading)}, pointed)


def hidden_block(fold: Fold) -> Draft | None:
    """A block of spam links, and sometimes text, that no reader sees."""
    host = _host(fold)
    if host is None:
        return None
    passage = passage_for(fold, host.language)
    how = fold.pick(sorted(HIDING))
    canvas = Canvas(host, fold.rng)
    text = fold.pick(passage.paragraphs) if fold.chance(0.4) else ""
    texts = [*passage.anchors, *fold.some(passage.keywords, 0, 10)]
    foreign = canvas.hide(how, outward(fold, texts, passage.kind), text)
    return _on_own_address(canvas, host, foreign, {"passages": [passage.id], "hidden": how, "with_text": bool(text)})


def outbound_links(fold: Fold) -> Draft | None:
    """Dozens of links to as many hosts, from several banks' worth of anchors."""
    host = _host(fold)
    if host is None:
        return None
    passages = fold.some(fold.bank.passages, 4, 10)
    links = [link for passage in passages for link in outward(fold, (*passage.anchors, *passage.keywords[:3]), passage.kind)]
    fold.rng.shuffle(links)
    links = links[: fold.rng.randint(24, 60)]
    how = fold.pick(("footer", "sidebar", "inside", "hidden"))
    canvas = Canvas(host, fold.rng)
    foreign = canvas.hide(fold.pick(sorted(HIDING)), links) if how == "hidden" else canvas.list_in(how, links)
    return _on_own_address(canvas, host, foreign, {"passages": [p.id for p in passages], "place": how, "links": len(links)})


def products_in_news(fold: Fold) -> Draft | None:
    """A newspaper's own article on its own host, with a product previous/next pair or product links put in."""
    host = fold.host(fold.press)
    if host is None:
        return None
    shop = fold.pick(fold.bank.identities_of(host.language if fold.chance(0.6) else None))
    if len(shop.products) < 2:
        return None
    canvas = Canvas(host, fold.rng)
    how = fold.pick(("previous-next", "inside", "both"))
    away = addresses.pushed(fold.rng, "")
    foreign = canvas.previous_next(*targets(fold.rng, fold.some(shop.products, 2, 2), away)) if how != "inside" else []
    if how != "previous-next":
        foreign += canvas.list_in("inside", targets(fold.rng, fold.some(shop.products, 3, 8), away))
    return _on_own_address(canvas, host, foreign, {"identity": shop.id, "how": how})


def _on_own_address(canvas: Canvas, host: Host, foreign: list[Foreign], choices: dict[str, object], pointed: Sequence[str] = ()) -> Draft:
    url = host.url or f"https://{host.host}/"
    return Draft(canvas.html(), url, HIJACKED, host.language, host.group, {"host": host.id, **choices}, foreign, pointed=list(pointed))


KINDS = {
    "hijacked-article": (article_replaced, 8),
    "hijacked-address-only": (address_only, 4),
    "hijacked-block": (block_spliced, 6),
    "hijacked-links": (link_list, 6),
    "hijacked-hidden": (hidden_block, 6),
    "hijacked-outbound": (outbound_links, 4),
    "hijacked-products": (products_in_news, 4),
}
