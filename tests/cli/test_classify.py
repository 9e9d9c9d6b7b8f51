"""`detector classify`: the rows that pages get, and what its options make of them."""

from __future__ import annotations

import csv
import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .conftest import PAGE, Run, rows_of, verdicts

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
