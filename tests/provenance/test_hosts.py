"""Hosts out of verdicts: shares with intervals, ties, tables and graphs."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from detector.cli.app import app
from detector.provenance.hosts import Hosts, host_name, interval


def verdict(url: str | None, label: str | None, flagged: bool | None) -> dict[str, Any]:
    return {"url": url, "label": label, "flagged": flagged, "abstained": None if label else "empty"}


def facts(url: str, **known: Any) -> dict[str, Any]:
    return {"id": "", "url": url, "owner": None, "licences": [], "template": None, "outbound": [], "analytics": [], **known}


VERDICTS = [
    *[verdict(f"https://www.farm.example/{n}", "scraped", True) for n in range(8)],
    verdict("https://farm.example/abstained", None, None),
    *[verdict(f"https://shop.example/{n}", "spam" if n else "clean", bool(n)) for n in range(2)],
    *[verdict(f"https://news.example/{n}", "clean", False) for n in range(40)],
    verdict("https://blog.example/", "clean", False),
    verdict(None, "clean", False),
]
FACTS = [
    facts("https://farm.example/1", owner="Harbour Pumps Ltd.", template="aa", outbound=["shop.example"], analytics=["google:G-1"]),
    facts("https://shop.example/1", owner="HARBOUR PUMPS LTD", template="aa"),
    facts("https://blog.example/", owner="Someone", analytics=["google:G-1"]),
    facts("https://news.example/1", owner="News", template="aa", licences=["京ICP备12345678号"]),
    facts("https://elsewhere.example/", owner="News"),
]


def counted(with_facts: bool = True) -> dict[str | None, dict[str, Any]]:
    found = Hosts()
    found.add_verdicts(VERDICTS)
    found.add_facts(FACTS if with_facts else [])
    return {row["host"]: row for row in found.rows(found.graph())}


def test_a_host_has_its_pages_and_the_share_flagged() -> None:
    """Of the judged ones: abstained pages are neither yes nor no. www. is no other host; pages without an address stand together."""
    row = counted()["farm.example"]
    assert (row["pages"], row["flagged"], row["abstained"], row["share"], row["labels"]) == (9, 8, 1, 1.0, {"scraped": 8})
    assert counted()["shop.example"]["share"] == 0.5
    assert counted()[None]["pages"] == 1
    assert next(iter(counted())) == "farm.example"


@pytest.mark.parametrize(
    ("flagged", "judged", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055), (50, 100, 0.4038, 0.5962)]
)
def test_intervals_are_wilsons(flagged: int, judged: int, low: float, high: float) -> None:
    """As published tables have them (Wilson 1927); nothing judged is nothing known."""
    assert interval(flagged, judged) == pytest.approx((low, high), abs=5e-4)
    assert interval(0, 0) == (0.0, 1.0)


def test_hosts_are_tied_by_owner_and_account_but_not_by_template() -> None:
    """Spellings of an owner are one; a tie of a tie belongs to the cluster; what strangers share too ties nobody."""
    rows = counted()
    assert {rows[name]["cluster"] for name in ("farm.example", "shop.example", "blog.example")} == {1}
    assert rows["news.example"]["cluster"] is None and rows["news.example"]["neighbours"] == []
    assert rows["farm.example"]["neighbours"] == ["blog.example", "shop.example"]
    assert rows["blog.example"]["shared"] == ["analytics:google:G-1"]
    assert rows["news.example"]["licences"] == ["京ICP备12345678号"] and rows["farm.example"]["templates"] == ["aa"]
    assert all(row["cluster"] is None for row in counted(with_facts=False).values())


def test_what_very_many_hosts_share_ties_none() -> None:
    """An agency's counter on sixty sites makes no gang of them."""
    found = Hosts()
    found.add_verdicts(verdict(f"https://h{n}.example/", "clean", False) for n in range(60))
    found.add_facts(facts(f"https://h{n}.example/", analytics=["google:G-1"]) for n in range(60))
    assert all(row["cluster"] is None for row in found.rows(found.graph()))


@pytest.mark.parametrize(
    ("url", "host"), [("https://WWW.Example.org:8080/a", "example.org"), ("example.org/a", "example.org"), ("", None), (None, None)]
)
def test_an_address_is_of_one_host(url: str | None, host: str | None) -> None:
    """With or without scheme, port and www."""
    assert host_name(url) == host


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name, rows in (("v.jsonl", VERDICTS), ("f.jsonl", FACTS)):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_the_command_gives_table_rows_and_graph(files: Path) -> None:
    """One row a host in each format; the graph is GraphML that networkx reads back."""
    nx = pytest.importorskip("networkx", reason="needs the extra provenance")
    arguments = ("hosts", files / "v.jsonl", "--facts", files / "f.jsonl")
    table = run(*arguments, "--graph", files / "g.graphml").stdout.splitlines()
    assert len(table) == 6 and table[1].split()[:3] == ["9", "8", "100.0%"]
    assert "with blog.example, shop.example by analytics:google:G-1, owner:" in table[1]
    assert "owner Harbour Pumps Ltd.; template aa; links to shop.example)" in table[1]
    (news,) = (line for line in table if "news.example" in line)
    assert "licence 京ICP备12345678号" in news and "with" not in news
    found = [json.loads(line) for line in run(*arguments, "--format", "jsonl").stdout.splitlines()]
    assert {row["host"]: row for row in found} == counted()
    assert run(*arguments, "--format", "csv", "-o", files / "o.csv").exit_code == 0
    with (files / "o.csv").open(newline="", encoding="utf-8") as stream:
        assert [row["host"] for row in csv.DictReader(stream)] == [row["host"] or "" for row in found]
    graph = nx.read_graphml(files / "g.graphml")
    assert set(graph["analytics:google:G-1"]) == {"farm.example", "blog.example"}
    row = counted()["farm.example"]
    assert graph.nodes["farm.example"] == {
        "kind": "host",
        **{name: row[name] for name in ("pages", "flagged", "share", "low", "high", "cluster")},
    }
    assert "cluster" not in graph.nodes["news.example"]


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_the_format_follows_the_suffix_of_the_file(files: Path, suffix: str) -> None:
    """As with `classify`: the file holds what --format of that name writes, and Parquet the same rows."""
    arguments = ("hosts", files / "v.jsonl", "--facts", files / "f.jsonl")
    assert run(*arguments, "-o", files / f"o.{suffix}").exit_code == 0
    if suffix != "parquet":
        assert (files / f"o.{suffix}").read_text("utf-8") == run(*arguments, "--format", suffix).stdout
        return
    pq = pytest.importorskip("pyarrow.parquet", reason="needs the extra parquet")
    rows = pq.read_table(files / "o.parquet").to_pylist()
    assert {row["host"]: {**row, "labels": dict(row["labels"])} for row in rows} == counted()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("v.jsonl", "-o", "v.jsonl"), "-o v.jsonl is the file of VERDICTS too"),
        (("v.jsonl", "-o", "link.jsonl"), "VERDICTS"),
        (("v.jsonl", "--facts", "f.jsonl", "-o", "f.jsonl"), "--facts"),
        (("v.jsonl", "--facts", "f.jsonl", "--graph", "v.jsonl"), "VERDICTS"),
        (("v.jsonl", "--facts", "f.jsonl", "--graph", "f.jsonl"), "--facts"),
        (("v.jsonl", "--facts", "f.jsonl", "--graph", "new", "-o", "./new"), "--graph"),
        (("v.jsonl", "--facts", "g.jsonl.part", "--graph", "g.jsonl"), "or its part"),
        (("v.jsonl", "--facts", "f.jsonl", "--graph", "-"), "--graph needs the name of a file"),
        (("v.jsonl", "--facts", "f.jsonl", "--graph", "nodir/g.graphml"), "nodir"),
        (("broken.jsonl", "--facts", "f.jsonl", "--graph", "nodir/g.graphml"), "nodir"),
    ],
)
def test_outputs_are_refused_before_anything_is_read(
    files: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str
) -> None:
    """What is an input, or the other output, or cannot be written: exit 2, no table, every file as it was, and no part of one left."""
    monkeypatch.chdir(files)
    (files / "link.jsonl").symlink_to("v.jsonl")
    (files / "broken.jsonl").write_text("{no json\n")
    (files / "g.jsonl.part").write_bytes((files / "f.jsonl").read_bytes())
    before = {path.name: path.read_bytes() for path in files.iterdir()}
    result = run("hosts", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr and "line 1" not in result.stderr
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before


def test_rows_of_a_cut_off_run_are_not_replaced_without_a_word(files: Path) -> None:
    """As `classify` says it, for both outputs; what is empty is nobody's loss."""
    (files / "o.csv.part").write_text("a row\n")
    (files / "g.graphml.part").touch()
    arguments = ("hosts", files / "v.jsonl", "--facts", files / "f.jsonl", "-o", files / "o.csv", "--graph", files / "g.graphml")
    told = run(*arguments)
    assert told.exit_code == 0 and f"{files / 'o.csv.part'} are replaced" in told.stderr and "graphml" not in told.stderr
    assert run(*arguments).stderr == ""


def test_a_run_that_fails_leaves_no_part(files: Path) -> None:
    """Facts that are none end the run after both outputs were opened."""
    result = run("hosts", files / "v.jsonl", "--facts", files / "v.jsonl", "-o", files / "o.csv", "--graph", files / "g.graphml")
    assert result.exit_code == 3
    assert sorted(path.name for path in files.iterdir()) == ["f.jsonl", "v.jsonl"]


GOOD = json.dumps(VERDICTS[0])
KNOWN = json.dumps(facts(VERDICTS[0]["url"], owner="Someone"))
HEAD, CELLS = "id,url,label,flagged,flag_probability,abstained", "1,https://www.farm.example/0,scraped,true,0.9,"


@pytest.mark.parametrize(
    ("name", "lines", "words"),
    [
        ("v.jsonl", [GOOD, GOOD[:30]], "line 2: is not JSON"),
        ("v.jsonl", ["{no json", GOOD], "line 1: is not JSON"),
        ("v.jsonl", [GOOD, "[1]"], "line 2"),
        ("v.jsonl", [GOOD, '{"url": null}'], "line 2: has no 'label'"),
        ("v.jsonl", [GOOD, json.dumps({**VERDICTS[0], "url": 7})], "line 2: 'url' is not text"),
        ("v.jsonl", [GOOD, json.dumps({**VERDICTS[0], "label": ["spam"]})], "line 2: 'label' is not text"),
        ("v.jsonl", [GOOD, json.dumps({**VERDICTS[0], "flagged": "yes"})], "line 2: 'flagged' is not true or false"),
        ("v.csv", [HEAD, CELLS, "2,https://www.farm.exa"], "line 3: is no verdict"),
        ("v.csv", [HEAD, CELLS, f"{CELLS},{CELLS}"], "line 3: is no verdict"),
        ("v.csv", [HEAD, CELLS, CELLS.replace("true", "tru")], "line 3: is no verdict"),
        ("f.jsonl", [KNOWN, KNOWN[:30]], "line 2: is not JSON"),
        ("f.jsonl", [KNOWN, json.dumps(facts(VERDICTS[0]["url"], owner=7))], "line 2: 'owner' is not text"),
        ("f.jsonl", [KNOWN, json.dumps(facts(VERDICTS[0]["url"], licences=None))], "line 2: 'licences' is not a list of text"),
        ("f.jsonl", [KNOWN, json.dumps(facts(VERDICTS[0]["url"], outbound=[7]))], "line 2: 'outbound' is not a list of text"),
    ],
)
def test_a_row_that_is_none_is_named_and_the_rest_is_answered(files: Path, name: str, lines: list[str], words: str) -> None:
    """A last line that is cut, a value of another type: exit 3, the line on standard error, and the rows of all others."""
    (files / name).write_text("\n".join(lines) + "\n", "utf-8")
    verdicts = files / (name if name.startswith("v") else "v.jsonl")
    result = run("hosts", verdicts, "--facts", files / "f.jsonl", "--format", "jsonl")
    assert result.exit_code == 3 and "Traceback" not in result.stderr
    assert f"{files / name}: {words}" in result.stderr and len(result.stderr.splitlines()) == 1
    rows = {row["host"]: row for row in map(json.loads, result.stdout.splitlines())}
    if name.startswith("v"):
        assert (rows["farm.example"]["pages"], rows["farm.example"]["flagged"]) == (1, 1)
    else:
        assert rows["farm.example"]["owners"] == ["Someone"] and len(rows) == 5


def test_of_a_packed_file_that_is_cut_what_can_be_unpacked_is_answered(tmp_path: Path) -> None:
    """As `classify` has it: the lines before the cut."""
    whole = gzip.compress("".join(json.dumps(row) + "\n" for row in VERDICTS[:8]).encode())
    (tmp_path / "v.jsonl.gz").write_bytes(whole + gzip.compress(GOOD.encode())[:-9])
    result = run("hosts", tmp_path / "v.jsonl.gz", "--format", "jsonl")
    assert result.exit_code == 3 and "cut off" in result.stderr
    assert [json.loads(line)["pages"] for line in result.stdout.splitlines()] == [8]


def test_verdicts_are_read_in_every_format_that_classify_writes(tmp_path: Path) -> None:
    """The same hosts from JSONL, CSV and Parquet of one run."""
    rows = [{"id": str(n), "url": f"https://h{n % 2}.example/{n}", "text": "word " * 60 * (n % 3)} for n in range(9)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = set()
    for name in ("o.jsonl", "o.csv", "o.parquet"):
        assert run("classify", tmp_path / "a.jsonl", "-o", tmp_path / name, "--operating-point", "high-recall").exit_code == 0
        told.add(run("hosts", tmp_path / name, "--format", "jsonl").stdout)
    (one,) = told
    assert [json.loads(line)["pages"] for line in one.splitlines()] == [5, 4]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("missing.jsonl",), 3, "missing.jsonl"),
        (("other.csv",), 3, "no column"),
        (("other.parquet",), 3, "Parquet"),
        (("page.html",), 3, "no .jsonl"),
        (("v.jsonl", "--graph", "g.graphml"), 2, "--facts"),
        (("v.jsonl", "--format", "xml"), 2, "xml"),
        (("v.jsonl", "--facts", "v.jsonl"), 3, "owner"),
    ],
)
def test_what_cannot_be_read_is_named(
    files: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, words: str
) -> None:
    """File and line, no traceback."""
    monkeypatch.chdir(files)
    (files / "other.csv").write_text("a,b\n1,2\n")
    (files / "other.parquet").write_text("nothing of the kind")
    result = run("hosts", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr and "Traceback" not in result.stderr
