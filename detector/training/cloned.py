"""A recipe for clones: an institution's own page with a betting brand where its name stood."""

from __future__ import annotations

import random
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from detector.training.content import Shell, fill
from detector.training.damage import betting_brands, replaced
from detector.training.pool import Pool, Sample
from detector.training.render import random_domain
from detector.training.sites import sample

_SEPARATORS = re.compile(r"[|_–—·»]|\s-\s")
# A name stands on the page at least so often besides the title, or it names nobody there.
_MENTIONS = 2
_NAME = (3, 60)
_KINDS = frozenset(("org", "home", "product", "docs", "news"))


def brand_clone(pool: Pool, templates: Path) -> Sample | None:
    """An institution's page, everything left as it was but its name: brand for name, company for school, at a host of nobody."""
    rng = pool.rng
    tongue = pool.pick(("zh", "zh", ""))
    shells = [shell for shell in pool.shells if shell.kind in _KINDS and shell.language.startswith(tongue)]
    shell = pool.pick(shells or pool.shells)
    name = _name_of(shell)
    if name is None:
        return None
    passage = pool.passage(pool.pick(("zh", "zh", shell.language, None)))
    known = betting_brands() if tongue == "zh" else (passage.brand,)
    brand, keyword = pool.pick((passage.brand, passage.owner, pool.pick(known))), pool.pick((*passage.anchors, passage.owner))
    own = shell.own_title.replace(name, brand)
    title = pool.pick((own, own, f"{own}-{keyword}", f"{keyword}·({brand})", f"{brand}{pool.pick((' - ', '_', '|'))}{keyword}"))
    html = fill(shell, shell.own_html, title).replace(name, brand)
    if pool.chance(0.5):
        html = replaced(rng, html, shell.language)
    if pool.chance(0.4):
        cut = html.find(">", html.find("<body")) + 1
        html = f"{html[:cut]}<{(tag := pool.pick(('h1', 'h2', 'div', 'p')))}>{escape(keyword)}</{tag}>{html[cut:]}"
    return sample(
        pool, "brand-clone", "scraped", html, _moved(rng, shell, brand), shell.language, (brand, keyword, title), shell=shell.page_id, kind=passage.kind
    )  # fmt: skip


def _name_of(shell: Shell) -> str | None:
    """The part of the title that the page says most often besides: who it is."""
    pieces = [piece.strip() for piece in _SEPARATORS.split(shell.own_title) if _NAME[0] <= len(piece.strip()) <= _NAME[1]]
    page = shell.html + shell.own_html
    said = [(page.count(piece), piece) for piece in pieces[-2:]]
    number, name = max(said, default=(0, ""))
    return name if number >= _MENTIONS else None


def _moved(rng: random.Random, shell: Shell, brand: str) -> str:
    """The page's own path at another host, as mirrors keep it."""
    letters = "".join(character for character in brand.lower() if character.isascii() and character.isalnum())
    domain = f"{letters[:16]}{rng.choice(('', '-cn', '365', 'app'))}.com" if len(letters) > 3 and rng.random() < 0.3 else random_domain(rng)
    parts = urlsplit(shell.url or "")
    path = parts.path if len(parts.path) > 1 else f"/info/{rng.randint(1000, 1999)}/{rng.randint(1000, 9999)}.htm"
    return f"http://{rng.choice(('www.', 'm.', ''))}{domain}{path}{'?' + parts.query if parts.query else ''}"
