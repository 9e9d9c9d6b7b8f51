"""What is fuzzed, and what must hold: no exception but those that are documented, offsets that are right, the same answer again.

A target takes bytes and a number that chooses what else there is (address, media type), and raises AssertionError where something does not
hold; anything else that leaves it is a crash.
"""

from __future__ import annotations

import itertools
import json
import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from detector import Detector, ModelError, Page
from detector.features.registry import SCHEMA
from detector.model import artefact
from detector.model.artefact import default_model
from detector.page.decode import decode
from detector.page.document import ROLES, Document
from detector.page.page import HTML, TEXT
from detector.sources import Failure, Options, open_pages
from detector.verdict import Verdict
from tests.hostile.inputs import ADDRESSES

LOW = np.array([spec.low for spec in SCHEMA])
HIGH = np.array([spec.high for spec in SCHEMA])
ROUNDING = 1e-6


@cache
def judge(semantic: str) -> Detector:
    """Judges at threshold 0, so that every page's evidence is collected too."""
    return Detector.load(semantic=semantic).at_threshold(0.0)


def check_document(document: Document) -> None:
    """Blocks and links in order, inside the text, and each of a kind that there is."""
    length, end = len(document.text), 0
    document.text.encode("utf-8")
    for block in document.blocks:
        assert end <= block.start <= block.end <= length, block
        assert block.role in ROLES and 0 <= block.linked_characters <= block.characters, block
        end = block.end
    for link in document.links:
        block = document.blocks[link.block]
        assert block.start <= link.start <= link.end <= block.end, (link, block)
    for hit in document.hits:
        assert 0 <= hit.start < hit.end <= length, hit


def check_verdict(verdict: Verdict, document: Document | None) -> None:
    """Evidence points at what it quotes, probabilities are some, and the whole is JSON."""
    json.dumps(verdict.to_dict(), allow_nan=False).encode("utf-8")
    for piece in verdict.evidence:
        assert math.isfinite(piece.weight) and piece.weight >= 0
        if piece.source == "text":
            assert document is not None and document.text[piece.start : piece.end] == piece.quote, piece
        else:
            assert piece.start is None and piece.end is None, piece
    if verdict.probabilities is not None:
        assert abs(sum(verdict.probabilities.values()) - 1.0) < ROUNDING
    assert (verdict.abstained is None) == (verdict.flagged is not None)


def page_of(data: bytes, number: int) -> Page:
    media_type = (HTML, TEXT, None)[number % 3]
    body: bytes | str = data.decode("utf-8", "surrogateescape") if number % 7 == 0 else data
    return Page(body, ADDRESSES[number % len(ADDRESSES)], str(number), media_type, (None, "gbk", "utf-8", "no-such")[number % 4])


# Of so many pages one is read for meaning, and some where the first tier leaves the verdict open; of sixteen one is judged twice at once.
ROUND, AUTO, TWICE = 64, 20, 16


def tier(number: int) -> str:
    place = number % ROUND
    return "always" if place == 0 else "auto" if place <= AUTO else "never"


def whole(data: bytes, number: int) -> str:
    """Decode, parse, plain text, blocks, roles, every family, model, evidence. Returns the verdict as JSON, to be compared."""
    page = page_of(data, number)
    detector = judge(tier(number))
    examined = detector.examine(page)
    if examined.document is not None and examined.row is not None:
        check_document(examined.document)
        values = examined.row.values
        wrong = [SCHEMA[index].name for index in np.flatnonzero((values < LOW - ROUNDING) | (values > HIGH + ROUNDING) | np.isinf(values))]
        assert not wrong, wrong
        for witness in examined.row.witnesses:
            if witness.source == "text":
                assert examined.document.text[witness.start : witness.end] == witness.quote, witness
    check_verdict(examined.verdict, examined.document)
    said = json.dumps(examined.verdict.to_dict(), sort_keys=True)
    if number % TWICE == 0:
        assert json.dumps(detector.classify(page).to_dict(), sort_keys=True) == said
    return said


def again(numbered: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, str]]:
    """(number, verdict as JSON) of pages judged once more, many at once: of each choice of tiers in turn."""
    for semantic, group in itertools.groupby(numbered, lambda item: tier(item[0])):
        items = list(group)  # fewer than ROUND
        verdicts = judge(semantic).classify_many(page_of(data, number) for number, data in items)
        for (number, _), verdict in zip(items, verdicts, strict=True):
            yield number, json.dumps(verdict.to_dict(), sort_keys=True)


def decoding(data: bytes, number: int) -> None:
    """Text without NUL, or None; never an exception."""
    text = decode(data, (None, "utf-8", "gbk", "cp1252", "no-such", "\x00", "utf-7", "")[number % 8])
    assert text is None or "\x00" not in text


def rows(suffix: str) -> Callable[[bytes, int], None]:
    """A file under a name with this suffix, as a source: items are pages or failures that say why."""

    def read(data: bytes, number: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"rows{suffix}"
            path.write_bytes(data)
            for item in open_pages([str(path)], Options()):
                if isinstance(item, Failure):
                    assert item.reason
                else:
                    assert isinstance(item, Page)

    return read


def loading(data: bytes, number: int) -> None:
    """An artefact with one file damaged loads whole or is refused as a ModelError."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in (artefact.ARRAYS, artefact.MANIFEST):
            shutil.copy(default_model() / name, place / name)
        name = (artefact.ARRAYS, artefact.MANIFEST)[number % 2]
        raw = bytearray((place / name).read_bytes())
        start = number * 7919 % len(raw)
        raw[start : start + len(data)] = data
        (place / name).write_bytes(raw[: len(raw) - number % 5])
        try:
            artefact.load(place)
        except ModelError as error:
            assert str(place) in str(error)


TARGETS: dict[str, Callable[[bytes, int], object]] = {
    "page": whole,
    "decode": decoding,
    "jsonl": rows(".jsonl"),
    "jsonl.gz": rows(".jsonl.gz"),
    "jsonl.zst": rows(".jsonl.zst"),
    "csv": rows(".csv"),
    "warc": rows(".warc"),
    "warc.gz": rows(".warc.gz"),
    "warc.zst": rows(".warc.zst"),
    "parquet": rows(".parquet"),
    "mhtml": rows(".mhtml"),
    "mhtml.gz": rows(".mhtml.gz"),
    "artefact": loading,
}
