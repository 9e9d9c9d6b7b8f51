"""Words of page furniture by language, from `phrases.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Phrases:
    """`menu` is a newspaper's; each of `credit` has a `{site}`."""

    previous: str
    next: str
    source: str
    advert: str
    comments: str
    menu: tuple[str, ...]
    credit: tuple[str, ...]


@cache
def _table() -> dict[str, Phrases]:
    data = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
    return {language: Phrases(**{**row, "menu": tuple(row["menu"]), "credit": tuple(row["credit"])}) for language, row in data.items()}


def phrases(language: str) -> Phrases:
    """The furniture of a language, English where it is unknown."""
    table = _table()
    return table.get(language[:2], table["en"])


def known(language: str) -> bool:
    return language[:2] in _table()


def languages() -> list[str]:
    return sorted(_table())
