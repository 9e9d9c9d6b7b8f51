"""`detector classify`: rows, exit codes, failures, outputs."""

from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import Result

from .conftest import PAGE, rows_of

Run = Callable[..., Result]
Spawn = Callable[..., "subprocess.Popen[bytes]"]
KEYS = [
    "id",
    "url",
    "label",
    "flagged",
    "flag_probability",
    "probabilities",
    "evidence",
    "abstained",
    "partial",
    "operating_point",
    "threshold",
    "model",
]


def verdicts(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_page_gets_one_line_with_the_documented_keys(run: Run, tmp_path: Path) -> None:
    """Standard output holds rows and nothing else; standard error is silent where it is no terminal."""
    (tmp_path / "a.html").write_text(PAGE)
    result = run("classify", tmp_path / "a.html", "--url", "https://example.org/a", "--format", "jsonl")
    (row,) = verdicts(result)
    assert list(row) == KEYS
    assert (row["id"], row["url"], row["operating_point"]) == (str(tmp_path / "a.html"), "https://example.org/a", "default")
    assert (result.exit_code, result.stderr) == (0, "")


def test_pages_that_cannot_be_judged_abstain_with_their_reason(run: Run, tmp_path: Path) -> None:
    """Empty, a picture, binary zeros, too short: a row each with nulls, exit 0, for they were read."""
    (tmp_path / "a.html").touch()
    (tmp_path / "b.html").write_bytes(bytes.fromhex("ffd8ffe000104a4649460001") + bytes(range(256)) * 20)
    (tmp_path / "c.html").write_bytes(bytes(5000))
    (tmp_path / "d.txt").write_text("short")
    result = run("classify", tmp_path, "--format", "jsonl")
    rows = verdicts(result)
    assert [row["abstained"] for row in rows] == ["empty", "not-text", "not-text", "too-little-text"]
    assert all(row[key] is None for row in rows for key in ("label", "flagged", "flag_probability", "probabilities"))
    assert result.exit_code == 0


def test_damaged_text_is_still_judged(run: Run, tmp_path: Path) -> None:
    """UTF-8 cut inside a character, and a page with stray zero bytes, are pages."""
    (tmp_path / "cut.html").write_bytes((PAGE.replace("</html>", "") + "苹果").encode()[:-1])
    (tmp_path / "zeros.html").write_bytes(PAGE.encode().replace(b"council", b"coun\x00cil", 1))
    rows = verdicts(run("classify", tmp_path, "--format", "jsonl"))
    assert [row["label"] is not None for row in rows] == [True, True]


def test_unreadable_input_is_named_and_the_rest_is_answered(run: Run, tmp_path: Path) -> None:
    """Exit 3, a line on standard error for each failure, and a row for each page that could be read, in order."""
    (tmp_path / "a.jsonl").write_bytes(rows_of(1) + b"{broken\n" + rows_of(1, start=2) + b'{"id": "x"}\n')
    (tmp_path / "empty").mkdir()
    (tmp_path / "z.html").write_text(PAGE)
    sources = [tmp_path / name for name in ("missing.html", "a.jsonl", "empty", "z.html")]
    result = run("classify", *sources, "--format", "jsonl")
    assert result.exit_code == 3
    assert [row["id"] for row in verdicts(result)] == ["p0", "p2", str(tmp_path / "z.html")]
    said = result.stderr.splitlines()
    assert len(said) == 4
    for line, words in zip(
        said, ("missing.html: no such file", "line 2: is not JSON", "line 4: has neither", "empty: holds no pages"), strict=True
    ):
        assert words in line


def test_exit_code_tells_flagged_and_abstained_only_when_asked(run: Run, tmp_path: Path) -> None:
    """0 without --exit-code; 1 with it for a flag or an abstention; 3 goes before 1; clean is 0."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "short.txt").write_text("short")
    assert run("classify", tmp_path / "a.html", "--threshold", 0).exit_code == 0
    assert run("classify", tmp_path / "a.html", "--threshold", 0, "--exit-code").exit_code == 1
    assert run("classify", tmp_path / "a.html", "--threshold", 1, "--exit-code").exit_code == 0
    assert run("classify", tmp_path / "short.txt", "--exit-code").exit_code == 1
    assert run("classify", tmp_path / "short.txt", tmp_path / "missing.html", "--exit-code").exit_code == 3


def test_a_threshold_is_named_custom_and_points_are_named_by_name(run: Run, tmp_path: Path) -> None:
    """A stricter point has a higher threshold."""
    (tmp_path / "a.html").write_text(PAGE)
    rows = [
        verdicts(run("classify", tmp_path / "a.html", "--format", "jsonl", *point))[0]
        for point in (["--threshold", "0.3"], ["--operating-point", "high-precision"], ["--operating-point", "high-recall"])
    ]
    assert [row["operating_point"] for row in rows] == ["custom", "high-precision", "high-recall"]
    assert rows[0]["threshold"] == 0.3
    assert rows[1]["threshold"] >= rows[2]["threshold"]  # type: ignore[operator]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--bogus"],
        ["--format", "xml"],
        ["--threshold", "1.5"],
        ["--threshold", "0.5", "--operating-point", "default"],
        ["--operating-point", "perfect"],
        ["--semantic", "maybe"],
        ["--workers", "0"],
        ["--evidence", "-1"],
        ["--column", "body"],
        ["--column", "title=body"],
        ["--model", "/nowhere"],
        ["--resume"],
        ["-o", "/nowhere/o.jsonl"],
        ["-o", "o.jsonl.gz"],
        ["-o", "o.json"],
        ["<p>" + "The council met. " * 300],
        ["--format", "jsonl", "-o", "o.zst"],
        ["--facts", "-"],
        ["--url", "https://example.org/", "b.html"],
        ["--url", "notaurl"],
        ["--url", "javascript:alert(1)"],
        ["--url", "http://"],
    ],
)
def test_misuse_is_exit_2_before_anything_is_judged(run: Run, tmp_path: Path, arguments: list[str]) -> None:
    """What is wrong is said on standard error, without a traceback; standard output is empty."""
    (tmp_path / "a.html").write_text(PAGE)
    result = run("classify", tmp_path / "a.html", *arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.strip() and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.jsonl", "-o", "a.jsonl"],
        ["a.jsonl", "--facts", "a.jsonl"],
        ["b.jsonl", "-o", "o.jsonl", "--facts", "./o.jsonl"],
        ["b.jsonl", "-o", "o.jsonl", "--facts", "o.jsonl.part"],
        ["b.jsonl", "-o", "f.jsonl.part", "--facts", "f.jsonl"],
        ["b.jsonl", "--index", ".", "-o", "a.jsonl"],
        ["b.jsonl", "--index", ".", "-o", "/dev/null", "--facts", "a.jsonl"],
    ],
)
def test_no_output_replaces_what_the_run_reads_or_writes(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    """A slip of the hand costs no source, no index and no other output."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.jsonl", "b.jsonl"):
        Path(name).write_bytes(rows_of(1))
    result = run("classify", *arguments)
    assert result.exit_code == 2 and "give" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]
    assert Path("a.jsonl").read_bytes() == rows_of(1)


def test_a_run_does_not_read_what_it_wrote_into_its_own_directory(run: Run, tmp_path: Path) -> None:
    """The same command twice gives the same rows."""
    (tmp_path / "a.html").write_text(PAGE)
    for _ in range(2):
        assert run("classify", tmp_path, "-o", tmp_path / "o.csv", "--facts", tmp_path / "f.jsonl").exit_code == 0
        assert len((tmp_path / "f.jsonl").read_bytes().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_a_full_disk_is_a_message_in_every_format(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str) -> None:
    """Exit 2, where the first rows are written and where the last ones are."""
    monkeypatch.setattr("detector.sinks.arrow._GROUP", 2)
    for pages in (1, 3):
        result = run("classify", "--format", format, "-o", "/dev/full", input=rows_of(pages))
        assert result.exit_code == 2
        assert "any more" in result.stderr or "cannot be written" in result.stderr


def test_output_follows_the_suffix_and_a_summary_closes_the_run(run: Run, tmp_path: Path) -> None:
    """-o OUT.csv is CSV, standard output stays empty, and the summary counts what happened."""
    (tmp_path / "a.jsonl").write_bytes(rows_of(3) + b'{"text": "short"}\n{broken\n')
    result = run("classify", tmp_path / "a.jsonl", "-o", tmp_path / "o.csv", "--threshold", 1)
    assert (result.exit_code, result.stdout) == (3, "")
    with (tmp_path / "o.csv").open(newline="", encoding="utf-8") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["p0", "p1", "p2", "4"]
    assert result.stderr.splitlines()[-1].startswith("detector: 4 pages: 3 clean, 1 abstained (too-little-text 1); 1 unreadable; ")


def test_workers_give_the_same_rows_in_the_same_order(run: Run, tmp_path: Path) -> None:
    """Two processes answer like one, failures included."""
    (tmp_path / "a.jsonl").write_bytes(rows_of(40) + b"{broken\n" + rows_of(40, start=40))
    one = run("classify", tmp_path / "a.jsonl", "--format", "jsonl")
    two = run("classify", tmp_path / "a.jsonl", "--format", "jsonl", "--workers", 2)
    assert len(verdicts(one)) == 80
    assert (one.stdout, one.stderr, one.exit_code) == (two.stdout, two.stderr, two.exit_code)


def test_evidence_is_cut_to_the_number_asked_for(run: Run, tmp_path: Path) -> None:
    """--evidence 1 keeps the heaviest piece."""
    (tmp_path / "a.html").write_text(PAGE)
    everything, first = (
        verdicts(run("classify", tmp_path / "a.html", "--format", "jsonl", "--threshold", 0, *more))[0]["evidence"]
        for more in ([], ["--evidence", 1])
    )
    assert len(everything) > 1  # type: ignore[arg-type]
    assert first == everything[:1]  # type: ignore[index]


def test_columns_with_other_names(run: Run, tmp_path: Path) -> None:
    """--column html=body --column id=key reads an export as it is."""
    with (tmp_path / "a.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([["key", "body"], ["k1", PAGE]])
    (row,) = verdicts(run("classify", tmp_path / "a.csv", "--format", "jsonl", "--column", "html=body", "--column", "id=key"))
    assert row["id"] == "k1" and row["label"] is not None


def test_standard_input_is_the_default_source(run: Run) -> None:
    """A page or JSONL can be piped in without naming -."""
    (page,) = verdicts(run("classify", "--format", "jsonl", "--url", "https://example.org/a", input=PAGE))
    assert (page["id"], page["url"]) == ("-", "https://example.org/a")
    assert [row["id"] for row in verdicts(run("classify", "--format", "jsonl", input=rows_of(2)))] == ["p0", "p1"]


def test_a_packed_page_gets_the_verdict_of_the_plain_one(run: Run, tmp_path: Path) -> None:
    """.gz changes nothing but the name."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    plain, packed = verdicts(run("classify", tmp_path, "--format", "jsonl"))
    assert {**plain, "id": None} == {**packed, "id": None}


def test_a_private_address_needs_the_option(run: Run) -> None:
    """Without --allow-private a server on this machine is unreadable input; with it its page is judged."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/a"
        refused = run("classify", url, "--format", "jsonl")
        allowed = run("classify", url, "--format", "jsonl", "--allow-private")
        server.shutdown()
    assert (refused.exit_code, refused.stdout) == (3, "")
    assert "--allow-private" in refused.stderr
    assert allowed.exit_code == 0
    assert verdicts(allowed)[0]["url"] == url


def test_the_table_for_people_says_label_page_and_reason(run: Run, tmp_path: Path) -> None:
    """Without --format and -o it is a table, without colour where there is no terminal."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "b.html").touch()
    header, first, second = run("classify", tmp_path, "--threshold", 0).stdout.splitlines()
    assert header.split()[0] == "label"
    assert first.split()[0] in ("scraped", "hijacked", "spam") and "a.html" in first
    assert second.split()[0] == "abstained" and second.endswith("empty")
    assert "\x1b" not in header + first + second


@pytest.mark.parametrize("workers", [1, 2])
def test_a_closed_pipe_ends_the_run_quietly(spawn: Spawn, workers: int) -> None:
    """`detector classify … | head -1` says nothing on standard error and does not fail."""
    process = spawn("classify", "--format", "jsonl", "--workers", workers)
    assert process.stdin and process.stdout and process.stderr

    def feed() -> None:
        try:
            process.stdin.write(rows_of(400))  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
        except BrokenPipeError:
            pass

    threading.Thread(target=feed, daemon=True).start()
    assert json.loads(process.stdout.readline())["id"] == "p0"
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_write_protected_output_is_misuse(run: Run, tmp_path: Path) -> None:
    """A protected file is not replaced by way of its folder."""
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "o.jsonl").touch(mode=0o444)
    assert run("classify", tmp_path / "a.html", "-o", tmp_path / "o.jsonl").exit_code == 2


def test_the_tier_reaches_the_detector(run: Run, small_artefact: Path) -> None:
    """--semantic decides which threshold a verdict has, with workers too; left out, it is auto."""
    pages = rows_of(4)
    said = {
        (tier, workers): verdicts(
            run("classify", *(["--semantic", tier] if tier else []), "--model", small_artefact, "--workers", workers, "--format", "jsonl", input=pages)
        )
        for tier in ("never", "auto", "always", None)
        for workers in (1, 2)
    }  # fmt: skip
    assert {tier: rows[0]["threshold"] for (tier, _), rows in said.items()} == {"never": 0.59, "auto": 0.6, "always": 0.61, None: 0.6}
    for tier in ("never", "auto", "always"):
        assert said[tier, 1] == said[tier, 2]
    assert said["auto", 1] == said[None, 1]


def test_what_is_too_long_for_a_file_name_is_misuse_unless_it_is_an_address(run: Run, tmp_path: Path) -> None:
    """A page given as if it were its name; a very long address is fetched as any other, and named where it cannot be."""
    told = run("classify", PAGE * 100)
    assert told.exit_code == 2 and "pipe a page itself in" in told.stderr
    out = tmp_path / "out.jsonl"
    out.touch()
    address = "http://127.0.0.1:1/" + "a" * 5000 + ".html"
    for options in ([], ["-o", out], ["--url", "https://example.org/"]):
        told = run("classify", address, "--allow-private", *options)
        assert told.exit_code == 3 and "unreadable: http://127.0.0.1:1/a" in told.stderr
