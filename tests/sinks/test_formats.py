"""What each format writes, and what becomes of the file."""

from __future__ import annotations

import csv
import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from detector import Evidence, Label, Verdict
from detector.errors import OutputError, UsageError
from detector.sinks import format_of, open_sink
from detector.sinks.sink import COLUMNS

EVIDENCE = Evidence(
    "identity.owner-is-offer", "text", "copyright", "苹果apple账号注册", 3, 14, 0.41, "the copyright holder sells Apple accounts"
)
PROBABILITIES = {"clean": 0.007, "scraped": 0.981, "hijacked": 0.004, "spam": 0.008}
FLAGGED = Verdict(
    id='a,"b"\n.html',
    url="https://example.org/a",
    label=Label.SCRAPED,
    flagged=True,
    flag_probability=0.993,
    probabilities=PROBABILITIES,
    evidence=(EVIDENCE,),
    abstained=None,
    partial="over-limit",
    operating_point="default",
    threshold=0.62,
    model="default@1+sha256:0",
)
ABSTAINED = Verdict("b", None, None, None, None, None, (), "empty", None, "default", 0.62, "default@1+sha256:0")
VERDICTS = (FLAGGED, ABSTAINED)


def write(path: Path, *verdicts: Verdict) -> None:
    sink = open_sink(format_of(None, str(path)), path)
    for verdict in verdicts:
        sink.write(verdict)
    sink.finish()


def test_jsonl_is_the_verdict_of_the_interface(tmp_path: Path) -> None:
    """One object a line, keys in the documented order."""
    write(tmp_path / "o.jsonl", *VERDICTS)
    rows = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text("utf-8").splitlines()]
    assert rows == [verdict.to_dict() for verdict in VERDICTS]
    assert tuple(rows[0]) == COLUMNS


def test_csv_has_the_same_columns_with_json_text_inside(tmp_path: Path) -> None:
    """Nulls are empty cells; probabilities and evidence parse as JSON; a line break in an id stays inside its cell."""
    write(tmp_path / "o.csv", *VERDICTS)
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert tuple(first) == COLUMNS
    assert first["id"] == FLAGGED.id
    assert json.loads(first["evidence"]) == [EVIDENCE.to_dict()]
    assert json.loads(first["probabilities"]) == FLAGGED.probabilities
    assert (first["flagged"], second["flagged"], second["label"], second["abstained"]) == ("true", "", "", "empty")


def test_parquet_has_evidence_as_a_list_of_structs(tmp_path: Path) -> None:
    """The rows read back as they are in JSONL."""
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    write(tmp_path / "o.parquet", *VERDICTS)
    assert pq.read_table(tmp_path / "o.parquet").to_pylist() == [verdict.to_dict() for verdict in VERDICTS]


def test_a_file_name_that_is_not_utf8_survives_in_every_format(tmp_path: Path) -> None:
    """Odd bytes in a name are written as escapes; JSON gives back the very name."""
    odd = replace(ABSTAINED, id=os.fsdecode(b"caf\xe9.html"))
    for name in ("o.jsonl", "o.csv", "o.parquet", "o.txt"):
        write(tmp_path / name, odd)
    assert json.loads((tmp_path / "o.jsonl").read_bytes())["id"] == odd.id


def test_the_table_cuts_wide_strings_and_prints_no_control_sequences(tmp_path: Path) -> None:
    """A hostile id can neither break the line nor speak to the terminal; both ends of a long path are shown; no colour in a file."""
    long = "start/" + "中" * 200 + "/end.html"
    hostile = replace(FLAGGED, id="\x1b[2J\u202eevil\nname", evidence=(replace(EVIDENCE, message="m" * 500),))
    write(tmp_path / "o.txt", hostile, replace(ABSTAINED, id=long))
    header, first, second = (tmp_path / "o.txt").read_text("utf-8").splitlines()
    assert header.split()[:3] == ["label", "flag", "page"]
    assert first.startswith("scraped    0.993")
    assert "evil name" in first and "mm…" in first
    assert not any(character in first for character in "\x1b\u202e")
    assert second.startswith("abstained") and second.endswith("empty")
    assert "start/" in second and "end.html" in second and "…" in second
    assert max(len(header), len(first), len(second)) <= 120


def test_the_table_says_why_nothing_is_quoted_of_a_flagged_page(tmp_path: Path) -> None:
    """A blank would read as "no reason"; a clean page needs none."""
    write(tmp_path / "o.txt", replace(FLAGGED, evidence=()), replace(FLAGGED, evidence=(), flagged=False))
    _, flagged, clean = (tmp_path / "o.txt").read_text("utf-8").splitlines()
    assert "no single passage" in flagged and "no single passage" not in clean


def test_the_table_of_no_rows_is_empty(tmp_path: Path) -> None:
    """Its head stands above rows, never alone."""
    write(tmp_path / "o.txt")
    assert (tmp_path / "o.txt").read_bytes() == b""


def test_the_name_appears_only_when_the_file_is_whole(tmp_path: Path) -> None:
    """Whoever sees OUT sees all of it; until then the rows are in OUT.part."""
    out = tmp_path / "o.jsonl"
    out.write_text("from yesterday\n")
    sink = open_sink("jsonl", out)
    sink.write(FLAGGED)
    assert out.read_text() == "from yesterday\n"
    assert (tmp_path / "o.jsonl.part").read_text("utf-8").count("\n") == 1
    sink.finish()
    assert json.loads(out.read_text("utf-8"))["id"] == FLAGGED.id
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv", "o.parquet"])
def test_a_stopped_run_leaves_its_rows_readable(tmp_path: Path, name: str) -> None:
    """What was judged is in OUT.part, whole, of Parquet as JSON lines; OUT is not there."""
    sink = open_sink(format_of(None, name), tmp_path / name)
    sink.write(FLAGGED)
    left = sink.stop()
    assert left == str(tmp_path / f"{name}.part")
    assert not (tmp_path / name).exists()
    if name == "o.csv":
        with Path(left).open(newline="") as stream:
            assert len(list(csv.DictReader(stream))) == 1
    else:
        assert json.loads(Path(left).read_bytes())["id"] == FLAGGED.id


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv", "o.parquet", "o.txt"])
def test_a_run_stopped_before_its_first_row_leaves_nothing(tmp_path: Path, name: str) -> None:
    """No empty parts lie about."""
    assert open_sink(format_of(None, name), tmp_path / name).stop() is None
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_cannot_be_written_is_an_error_at_once(tmp_path: Path) -> None:
    """A missing folder and a directory are told before any page is judged."""
    for out in (tmp_path / "missing" / "o.jsonl", tmp_path):
        with pytest.raises(OutputError, match=str(out)):
            open_sink("jsonl", out)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_an_output_error() -> None:
    """No traceback, and the device is not replaced by a file."""
    with pytest.raises(OutputError, match="/dev/full"):
        open_sink("jsonl", Path("/dev/full")).write(FLAGGED)
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """-o through a symbolic link writes the file that it leads to."""
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    write(tmp_path / "link.jsonl", FLAGGED)
    assert (tmp_path / "link.jsonl").is_symlink()
    assert json.loads((tmp_path / "real.jsonl").read_bytes())["flagged"] is True


def test_the_format_follows_the_suffix_unless_it_is_given() -> None:
    """-o o.csv is CSV; --format goes first; otherwise a table; an unknown format is misuse."""
    assert [format_of(None, out) for out in ("o.csv", "o.JSONL", "o.parquet", "o.txt", None)] == [
        "csv",
        "jsonl",
        "parquet",
        "table",
        "table",
    ]
    assert format_of("jsonl", "o.csv") == "jsonl"
    with pytest.raises(UsageError, match="xml"):
        format_of("xml", None)


def test_without_pyarrow_the_message_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said, and no part is left."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"contentfarm-detector\[parquet\]"):
        open_sink("parquet", tmp_path / "o.parquet")
    assert list(tmp_path.iterdir()) == []
