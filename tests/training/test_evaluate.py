"""Evaluated sets: the same rows as JSONL, packed JSONL and Parquet; what cannot be used is named."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from detector.errors import InputError, RecordError
from detector.training.evaluate import Labelled, read_set, run

TEXT = "The town council agreed on Tuesday evening to repair the old bridge over the river Wend. " * 4
ROWS: list[dict[str, Any]] = [
    {"id": "a", "url": "https://wend.org/a", "html": f"<p>{TEXT}</p>", "text": None, "label": "clean", "group": "wend.org", "lang": "en"},
    {"id": "b", "url": None, "html": None, "text": TEXT, "label": "scraped", "group": None, "lang": None},
    {"id": None, "url": "https://mill.org/c", "html": f"<h1>{TEXT}</h1>", "text": None, "label": "spam", "group": "mill.org", "lang": "de"},
]


def written(folder: Path, rows: list[dict[str, Any]], suffix: str) -> Path:
    path = folder / f"set{suffix}"
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if suffix == ".parquet":
        pa = pytest.importorskip("pyarrow")
        pytest.importorskip("pyarrow.parquet").write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_bytes(gzip.compress(lines) if suffix.endswith(".gz") else lines)
    return path


def facts(found: list[Labelled]) -> list[tuple[Any, ...]]:
    return [(item.page.id, item.page.url, item.page.media_type, item.page.body, item.label, item.group, item.language) for item in found]


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz", ".parquet"])
def test_rows_are_read_alike_from_every_form(suffix: str, tmp_path: Path) -> None:
    """Page, label, group and language; a row without an id has its number, one without a group stands alone."""
    assert facts(list(read_set(written(tmp_path, ROWS, suffix)))) == [
        ("a", "https://wend.org/a", "text/html", ROWS[0]["html"], "clean", "wend.org", "en"),
        ("b", None, "text/plain", TEXT, "scraped", "b", ""),
        ("3", "https://mill.org/c", "text/html", ROWS[2]["html"], "spam", "mill.org", "de"),
    ]


def test_jsonl_and_parquet_give_the_same_figures(tmp_path: Path) -> None:
    """Whichever form the set has."""
    assert run(written(tmp_path, ROWS, ".parquet"), None, None) == run(written(tmp_path, ROWS, ".jsonl"), None, None)


@pytest.mark.parametrize(("suffix", "place"), [(".jsonl", "line"), (".parquet", "row")])
def test_every_bad_row_is_named(suffix: str, place: str, tmp_path: Path) -> None:
    """With its place and what is wrong: no page, no label, a label that is none."""
    bad = [ROWS[0] | {"html": None}, ROWS[0], ROWS[0] | {"label": None}, ROWS[0] | {"label": "fine"}]
    path = written(tmp_path, bad, suffix)
    with pytest.raises(RecordError) as caught:
        list(read_set(path))
    told = str(caught.value).splitlines()
    assert told[0] == "3 rows of the set cannot be used:"
    for line, (number, what) in zip(
        told[1:], ((1, "'html'"), (3, "label None"), (4, "label 'fine' is none of clean, scraped")), strict=True
    ):
        assert line.startswith(f"{path}: {place} {number}: ") and what in line


def test_many_bad_rows_are_counted(tmp_path: Path) -> None:
    """Ten are named, the rest are a number."""
    path = tmp_path / "set.jsonl"
    path.write_text("{broken\n" * 25, encoding="utf-8")
    with pytest.raises(RecordError, match=r"25 rows(?s:.*)line 10: is not JSON(?s:.*)and 15 more"):
        list(read_set(path))


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("set.parquet", b"no parquet", "Parquet"),
        ("set.csv", b"id,html,label", r"\.jsonl.*\.parquet"),
        ("set.jsonl.gz", b"no gzip", "is not packed with gzip"),
    ],
)
def test_a_file_that_is_no_set_is_named(name: str, content: bytes, match: str, tmp_path: Path) -> None:
    """Exit 3 on the command line, with the file's name; so is one that is not there."""
    path = tmp_path / name
    with pytest.raises(InputError, match=f"{name}.*no such file"):
        list(read_set(path))
    path.write_bytes(content)
    with pytest.raises(InputError, match=match) as caught:
        list(read_set(path))
    assert name in str(caught.value)
