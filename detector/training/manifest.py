"""A corpus by reference: where each page stands, and how its bytes are known again.

`python -m detector.training.manifest --corpus DIR -o datasets/corpus/manifest.tsv.gz` writes the one in this repository. It holds facts
(places, digests, addresses, labels) and no text of a page.
"""

from __future__ import annotations

import argparse
import base64
import csv
import gzip
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from detector.errors import CorpusError
from detector.training import corpus

SOURCES = "MANIFEST.tsv"
# As databases write it into text.
NULL = "\\N"
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,99}/[\w.-]{1,100}", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"(?:clean/pages-\d{1,6}|farm/pages)\.jsonl\.xz")


@dataclass(frozen=True, slots=True)
class Entry:
    """A page. Empty: not known.

    Attributes:
        file: where its row stands in the corpus.
        id, sha256: of the page's bytes; the id is the first 16 digits.
        repository: `owner/name`.
        path: of the file that holds the page, or `PATH::N` for row N (from 0) of a .jsonl file there.
        form: `html` or `text`.
        url: `\\N` where it is not known and the host stands for it; empty where the page is looked at without an address.
        host_inferred: `1` where the host is a guess from the page's links.
    """

    file: str
    id: str
    sha256: str
    repository: str
    commit: str
    path: str
    licence: str
    form: str
    url: str
    host: str
    host_inferred: str
    lang: str
    kind: str
    label: str
    family: str

    def row(self, body: bytes) -> dict[str, Any]:
        """The corpus row of a page of these bytes, as `corpus` reads it."""
        row: dict[str, Any] = {"id": self.id, "repo": self.repository, "commit": self.commit, "path": self.path}
        row |= {
            "url": None if self.url == NULL else self.url,
            "host": self.host or None,
            "lang": self.lang,
            "kind": self.kind,
            "label": self.label,
        }
        if self.host_inferred:
            row["host_inferred"] = True
        if self.family:
            row["family"] = self.family
        try:
            row[self.form] = body.decode()
        except UnicodeDecodeError:
            row["html_b64"] = base64.b64encode(body).decode()
        return row


COLUMNS = tuple(field.name for field in fields(Entry))


def read(path: Path) -> list[Entry]:
    """The entries of a manifest, in the order of the corpus.

    Raises:
        CorpusError: it cannot be read, or a line names no place that can be fetched.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            lines = csv.reader(stream, delimiter="\t")
            if tuple(next(lines, ())) != COLUMNS:
                raise CorpusError(f"{path}: is no manifest of a corpus (its first line names other columns)")
            return [_entry(path, number, values) for number, values in enumerate(lines, 2)]
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(f"{path}: cannot be read as a manifest ({error})") from error


def _entry(path: Path, number: int, values: list[str]) -> Entry:
    if len(values) != len(COLUMNS):
        raise CorpusError(f"{path}:{number}: has {len(values)} columns, not {len(COLUMNS)}")
    entry = Entry(*values)
    # These become arguments of git and names of files.
    for pattern, value in ((_FILE, entry.file), (_SHA256, entry.sha256), (_REPOSITORY, entry.repository), (_COMMIT, entry.commit)):
        if not pattern.fullmatch(value):
            raise CorpusError(f"{path}:{number}: {value!r} is not what stands there in a manifest")
    if entry.form not in ("html", "text"):
        raise CorpusError(f"{path}:{number}: form {entry.form!r} is neither html nor text")
    return entry


def write(path: Path, entries: list[Entry]) -> None:
    """Entries as .tsv.gz; the same entries give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(astuple, entries))
    path.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))


def of_corpus(folder: Path) -> Iterator[Entry]:
    """The entries of a corpus, with the licences that its own table of sources names.

    Raises:
        CorpusError: the corpus is not complete.
    """
    licences = _licences(folder / SOURCES)
    for path in [*sorted((folder / "clean").glob("pages-*.jsonl.xz")), folder / "farm" / "pages.jsonl.xz"]:
        for row in corpus.rows(path):
            body = corpus.body_of(row)
            yield Entry(
                file=path.relative_to(folder).as_posix(),
                id=row["id"],
                sha256=hashlib.sha256(body if isinstance(body, bytes) else body.encode()).hexdigest(),
                repository=row["repo"],
                commit=row["commit"],
                path=row["path"],
                licence=licences.get(row["repo"], ""),
                form="text" if "text" in row else "html",
                url=NULL if row.get("url") is None else row["url"],
                host_inferred="1" if row.get("host_inferred") else "",
                **{name: row.get(name) or "" for name in ("host", "lang", "kind", "label", "family")},
            )


def _licences(path: Path) -> dict[str, str]:
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            return {row["repository"]: row["licence"] for row in csv.DictReader(stream, delimiter="\t")}
    except (OSError, KeyError) as error:
        raise CorpusError(f"{path}: cannot be read as the sources of a corpus ({error})") from error


def write_sources(path: Path, entries: list[Entry]) -> None:
    """Repository, commit, licence and number of pages of each source."""
    counts = Counter((entry.repository, entry.commit, entry.licence) for entry in entries)
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, delimiter="\t", lineterminator="\n")
        lines.writerow(("repository", "commit", "licence", "pages"))
        lines.writerows((*source, count) for source, count in counts.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus")
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    entries = list(of_corpus(corpus.require(arguments.corpus)))
    write(arguments.output, entries)
    print(f"{len(entries):,} pages of {len({entry.repository for entry in entries}):,} repositories")


if __name__ == "__main__":
    main()
