"""Which rows of OUT.part count when a run goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from detector import Label, Verdict
from detector.errors import UsageError
from detector.sinks import open_sink
from detector.sinks.written import find_written

PROBABILITIES = {"clean": 0.9, "scraped": 0.1, "hijacked": 0.0, "spam": 0.0}
PAGE = Verdict('a\n"b".html', None, Label.CLEAN, False, 0.1, PROBABILITIES, (), None, None, "default", 0.5, "m")


def stopped(out: Path, rows: int) -> Path:
    sink = open_sink(out.suffix[1:], out)
    for number in range(rows):
        sink.write(replace(PAGE, id=f"{number}{PAGE.id}"))
    return Path(str(sink.stop()))


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv"])
@pytest.mark.parametrize("cut", [0, 1, 30, 60])
def test_a_last_row_that_was_cut_is_taken_off(tmp_path: Path, name: str, cut: int) -> None:
    """Wherever a killed run was in its writing, the whole rows before are kept and nothing else; a line break inside an id ends no row."""
    part = stopped(tmp_path / name, 3)
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) - cut])
    written = find_written(tmp_path / name, name[2:])
    assert written is not None
    assert written.rows == (3 if cut == 0 else 2)
    assert [done.id for done in written] == [f"{number}{PAGE.id}" for number in range(written.rows)]
    sink = open_sink(name[2:], tmp_path / name, written)
    for number in range(written.rows, 3):
        sink.write(replace(PAGE, id=f"{number}{PAGE.id}"))
    sink.finish()
    assert (tmp_path / name).read_bytes() == whole


@pytest.mark.parametrize("content", [b"", b'{"id": "cut', b"id,url"])
def test_a_part_without_a_whole_row_is_begun_again(tmp_path: Path, content: bytes) -> None:
    """Nothing finished means nothing to go on from."""
    for name in ("o.jsonl", "o.csv"):
        (tmp_path / f"{name}.part").write_bytes(content)
        assert find_written(tmp_path / name, name[2:]) is None
        assert find_written(tmp_path / f"other.{name[2:]}", name[2:]) is None


def test_a_part_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    """A file that happens to have the name is neither cut nor written over."""
    (tmp_path / "o.csv.part").write_bytes(b"name,price\nx,1\n")
    with pytest.raises(UsageError, match="not a CSV of verdicts"):
        find_written(tmp_path / "o.csv", "csv")
    (tmp_path / "o.jsonl.part").write_bytes(b'{"name": "x"}\n')
    written = find_written(tmp_path / "o.jsonl", "jsonl")
    assert written is not None
    with pytest.raises(UsageError, match="no verdict"):
        list(written)
    assert (tmp_path / "o.csv.part").read_bytes() == b"name,price\nx,1\n"
    assert json.loads((tmp_path / "o.jsonl.part").read_bytes()) == {"name": "x"}


def test_only_countable_rows_can_be_resumed(tmp_path: Path) -> None:
    """A table is for people: --resume says so."""
    with pytest.raises(UsageError, match="jsonl, csv, parquet"):
        find_written(tmp_path / "o", "table")


def test_parquet_is_resumed_from_the_lines_in_its_part(tmp_path: Path) -> None:
    """Rows before and after the cut are one table, the same as without a cut; the part is gone."""
    pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    out = tmp_path / "o.parquet"
    stopped(out, 2)
    written = find_written(out, "parquet")
    assert written is not None and written.rows == 2
    sink = open_sink("parquet", out, written)
    sink.write(replace(PAGE, id="last"))
    sink.finish()
    assert pq.read_table(out)["id"].to_pylist() == [f"0{PAGE.id}", f"1{PAGE.id}", "last"]
    assert list(tmp_path.iterdir()) == [out]
