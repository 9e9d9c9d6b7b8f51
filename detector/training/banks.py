"""The project's own writing, read from `datasets/`: spam passages and honest host identities."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Passage:
    """A spam text as spammers would put it on a page."""

    language: str
    kind: str
    style: str
    title: str
    text: str
    anchors: tuple[str, ...]
    owner: str
    brand: str


@dataclass(frozen=True, slots=True)
class Identity:
    """An honest host: who it is, what its menus say, what it writes about."""

    language: str
    trade: str
    topic: str
    name: str
    domain: str
    town: str
    tagline: str
    nav: tuple[str, ...]
    products: tuple[str, ...]
    headlines: tuple[str, ...]
    about: str
    article: str
    footer: str
    contact: str

    @property
    def is_press(self) -> bool:
        trade = self.trade.lower()
        return any(word in trade for word in ("newspaper", "news", "radio", "magazine", "journal", "broadcaster", "gazette"))


@dataclass(frozen=True, slots=True)
class Hard(Identity):
    """An honest host that looks suspicious: a regulator, a help line, a licensed operator, a bilingual house, a forum with drive-by posts."""

    case: str
    article_language: str
    spam_posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bank:
    passages: tuple[Passage, ...]
    identities: tuple[Identity, ...]
    hard: tuple[Hard, ...] = ()


def load(folder: Path) -> Bank:
    """Read `passages/*.jsonl`, `identities/*.jsonl` and `hard/*.jsonl` below `folder`.

    Raises:
        CorpusError: the folder or a line is not as described in its card.
    """
    passages = [Passage(language=language, **_only(row, Passage)) for language, row in _rows(folder / "passages")]
    identities = [Identity(language=language, **_only(row, Identity)) for language, row in _rows(folder / "identities")]
    if not passages or not identities:
        raise CorpusError(f"{folder}: holds no passages or identities; give the folder `datasets/banks` of a checkout")
    hard = [Hard(language=language, **_only(row, Hard)) for language, row in _rows(folder / "hard")]
    return Bank(tuple(passages), tuple(identities), tuple(hard))


def glosses(folder: Path) -> list[tuple[str, str]]:
    """(term, its meaning in English) from `glosses/LANG.tsv` below `folder`, in order: English, a tab, the terms between commas.

    Raises:
        CorpusError: a line is not so.
    """
    found = []
    for path in sorted((folder / "glosses").glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            english, tab, terms = line.partition("\t")
            if not (english and tab and terms.strip()):
                raise CorpusError(f"{path}:{number}: is not `English<TAB>term, term`")
            found += [(term.strip(), english) for term in terms.split(",") if term.strip()]
    return found


def _rows(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                found.append((path.stem, json.loads(line)))
            except ValueError as error:
                raise CorpusError(f"{path}:{number}: is not JSON ({error})") from error
    return found


def _only(row: dict[str, Any], kind: type) -> dict[str, Any]:
    names = [name for name in kind.__dataclass_fields__ if name != "language"]  # type: ignore[attr-defined]
    return {name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in names}
