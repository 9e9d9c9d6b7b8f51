"""The second bank: passages, identities and templates written for validation, read from TOML and Jinja2 files."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from detector.errors import CorpusError


@dataclass(frozen=True, slots=True)
class Passage:
    """A spam text as it stands on a page. `kind` says what it sells; `anchors` are link texts, `keywords` what a tag cloud repeats."""

    id: str
    kind: str
    language: str
    title: str
    paragraphs: tuple[str, ...]
    anchors: tuple[str, ...]
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a page says it belongs to."""

    id: str
    language: str
    trade: str
    town: str
    brand: str
    domain: str
    nav: tuple[str, ...]
    footer: str
    copyright: str
    contact: str
    tagline: str
    about: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Honest:
    """An honest page that looks suspicious (a regulator, a licensed casino, a help line), with its owner."""

    page: Passage
    owner: Identity


@dataclass(frozen=True, slots=True)
class SecondBank:
    """What the project wrote for validation. `templates` maps a template's name to its source."""

    passages: tuple[Passage, ...]
    identities: tuple[Identity, ...]
    honest: tuple[Honest, ...]
    templates: dict[str, str]

    def passages_of(self, language: str | None, *kinds: str) -> list[Passage]:
        """Passages of these kinds (none given: of all), in the language where there are any."""
        found = [p for p in self.passages if not kinds or p.kind in kinds] or list(self.passages)
        return [p for p in found if language and p.language[:2] == language[:2]] or found

    def identities_of(self, language: str | None) -> list[Identity]:
        """Identities of the language; all of them where there are none."""
        return [i for i in self.identities if language and i.language[:2] == language[:2]] or list(self.identities)


def load(folder: Path) -> SecondBank:
    """Read `passages/`, `identities/`, `honest/` and `templates/` below `folder`, as its README describes them.

    Raises:
        CorpusError: the folder holds no bank, a file is not as described, or an id stands twice.
    """
    passages = tuple(_passage(path, row) for path, row in _entries(folder / "passages"))
    identities = tuple(_identity(path, row) for path, row in _entries(folder / "identities"))
    honest = tuple(
        Honest(_passage(path, row), _identity(path, {**row, **row.get("identity", {})})) for path, row in _entries(folder / "honest")
    )
    templates = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "templates").glob("*.html.j2"))}
    if not passages or not identities or not templates:
        raise CorpusError(f"{folder}: lacks passages, identities or templates; give the folder `datasets/second` of a checkout")
    ids = [passage.id for passage in passages] + [identity.id for identity in identities]
    twice = [name for name, count in Counter(ids).items() if count > 1]
    if twice:
        raise CorpusError(f"{folder}: the id {twice[0]} stands twice")
    return SecondBank(passages, identities, honest, templates)


def digest_of(entry: Passage | Identity) -> str:
    """Digest of what an entry says, its id left out."""
    said = {key: value for key, value in asdict(entry).items() if key != "id"}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _entries(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    found = []
    for path in sorted(folder.rglob("*.toml")):
        try:
            found.append((path, tomllib.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            raise CorpusError(f"{path}: cannot be read ({error})") from error
    return found


def _passage(path: Path, row: dict[str, Any]) -> Passage:
    try:
        return Passage(
            row["id"],
            row["kind"],
            row["language"],
            _line(row["title"]),
            _lines(row["paragraphs"]),
            _lines(row.get("anchors", ())),
            _lines(row.get("keywords", ())),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{path}: is no passage as datasets/second/README.md describes it ({error})") from error


def _identity(path: Path, row: dict[str, Any]) -> Identity:
    try:
        return Identity(
            id=row["id"],
            language=row["language"],
            trade=_line(row["trade"]),
            town=_line(row["town"]),
            brand=_line(row["brand"]),
            domain=_line(row["domain"]),
            nav=_lines(row["nav"]),
            footer=_line(row["footer"]),
            copyright=_line(row["copyright"]),
            contact=_line(row["contact"]),
            tagline=_line(row["tagline"]),
            about=_lines(row["about"]),
            products=_lines(row["products"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"{path}: is no identity as datasets/second/README.md describes it ({error})") from error


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(texts: Any) -> tuple[str, ...]:
    return tuple(_line(text) for text in texts if text.strip())
