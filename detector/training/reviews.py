"""Corrections of the corpus's presumed labels, kept as data: id, label, why."""

from __future__ import annotations

from pathlib import Path

from detector.errors import CorpusError
from detector.verdict import Label


def load(path: Path) -> dict[str, str]:
    """Page id to reviewed label; `unsure` rows are left out of training and of false-alarm rates.

    Raises:
        CorpusError: a line is not `id<TAB>label<TAB>why`, or the label is unknown.
    """
    if not path.exists():
        return {}
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = line.split("\t")
        if len(parts) != 3 or parts[1] not in {*map(str, Label), "unsure"}:
            raise CorpusError(f"{path}:{number}: expected id, label (clean, scraped, hijacked, spam, unsure) and why, separated by tabs")
        found[parts[0]] = parts[1]
    return found
