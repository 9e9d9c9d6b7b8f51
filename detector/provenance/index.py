"""An index of originals: MinHash bands in SQLite, in which the nearest original of a text is found.

SQLite is in the standard library, needs no server, can be added to, and holds nothing that executes. A text and an original that share
70 % of their shingles meet in a band with probability .99, that share half with .64 (16 bands of 4).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from detector.errors import OutputError, UsageError
from detector.page.address import read_address
from detector.page.page import Page
from detector.provenance.article import Article, article_of
from detector.provenance.overlap import compare
from detector.provenance.shingles import PERMUTATIONS, sketch
from detector.sources.item import reason

_FILE = "originals.sqlite"
_FORMAT = "1"
_BANDS = 16
# Characters of an original that are kept, to show what a copy changed.
_KEPT = 20_000
# Candidates that are compared word by word.
_COMPARED = 5
_TRANSACTION = 500
_TABLES = ("about", "originals", "bands")
_SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE originals (number INTEGER PRIMARY KEY, id TEXT, url TEXT, date TEXT, digest BLOB UNIQUE, signature BLOB, text BLOB);
CREATE TABLE bands (band INTEGER, number INTEGER, PRIMARY KEY (band, number)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest original of a page.

    Attributes:
        id, url, date: of the original; date as its page gives it, None if it gives none.
        similarity: estimated Jaccard similarity of the two texts' shingles, 0 to 1.
        overlap: share of the page's words that stand in runs of the original's, 0 to 1.
        spans: what was put in or changed, in the page's own words.
        runs: what was taken, (start, end) in the text of the page's article.
    """

    id: str
    url: str | None
    date: str | None
    similarity: float
    overlap: float
    spans: tuple[str, ...]
    runs: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "url": self.url,
            "date": self.date,
            "similarity": round(self.similarity, 4),
            "overlap": round(self.overlap, 4),
            "changed": list(self.spans),
        }


class OriginalsIndex:
    """The index in a folder: to be added to with `create`, else only read, and then sent to other processes, which open it again.

    Raises:
        UsageError: on opening, where there is none, one that holds nothing, or one that another version or another program made.
        OutputError: on opening, where it is damaged, cannot be made, or cannot be opened now.
    """

    def __init__(self, folder: Path, create: bool = False) -> None:
        self._folder, self._create = folder, create
        path = folder / _FILE
        if not create and not path.is_file():
            raise UsageError(f"{folder}: holds no index of originals; make one with detector index build SOURCE -o {folder}")
        self._made = create and not folder.exists()
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(f"{path.absolute().as_uri()}?mode={'rwc' if create else 'ro'}", uri=True)
            self._begin(path)
        except OSError as error:
            raise OutputError(f"{folder}: cannot be made ({reason(error)}); give another folder") from error
        except sqlite3.OperationalError as error:
            # No fault of the file's: the place is write-protected or full, or somebody else writes.
            what = "write" if create else "read"
            raise OutputError(
                f"{folder}: the index cannot be opened ({error}); see that you may {what} there and that no other build is under way"
            ) from error
        except sqlite3.Error as error:
            raise OutputError(f"{folder}: cannot be used as an index ({error}); build it anew in another folder") from error

    def __reduce__(self) -> tuple[Any, ...]:
        return OriginalsIndex, (self._folder, self._create)

    def _begin(self, path: Path) -> None:
        names = {name for (name,) in self._base.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if self._create:
            self._base.execute("PRAGMA journal_mode=WAL")
            if not names:
                with self._base:
                    self._base.executescript(_SCHEMA)
                    self._base.execute("INSERT INTO about VALUES ('format', ?)", (_FORMAT,))
                names = {*_TABLES}
        if not names.issuperset(_TABLES):
            raise UsageError(f"{path}: is a database of another program, no index of originals")
        found = self._base.execute("SELECT value FROM about WHERE name='format'").fetchone()
        if found != (_FORMAT,):
            raise UsageError(f"{path}: is an index of another version; build it anew in another folder")
        if not self._create and self._is_empty():
            # It would answer every query as if it knew.
            raise UsageError(
                f"{self._folder}: the index holds no original yet; add some with detector index build SOURCE -o {self._folder}"
            )

    def _is_empty(self) -> bool:
        return not self._base.execute("SELECT EXISTS (SELECT 1 FROM bands)").fetchone()[0]

    def close(self) -> None:
        """Of an index that nothing was added to no file is left."""
        empty = False
        if self._create:
            with suppress(sqlite3.Error):
                # What was not committed is not kept, and does not count.
                self._base.rollback()
                # One plain file, which many processes may read from a disk that is not written to; refused while another has it open, and
                # that may be a build that has not committed yet.
                self._base.execute("PRAGMA journal_mode=DELETE")
                empty = self._is_empty()
        self._base.close()
        if empty:
            self._remove()

    def _remove(self) -> None:
        (self._folder / _FILE).unlink(missing_ok=True)
        if self._made:
            with suppress(OSError):
                self._folder.rmdir()

    def __enter__(self) -> OriginalsIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._base.execute("SELECT count(*) FROM originals").fetchone()[0])

    def add(self, pages: Iterable[Page]) -> tuple[int, int]:
        """(originals added, pages passed over: known already, or without an article). A run that is cut off keeps what it committed.

        Raises:
            OutputError: the index cannot be written any more.
        """
        added = passed = 0
        try:
            for page in pages:
                article = article_of(page)
                if article is None or not self._insert(page, article):
                    passed += 1
                    continue
                added += 1
                if added % _TRANSACTION == 0:
                    self._base.commit()
            self._base.commit()
        except sqlite3.Error as error:
            raise OutputError(f"the index cannot be written any more ({error})") from error
        return added, passed

    def _insert(self, page: Page, article: Article) -> bool:
        import zstandard

        signature = _signature(article.text)
        digest = hashlib.blake2b("\0".join((page.url or page.id, article.text)).encode("utf-8", "replace"), digest_size=16).digest()
        text = zstandard.compress(article.text[:_KEPT].encode("utf-8", "replace"), 9)
        cursor = self._base.execute(
            "INSERT OR IGNORE INTO originals (id, url, date, digest, signature, text) VALUES (?, ?, ?, ?, ?, ?)",
            (_sound(page.id), _sound(page.url), article.date, digest, signature.tobytes(), text),
        )
        if not cursor.rowcount:
            return False
        self._base.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, cursor.lastrowid) for band in _bands(signature)])
        return True

    def nearest(self, page: Page, least: float = 0.5) -> Match | None:
        """The original that shares most with the page; of equals the one that is dated first. None if none shares `least` of its words.

        A page is never its own original: the same address, or without one the same id, is passed over.

        Raises:
            UsageError: the index is damaged.
        """
        article = article_of(page)
        return None if article is None else self.nearest_of(article, page, least)

    def nearest_of(self, article: Article, page: Page, least: float) -> Match | None:
        """As `nearest`, of a page whose article was read already."""
        return self._first(article, least, lambda id, url: page.url == url if page.url and url else page.id == id)

    def nearest_elsewhere(self, article: Article, domain: str, least: float) -> Match | None:
        """As `nearest`, of the originals whose address is known and has another registrable domain.

        Raises:
            UsageError: the index is damaged.
        """
        return self._first(article, least, lambda _, url: read_address(url).domain in ("", domain))

    def _first(self, article: Article, least: float, passed_over: Callable[[str, str | None], bool]) -> Match | None:
        import zstandard

        try:
            matches = sorted(
                self._matches(article, passed_over), key=lambda match: (-round(match.overlap, 2), match.date or "9999", match.id)
            )
        except (sqlite3.Error, zstandard.ZstdError, TypeError, ValueError) as error:
            raise UsageError(f"{self._folder}: the index is damaged ({error}); build it anew in another folder") from error
        return matches[0] if matches and matches[0].overlap >= least else None

    def _matches(self, article: Article, passed_over: Callable[[str, str | None], bool]) -> Iterator[Match]:
        import zstandard

        signature = _signature(article.text)
        bands = _bands(signature)
        marks = ",".join("?" * len(bands))
        query = f"SELECT DISTINCT number FROM bands WHERE band IN ({marks}) LIMIT 1000"
        near: list[tuple[float, int]] = []
        with closing(self._base.execute(query, bands)) as found:
            for (number,) in found.fetchall():
                (theirs,) = self._base.execute("SELECT signature FROM originals WHERE number=?", (number,)).fetchone()
                near.append((float((np.frombuffer(theirs, dtype="<u4") == signature).mean()), number))
        compared = 0
        for similarity, number in sorted(near, key=lambda pair: (-pair[0], pair[1])):
            row = self._base.execute("SELECT id, url, date, text FROM originals WHERE number=?", (number,)).fetchone()
            id, url, date, packed = row
            if passed_over(id, url):
                continue
            overlap = compare(article.text, zstandard.decompress(packed, max_output_size=4 * _KEPT).decode())
            spans = tuple(article.text[start:end] for start, end in overlap.spans)
            yield Match(id, url, date, similarity, overlap.share, spans, overlap.runs)
            compared += 1
            if compared == _COMPARED:
                return


def _signature(text: str) -> np.ndarray:
    """`PERMUTATIONS` hashes of 32 bits, little-endian."""
    return np.asarray(sketch(text, step=1).hashvalues).astype("<u4")


def _bands(signature: np.ndarray) -> list[int]:
    """A signed 64-bit number a band, as SQLite's integers are."""
    rows = signature.reshape(_BANDS, PERMUTATIONS // _BANDS)
    return [
        int.from_bytes(hashlib.blake2b(bytes([band]) + row.tobytes(), digest_size=8).digest(), "big", signed=True)
        for band, row in enumerate(rows)
    ]


def _sound(text: str | None) -> str | None:
    """SQLite takes no lone surrogates: names that are not UTF-8 keep their odd bytes as escapes."""
    return None if text is None else text.encode("utf-8", "backslashreplace").decode()
