"""Whether a composed set is whole: digest, labels, pairs, places of foreign strings, one fold a source."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from detector.errors import InputError, RecordError
from detector.validation.build import manifest_of
from detector.verdict import LABELS

# What `choices` names of the corpus: each stands in one fold.
_SOURCES = ("article", "host", "articles")


@dataclass(frozen=True, slots=True)
class Verified:
    """`faults` is empty for a whole set; `expected` is the manifest's digest, None without one."""

    digest: str
    expected: str | None
    rows: int
    labels: Counter[str]
    kinds: Counter[str]
    languages: Counter[str]
    renderings: Counter[str]
    pairs: int
    faults: tuple[str, ...]


def read_rows(path: Path) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """(line, row) of a composed set.

    Raises:
        InputError: the file cannot be read. RecordError: a line is not a JSON object.
    """
    try:
        with gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise RecordError(f"{path}:{number}: is not JSON ({error}); was it made by `detector dataset build`?") from error
                if not isinstance(row, dict):
                    raise RecordError(f"{path}:{number}: is not a JSON object; was it made by `detector dataset build`?")
                yield line, row
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from error


def verify(path: Path) -> Verified:
    """Read the whole set and look for what must not be.

    Raises:
        InputError, RecordError: as `read_rows`.
    """
    digest = hashlib.sha256()
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("label", "kind", "language", "rendering")}
    pairs: defaultdict[str, list[str]] = defaultdict(list)
    folds: dict[str, int] = {}
    ids: set[str] = set()
    faults: list[str] = []
    for line, row in read_rows(path):
        digest.update(line)
        for name, counter in counts.items():
            counter[str(row.get(name))[:2] if name == "language" else str(row.get(name))] += 1
        if row.get("pair"):
            pairs[row["pair"]].append(str(row.get("label")))
        faults += [f"row {row.get('id')}: {fault}" for fault in _faults(row, ids, folds)]
    faults += [f"pair {name}: has {', '.join(labels)}" for name, labels in pairs.items() if sorted(labels) != ["clean", "scraped"]]
    expected = None
    if manifest_of(path).exists():
        try:
            expected = str(json.loads(manifest_of(path).read_text(encoding="utf-8"))["digest"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{manifest_of(path)}: is no manifest ({error})") from error
        if expected != digest.hexdigest():
            faults.append(f"the digest is not the manifest's {expected}")
    return Verified(
        digest.hexdigest(), expected, len(ids), counts["label"], counts["kind"], counts["language"], counts["rendering"], len(pairs), tuple(faults)
    )  # fmt: skip


def _faults(row: dict[str, Any], ids: set[str], folds: dict[str, int]) -> Iterator[str]:
    body = row.get("html") or row.get("text") or ""
    if row.get("id") in ids:
        yield "its id stands twice"
    ids.add(str(row.get("id")))
    if row.get("label") not in LABELS:
        yield f"unknown label {row.get('label')!r}"
    if (row.get("label") == "clean") == bool(row.get("foreign")):
        yield "bad pages, and no others, record what is foreign in them"
    for text, at in zip(row.get("foreign", ()), row.get("foreign_at", ()), strict=False):
        if not body.startswith(escape(text, quote=False) if row.get("html") else text, at):
            yield f"{text[:40]!r} does not stand at {at}"
    for name in _SOURCES:
        named = row.get("choices", {}).get(name, [])
        for source in named if isinstance(named, list) else [named]:
            if folds.setdefault(source, row.get("fold", -1)) != row.get("fold"):
                yield f"its source {source} stands in fold {folds[source]} too"
