"""Entries of a site's own list replaced or added to in the list's own markup: by spam, as hacked publishing systems show their new posts
among the latest ones, and as control by headlines of the same site.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from detector.features.distributions import sold_by
from detector.terms import terms
from detector.training.banks import Passage
from detector.training.content import Shell, fill
from detector.training.pool import Pool, Sample
from detector.training.render import random_domain
from detector.training.sites import sample

# Entries that make a list, characters of an entry's link, and what an entry may say beside it (a date, a section).
_FEWEST, _SHORTEST, _LONGEST, _BESIDE = 4, 12, 160, 40
_SHORTEST_CJK = 5


def fake_headlines(pool: Pool, templates: Path) -> Sample | None:
    """Spam posts among a real page's own headlines; None for a page without a list of links."""
    shell = pool.pick(pool.shells)
    first = pool.passage(shell.language if pool.chance(0.5) else None)
    others = [pool.passage(first.language) for _ in range(pool.rng.choice((0, 0, 1, 2, 4)))]
    said = list(dict.fromkeys([_entry(pool, passage) for passage in (first, *others)] + list(first.anchors[: pool.rng.randint(0, 2)])))
    host = f"http://{random_domain(pool.rng)}/" if pool.chance(0.35) else None
    body = _with_entries(pool, shell, said, host)
    if body is None:
        return None
    return sample(pool, "fake-headlines", "hijacked", body, shell.url, shell.language, tuple(said), kind=first.kind, shell=shell.page_id)


def _entry(pool: Pool, passage: Passage) -> str:
    """The passage's title where that says what it sells, or one of its anchors: "Seven habits" alone might be anybody's headline."""
    loud = any(sold_by(hit) for hit in terms().find(passage.title))
    return passage.title if loud and pool.chance(0.8) else pool.pick(passage.anchors)


def own_headlines(pool: Pool, templates: Path) -> Sample | None:
    """The same with headlines of the site itself."""
    shell = pool.pick(pool.shells)
    own = [
        article.headline or article.title
        for article in pool.articles
        if article.group == shell.group and article.page_id != shell.page_id and article.language == shell.language
    ]
    said = [headline for headline in dict.fromkeys(own) if _SHORTEST_CJK <= len(headline) <= _LONGEST]
    if not said:
        return None
    body = _with_entries(pool, shell, pool.rng.sample(said, min(len(said), pool.rng.randint(1, 5))), None)
    return None if body is None else sample(pool, "control-listed", "clean", body, shell.url, shell.language, (), shell=shell.page_id)


def _with_entries(pool: Pool, shell: Shell, said: list[str], host: str | None) -> str | None:
    """The shell's own page with `said` as entries of one of its lists, under its own address or on `host`."""
    html = fill(shell, shell.own_html, shell.own_title)
    lists = _lists(html, _SHORTEST_CJK if shell.language[:2] in ("zh", "ja", "ko") else _SHORTEST)
    if not lists:
        return None
    entries = pool.pick(lists)
    places = pool.rng.sample(range(len(entries)), min(len(said), len(entries) - 1))
    for text, place in zip(said, sorted(places), strict=False):
        entry, link, href = entries[place]
        path = f"{urlsplit(href).path.rpartition('/')[0]}/{pool.pick(('', '?p=', 'post-'))}{pool.rng.randint(10, 99_999)}"
        new = entry.replace(f">{link}<", f">{escape(text)}<").replace(f'"{link}"', '""')
        new = new.replace(f'"{escape(href)}"', f'"{escape(urljoin(host or href, path))}"')
        html = html.replace(entry, new if pool.chance(0.5) else entry + new, 1)
    return html


def _lists(html: str, shortest: int) -> list[list[tuple[str, str, str]]]:
    """Lists of links as (markup of an entry, markup of its link's text, address), the markup as it stands in `html`."""
    from selectolax.lexbor import LexborHTMLParser

    found: dict[int, list[tuple[str, str, str]]] = {}
    for anchor in LexborHTMLParser(html).css("li > a[href], li > * > a[href], article a[href], td > a[href]"):
        entry, href, text = anchor.parent, anchor.attributes.get("href") or "", anchor.text(strip=True)
        while entry is not None and entry.tag not in ("li", "article", "td"):
            entry = entry.parent
        if (
            entry is None or entry.parent is None or not shortest <= len(text) <= _LONGEST or "[" in href
        ):  # urllib takes it for a broken IPv6 host
            continue
        markup, whole = entry.html or "", anchor.html or ""
        link = whole[whole.find(">") + 1 : whole.rfind("<")]
        if "<" in link or len(entry.text(strip=True)) > len(text) + _BESIDE or f">{link}<" not in markup or markup not in html:
            continue
        found.setdefault(entry.parent.mem_id, []).append((markup, link, href))
    return [entries for entries in found.values() if len(entries) >= _FEWEST]
