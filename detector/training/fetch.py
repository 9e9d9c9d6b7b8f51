"""A corpus out of its manifest: every page fetched from where it was found, and known by its digest."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import lzma
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from detector.errors import CorpusError, InputError, OutputError
from detector.training import corpus
from detector.training.gitfiles import read_files
from detector.training.manifest import SOURCES, Entry, write_sources
from detector.training.progress import Progress

# Beside the corpus while it is being fetched: a run that is cut off goes on behind the pages that are there.
_KEPT = ".fetched"
_SUMS, MISSING = "SHA256SUMS", "MISSING.tsv"
# The level of xz: a fifth larger than at its best, in a fraction of the time.
_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Missing:
    """A page that is not in the corpus, and why."""

    entry: Entry
    why: str


def fetch(entries: list[Entry], output: Path, base: str, progress: Progress) -> list[Missing]:
    """Write the corpus into the folder `output`; what it holds already is kept. Returns what could not be had, the rest is there.

    Args:
        base: the address that `/owner/name` is put behind.

    Raises:
        OutputError: the folder cannot be written.
        UsageError: there is no git.
    """
    try:
        kept = output / _KEPT
        kept.mkdir(parents=True, exist_ok=True)
        _keep_what_is_there(entries, output, kept)
        wanted = [entry for entry in entries if not (kept / entry.sha256).exists()]
        missing = list(_fetched(wanted, base, kept, progress))
        progress.say(f"writing {len(entries) - len(missing):,} pages")
        lost = {id(one.entry) for one in missing}
        _write([entry for entry in entries if id(entry) not in lost], output, kept)
        _tell_missing(missing, output / MISSING)
        shutil.rmtree(kept)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written ({error.strerror or error}); give another -o") from error
    return missing


def _keep_what_is_there(entries: list[Entry], output: Path, kept: Path) -> None:
    for name in sorted({entry.file for entry in entries}):
        # What cannot be read is fetched again.
        with suppress(CorpusError):
            for row in corpus.rows(output / name):
                body = corpus.body_of(row)
                _keep(body if isinstance(body, bytes) else body.encode(), kept)


def _keep(body: bytes, kept: Path) -> None:
    place = kept / hashlib.sha256(body).hexdigest()
    if not place.exists():
        half = place.with_suffix(".half")
        half.write_bytes(body)
        half.replace(place)


def _fetched(entries: list[Entry], base: str, kept: Path, progress: Progress) -> Iterator[Missing]:
    """Fetches into `kept`, one repository after the other, and yields what could not be had."""
    places = [(key, list(group)) for key, group in groupby(sorted(entries, key=_place), _place)]
    steps = progress.track(places, f"fetching {len(entries):,} pages of {len(places):,} repositories", len(places))
    for (repository, commit), group in steps:
        of_path: dict[str, list[Entry]] = {}
        for entry in group:
            of_path.setdefault(entry.path.partition("::")[0], []).append(entry)
        try:
            with tempfile.TemporaryDirectory(dir=kept) as folder:
                for path, content in read_files(f"{base.rstrip('/')}/{repository}", commit, list(of_path), Path(folder)):
                    for entry in of_path.pop(path):
                        why = _kept(entry, content, kept)
                        if why is not None:
                            yield Missing(entry, why)
        except InputError as error:
            yield from (Missing(entry, f"cannot be fetched ({error})") for rest in of_path.values() for entry in rest)


def _file(entry: Entry) -> str:
    return entry.file


def _place(entry: Entry) -> tuple[str, str]:
    return entry.repository, entry.commit


def _kept(entry: Entry, content: bytes | None, kept: Path) -> str | None:
    """None if the page is in the file, else why not."""
    if content is None:
        return "the commit holds no such file"
    for body in _readings(entry, content):
        if hashlib.sha256(body).hexdigest() == entry.sha256:
            _keep(body, kept)
            return None
    return "the file holds other bytes than the page"


def _readings(entry: Entry, content: bytes) -> Iterator[bytes]:
    """What a file may hold: the page, the page packed, a row with it."""
    yield content
    if entry.path.endswith(".gz"):
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(content)
    number = entry.path.partition("::")[2]
    if number.isdecimal():
        with suppress(ValueError, IndexError, KeyError, TypeError, AttributeError):
            yield json.loads(content.splitlines()[int(number)])["html"].encode()


def _write(entries: list[Entry], output: Path, kept: Path) -> None:
    sums = []
    for name, group in groupby(sorted(entries, key=_file), _file):
        path = output / name
        path.parent.mkdir(exist_ok=True)
        half = path.with_suffix(".half")
        with lzma.open(half, "wt", encoding="utf-8", preset=_LEVEL) as lines:
            for entry in group:
                lines.write(json.dumps(entry.row((kept / entry.sha256).read_bytes()), ensure_ascii=False) + "\n")
        half.replace(path)
        with path.open("rb") as stream:
            sums.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {name}\n")
    (output / _SUMS).write_text("".join(sums), encoding="utf-8")
    write_sources(output / SOURCES, entries)


def _tell_missing(missing: list[Missing], path: Path) -> None:
    if not missing:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        lines = csv.writer(stream, delimiter="\t", lineterminator="\n")
        lines.writerows((one.entry.id, one.entry.repository, one.entry.commit, one.entry.path, one.why) for one in missing)
