"""Addresses of composed pages: throwaway hosts, hosts named for what they push, and paths that keep their source's pattern."""

from __future__ import annotations

import random
import re
from urllib.parse import urlsplit

_ENDINGS = ("com", "net", "top", "xyz", "icu", "vip", "cc", "shop", "site", "online", "club", "info", "live", "ltd", "cfd")
_PUSHED = {
    "casino": ("slot", "spin", "jackpot", "maxwin", "reel", "lucky"),
    "betting": ("bet", "odds", "goal", "parlay", "tips", "stake"),
    "lottery": ("lotto", "draw", "togel", "number"),
    "adult": ("hot", "cam", "night", "tube"),
    "escort": ("vip", "model", "night", "lady"),
    "pharmacy": ("meds", "pill", "rx", "pharm"),
    "loans": ("loan", "cash", "credit", "fast"),
    "accounts": ("acc", "pva", "shopid", "store"),
    "replica": ("luxe", "watch", "rep", "bags"),
    "essay": ("essay", "paper", "write"),
    "streaming": ("live", "stream", "hd", "tv"),
    "crypto": ("coin", "btc", "earn", "chain"),
    "seo": ("rank", "link", "seo", "boost"),
}
_WORDS = (
    "north",
    "blue",
    "river",
    "star",
    "prime",
    "daily",
    "city",
    "green",
    "gold",
    "open",
    "smart",
    "world",
    "max",
    "asia",
    "euro",
    "home",
)
_HONEST_PATHS = ("/news/{n}.html", "/blog/{slug}", "/article/{n}", "/{slug}/", "/{year}/{month:02d}/{slug}.html", "/index.php?id={n}")
_FARM_PATHS = (
    "/{n}.html",
    "/show-{n}.html",
    "/a/{year}{month:02d}/{n}.html",
    "/post/{slug}-{n}",
    "/?p={n}",
    "/{slug}.php",
    "/xinwen/{n}.htm",
    "/wp-content/{slug}/",
    "/tag/{slug}",
)


def throwaway(rng: random.Random) -> str:
    """A host that means nothing: letters, letters and digits, digits, or two words glued together."""
    form = rng.randrange(4)
    letters = "abcdefghijklmnopqrstuvwxyz"
    if form == 0:
        name = "".join(rng.choice(letters) for _ in range(rng.randint(5, 11)))
    elif form == 1:
        name = "".join(rng.choice(letters) for _ in range(rng.randint(2, 5))) + str(rng.randint(10, 99999))
    elif form == 2:
        name = str(rng.randint(1000, 9999999))
    else:
        name = rng.choice(_WORDS) + rng.choice(_WORDS) + (str(rng.randint(1, 365)) if rng.random() < 0.3 else "")
    return f"{rng.choice(('', 'www.', 'm.', ''))}{name}.{rng.choice(_ENDINGS)}"


def pushed(rng: random.Random, kind: str) -> str:
    """A host named for what it pushes."""
    words = _PUSHED.get(kind, ("best", "deal", "online", "promo"))
    name = (
        rng.choice((*words, rng.choice(_WORDS))) + rng.choice(words) + rng.choice(("", str(rng.randint(2, 9999)), "-" + rng.choice(_WORDS)))
    )
    return f"{rng.choice(('', 'www.'))}{name}.{rng.choice(_ENDINGS)}"


def slug(text: str, rng: random.Random) -> str:
    """The Latin words of a title, hyphenated; a number where it has none."""
    words = re.findall(r"[a-z0-9]+", text.lower())[:9]
    return "-".join(words) if sum(map(len, words)) >= 6 else str(rng.randint(10_000, 9_999_999))


def farm_path(rng: random.Random, title: str) -> str:
    return _path(rng, title, _FARM_PATHS)


def honest_path(rng: random.Random, title: str) -> str:
    return _path(rng, title, _HONEST_PATHS)


def moved(url: str | None, host: str, rng: random.Random, title: str) -> str:
    """The path and query of `url` on another host: what a mirror keeps. A farm's own path where the source has none."""
    parts = urlsplit(url or "")
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"https://{host}{path if len(path) > 3 else farm_path(rng, title)}"


def beside(url: str | None, host: str, rng: random.Random, title: str) -> str:
    """Another page in the folder of `url`, or somewhere on its host."""
    folder = urlsplit(url or "").path.rpartition("/")[0]
    if folder and rng.random() < 0.5:
        return f"https://{host}{folder}/{slug(title, rng)}"
    return f"https://{host}{honest_path(rng, title)}"


def _path(rng: random.Random, title: str, forms: tuple[str, ...]) -> str:
    values = {"n": rng.randint(100, 9_999_999), "slug": slug(title, rng), "year": rng.randint(2015, 2026), "month": rng.randint(1, 12)}
    return rng.choice(forms).format(**values)
