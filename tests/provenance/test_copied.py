"""`classify --index`: a text that stands elsewhere is evidence, and moves no probability."""

from __future__ import annotations

import csv
import io
import json
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from detector import Detector, Evidence, Page
from detector.cli.app import app
from detector.provenance.copied import CODE, QUOTED, copied
from detector.provenance.index import OriginalsIndex

from .articles import article, page

ORIGINALS = 40


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with OriginalsIndex(tmp_path / "index", create=True) as originals:
        originals.add(
            page(article(seed), f"https://press.example/{seed}", f"2024-01-{seed % 28 + 1:02}T08:00:00Z") for seed in range(ORIGINALS)
        )
        originals.add([page(article(500), "https://undated.example/"), page(article(600), "https://www.wend.org/a")])
    return tmp_path / "index"


@pytest.fixture
def find(folder: Path, detector: Detector) -> Iterator[Callable[[Page], Evidence | None]]:
    with OriginalsIndex(folder) as originals:
        yield lambda given: copied(given, detector.document(given), originals)


def test_a_copy_names_address_date_and_overlap_of_its_original(find: Callable[[Page], Evidence | None], detector: Detector) -> None:
    """The quote stands in the page's text at its place, and in the original word for word."""
    taken, own = article(7), ["Completely different words stand here, borrowed from nobody."] * 8
    given = page([*taken, *own], "https://farm.example/x")
    found = find(given)
    share = 1 - sum(len(sentence.split()) for sentence in own) / sum(len(sentence.split()) for sentence in ["News", *taken, *own])
    assert found is not None
    assert (found.code, found.source, found.role, found.weight) == (CODE, "text", "headline", 0.0)
    assert 0.7 < share < 0.9
    assert found.message == f"{int(100 * share)} % of the main text stands at https://press.example/7 since 2024-01-08"
    assert found.quote == detector.document(given).text[found.start : found.end]
    assert 200 < len(found.quote) <= QUOTED and " ".join(found.quote.split()) in " ".join(["News", *taken])


def test_the_longest_passage_is_quoted_and_stops_where_something_else_stands_between(
    find: Callable[[Page], Evidence | None], detector: Detector
) -> None:
    """A menu between two copied paragraphs is no part of the quote; nor is what the copier put in."""
    sentences = article(3)
    middle = "<nav><a href='/a'>Car batteries</a> <a href='/b'>Pumps</a></nav>"
    body = f"<p>{sentences[0]}</p>{middle}<p>Our own opening words of this page.</p><p>{' '.join(sentences[1:])}</p>"
    given = Page.from_html(f"<html><head><title>N</title></head><body><article>{body}</article></body></html>", "https://farm.example/x")
    found = find(given)
    assert found is not None and found.start is not None
    assert found.quote == detector.document(given).text[found.start : found.end]
    assert found.quote.startswith(sentences[1][:40])


def test_unspaced_scripts_and_plain_text_have_exact_quotes(tmp_path: Path, detector: Detector) -> None:
    """A Chinese text without markup, with a sentence of its own in front."""
    signs = random.Random(3)
    sentences = ["".join(chr(0x4E00 + signs.randrange(2000)) for _ in range(24)) + "。" for _ in range(32)]
    with OriginalsIndex(tmp_path / "zh", create=True) as originals:
        originals.add([page(sentences, "https://press.example/zh", "2025-05-05")])
        given = Page.from_text("\n".join(["苹果账号批发零售客服在线咨询。" * 3, *sentences]), "https://farm.example/zh")
        document = detector.document(given)
        found = copied(given, document, originals)
    assert found is not None and "https://press.example/zh since 2025-05-05" in found.message
    assert found.quote == document.text[found.start : found.end]
    assert found.quote.startswith(sentences[0][:10])


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (page(article(7), "https://press.example/7"), "the page itself"),
        (page(article(600), "https://amp.wend.org/other"), "another page of its site"),
        (page(article(7), ""), "no address: copy and original cannot be told apart"),
        (page([*article(7, 12), *article(900, 40)], "https://farm.example/x"), "most of it is its own"),
        (page(article(901), "https://farm.example/x"), "all of it is its own"),
        (Page.from_text("Too short.", "https://farm.example/x"), "no article"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_copy_has_no_such_evidence(find: Callable[[Page], Evidence | None], given: Page, why: str) -> None:
    """The same site, a page without an address, a quotation, a text of its own."""
    assert find(given) is None, why


def test_its_own_site_does_not_hide_an_original_elsewhere(folder: Path, detector: Detector) -> None:
    """Copies of one site in the index, however many, do not stand before the original on another."""
    with OriginalsIndex(folder, create=True) as originals:
        originals.add(page(article(7), f"https://farm.example/{number}", "2020-01-01") for number in range(30))
        given = page(article(7), "https://farm.example/x")
        found = copied(given, detector.document(given), originals)
    assert found is not None and "https://press.example/7" in found.message


def test_dates_that_dispute_the_order_are_told(find: Callable[[Page], Evidence | None]) -> None:
    """A page that dates itself before the original says so; one that is later does not; an undated original is called that."""
    earlier, later, undated = (
        find(page(article(seed), "https://farm.example/x", date))
        for seed, date in ((7, "2024-01-02"), (7, "2024-02-02"), (500, "2024-02-02"))
    )
    assert earlier is not None and later is not None and undated is not None
    assert earlier.message.endswith("since 2024-01-08; this page dates itself 2024-01-02")
    assert later.message.endswith("since 2024-01-08")
    assert undated.message.endswith("https://undated.example/ (undated)")


@pytest.fixture
def suspects(tmp_path: Path) -> Path:
    """Seventy pages, every second one a copy."""
    path = tmp_path / "suspects.jsonl"
    with path.open("w") as lines:
        for number in range(70):
            given = page(article(number % ORIGINALS if number % 2 else 1000 + number), f"https://farm{number}.example/")
            lines.write(json.dumps({"id": str(number), "url": given.url, "html": str(given.body)}) + "\n")
    return path


def without(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"evidence": [piece for piece in row["evidence"] if piece["code"] != CODE]}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_command_adds_evidence_and_changes_nothing_else(suspects: Path, folder: Path, workers: int) -> None:
    """Clean pages have it too; labels, probabilities and the other evidence are those of a run without an index, with any number of workers."""
    plain = [json.loads(line) for line in run("classify", suspects, "--format", "jsonl").stdout.splitlines()]
    result = run("classify", suspects, "--format", "jsonl", "--index", folder, "--workers", workers)
    assert (result.exit_code, result.stderr) == (0, "")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [without(row) for row in rows] == plain
    assert [bool(row["evidence"]) and row["evidence"][0]["code"] == CODE for row in rows] == [number % 2 == 1 for number in range(70)]
    assert any(row["label"] == "clean" and row["evidence"] for row in rows)


@pytest.mark.parametrize("name", ["o.jsonl", "o.csv", "o.parquet"])
def test_a_resumed_run_gives_the_bytes_of_a_whole_one(suspects: Path, folder: Path, tmp_path: Path, name: str) -> None:
    """In every format that can be resumed, with facts beside."""
    out, facts = tmp_path / name, tmp_path / "f.jsonl"
    arguments = ("classify", suspects, "-o", out, "--facts", facts, "--index", folder)
    assert run(*arguments).exit_code == 0
    whole = out.read_bytes(), facts.read_bytes()
    stands_as_lines = tmp_path / "lines.csv" if name == "o.csv" else tmp_path / "lines.jsonl"
    run("classify", suspects, "-o", stands_as_lines, "--index", folder)
    first = stands_as_lines.read_bytes().splitlines(keepends=True)[:30]
    Path(f"{out}.part").write_bytes(b"".join(first))
    Path(f"{facts}.part").write_bytes(b"".join(whole[1].splitlines(keepends=True)[:30]))
    out.unlink(), facts.unlink()
    assert run(*arguments, "--resume").exit_code == 0
    assert (out.read_bytes(), facts.read_bytes()) == whole


def test_every_format_tells_it(suspects: Path, folder: Path, tmp_path: Path) -> None:
    """The table as what speaks most for it; CSV and Parquet among the evidence; --evidence 1 keeps it."""
    import pyarrow.parquet as pq

    table = run("classify", suspects, "--index", folder, "--format", "table").stdout.splitlines()
    assert sum("of the main text stands at" in line for line in table) == 35
    rows = list(csv.DictReader(io.StringIO(run("classify", suspects, "--index", folder, "--format", "csv", "--evidence", 1).stdout)))
    run("classify", suspects, "--index", folder, "-o", tmp_path / "o.parquet")
    columns = pq.read_table(tmp_path / "o.parquet")["evidence"].to_pylist()
    assert json.loads(rows[1]["evidence"])[0]["code"] == columns[1][0]["code"] == CODE
    assert "stands at https://press.example/1 since 2024-01-02" in columns[1][0]["message"]


def foreign(folder: Path) -> None:
    folder.mkdir()
    base = sqlite3.connect(folder / "originals.sqlite")
    base.execute("CREATE TABLE songs (name TEXT)")
    base.commit()
    base.close()


def text(folder: Path) -> None:
    folder.mkdir()
    (folder / "originals.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 40)


def older(folder: Path) -> None:
    with OriginalsIndex(folder, create=True) as originals:
        originals.add([page(article(1), "https://press.example/1")])
    base = sqlite3.connect(folder / "originals.sqlite")
    base.execute("UPDATE about SET value='0'")
    base.commit()
    base.close()


def cut(folder: Path) -> None:
    with OriginalsIndex(folder, create=True) as originals:
        originals.add(page(article(seed), f"https://press.example/{seed}") for seed in range(ORIGINALS))
    path = folder / "originals.sqlite"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda _: None, "holds no index of originals; make one with detector index build"),
        (foreign, "another program"),
        (text, "cannot be used as an index"),
        (older, "another version"),
        (cut, "build it anew"),
    ],
    ids=["missing", "foreign", "text", "older", "cut"],
)
def test_an_index_that_is_none_is_misuse(suspects: Path, tmp_path: Path, spoil: Callable[[Path], None], words: str) -> None:
    """Exit 2 with one line, before anything is judged; nothing is written, not into the folder either."""
    folder = tmp_path / "bad"
    spoil(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*")} if folder.exists() else None
    for command in (("classify", suspects, "--index", folder, "-o", tmp_path / "o.jsonl"), ("index", "query", folder, suspects)):
        result = run(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert words in result.stderr and len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "o.jsonl").exists() and not (tmp_path / "o.jsonl.part").exists()
    assert ({path: path.read_bytes() for path in folder.rglob("*")} if folder.exists() else None) == before


@pytest.mark.parametrize(
    ("spoil", "workers"),
    [
        ("UPDATE originals SET text=x'00'", 1),
        ("UPDATE originals SET signature=x'00'", 1),
        ("DELETE FROM originals", 1),
        ("DELETE FROM originals", 2),
    ],
)
def test_damage_that_shows_itself_on_the_way_stops_the_run(suspects: Path, folder: Path, workers: int, spoil: str) -> None:
    """Exit 2 and no traceback: what was judged without the index would look the same as what has no original."""
    base = sqlite3.connect(folder / "originals.sqlite")
    base.execute(spoil)
    base.commit()
    base.close()
    result = run("classify", suspects, "--index", folder, "--format", "jsonl", "--workers", workers)
    assert result.exit_code == 2
    assert f"{folder}: the index is damaged" in result.stderr and "Traceback" not in result.stderr


def test_a_built_index_is_one_file_that_is_only_read(folder: Path, suspects: Path) -> None:
    """So that many processes share it, on a disk that nobody may write to; building does not turn another program's database into one."""
    content = (folder / "originals.sqlite").read_bytes()
    assert run("classify", suspects, "--index", folder, "--workers", 2, "--format", "jsonl").exit_code == 0
    assert [path.name for path in folder.iterdir()] == ["originals.sqlite"]
    assert (folder / "originals.sqlite").read_bytes() == content
    foreign(folder.parent / "songs")
    assert run("index", "build", suspects, "-o", folder.parent / "songs").exit_code == 2
