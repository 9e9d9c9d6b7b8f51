"""Exit codes of `detector classify`: what could not be read, and what was asked for."""

from __future__ import annotations

from pathlib import Path

from .conftest import PAGE, Run, rows_of, verdicts


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
