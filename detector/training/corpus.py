"""Real pages: reading the corpus, grouping rows that must not be split, folds by group."""

from __future__ import annotations

import base64
import hashlib
import json
import lzma
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detector.errors import CorpusError
from detector.page.address import domain_of

FOLDS = 5
ENVIRONMENT = "DETECTOR_CORPUS"


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """A row of the corpus. `group` is what must stay on one side of a split: registrable domain, family, or repository."""

    id: str
    body: str | bytes
    is_text: bool
    url: str | None
    host: str | None
    language: str
    kind: str
    label: str
    group: str
    family: str
    fold: int


def locate(given: str | Path | None) -> Path | None:
    """The corpus folder from the argument, else from $DETECTOR_CORPUS, else None."""
    folder = given or os.environ.get(ENVIRONMENT)
    return Path(folder) if folder else None


def require(given: str | Path | None) -> Path:
    """As `locate`, but a missing corpus is an error.

    Raises:
        CorpusError: no corpus was named, or the folder holds none.
    """
    folder = locate(given)
    if folder is None:
        raise CorpusError(f"no corpus: give --corpus DIR or set ${ENVIRONMENT}")
    if not (folder / "clean").is_dir():
        raise CorpusError(f"{folder}: holds no `clean/` folder, so it is no corpus; see datasets/README.md for its layout")
    return folder


def clean_pages(folder: Path) -> Iterator[CorpusPage]:
    """The presumably clean pages, in the order of the files, less those that the review file relabels."""
    for path in sorted((folder / "clean").glob("pages-*.jsonl.xz")):
        for row in rows(path):
            yield _page(row)


def farm_pages(folder: Path) -> Iterator[CorpusPage]:
    """The real farm pages. They are for testing: nothing trains on them."""
    for row in rows(folder / "farm" / "pages.jsonl.xz"):
        yield _page(row)


def fold_of(group: str) -> int:
    """0 to FOLDS - 1 by digest, the same on every machine."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") % FOLDS


def digest(folder: Path) -> str:
    """Digest of the corpus's own SHA256SUMS: names the data a figure was measured on."""
    try:
        return hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()
    except OSError as error:
        raise CorpusError(f"{folder}/SHA256SUMS: cannot be read ({error.strerror}); the corpus is not complete") from error


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of the corpus, as its card describes them.

    Raises:
        CorpusError: it cannot be read.
    """
    try:
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
    except (OSError, lzma.LZMAError, ValueError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); check it against SHA256SUMS") from error


def body_of(row: dict[str, Any]) -> str | bytes:
    """What the page is: text, or bytes where it was not UTF-8."""
    return base64.b64decode(row["html_b64"]) if "html_b64" in row else row.get("html") or row.get("text") or ""


def _page(row: dict[str, Any]) -> CorpusPage:
    host = row.get("host")
    url = row.get("url")
    group = row.get("family") or (domain_of(host) if host else f"{row.get('repo')}:{row.get('path', '').rsplit('/', 1)[0]}")
    if row.get("host_inferred"):
        # Guessed from the page's links: one of three guesses is an image server, an advertiser or a page that is linked to, and an honest page
        # at a foreign address would teach that addresses say nothing. The guess still keeps a host's pages on one side of a split.
        host = url = None
    if url is None and host:
        url = f"http://{host}/"
    return CorpusPage(
        row["id"],
        body_of(row),
        "text" in row,
        url,
        host,
        row.get("lang") or "",
        row.get("kind") or "",
        row.get("label") or "clean",
        group,
        row.get("family") or "",
        fold_of(group),
    )
