"""`detector explain`: what a verdict rests on, for programs and for people."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from detector import Detector, Page
from detector.features.registry import SCHEMA

from .conftest import PAGE, Run, rows_of


def test_explain_gives_every_feature_with_its_family(run: Run, tmp_path: Path) -> None:
    """The JSON has the row that the model sees, null for unknown; shares sum to one; witnesses quote the text at their place."""
    (tmp_path / "a.html").write_text(PAGE)
    result = run("explain", tmp_path / "a.html", "--format", "json")
    found = json.loads(result.stdout)
    page = Page.from_file(tmp_path / "a.html")
    judge = Detector.load()
    row = judge.features(page)
    told = {f"{family}.{name}": value for family, part in found["families"].items() for name, value in part["features"].items()}
    told |= {f"{family}.mismatch": part["mismatch"] for family, part in found["families"].items()}
    assert told == {name: None if value != value else round(value, 6) for name, value in row.items()}
    assert abs(sum(part["share"] for part in found["families"].values()) - 1) < 0.01
    text = judge.document(page).text
    witnesses = [witness for part in found["families"].values() for witness in part["witnesses"]]
    assert any(witness["source"] == "text" for witness in witnesses)
    assert all(witness["quote"] == text[witness["start"] : witness["end"]] for witness in witnesses if witness["source"] == "text")
    assert {"id", "url", "label", "flag_probability", "probabilities"} < set(found)


def test_explain_for_people_names_families_features_and_places(run: Run, tmp_path: Path) -> None:
    """The page's verdict first, then what it rests on, quoted."""
    (tmp_path / "a.html").write_text(PAGE)
    told = run("explain", tmp_path / "a.html").stdout
    for words in ("flag probability", "identity", "mismatch", "share of the decision", "Buy Gmail accounts", "strength"):
        assert words in told
    assert "\x1b" not in told


def test_explain_says_what_was_not_read(run: Run, tmp_path: Path) -> None:
    """A family that nobody asked has a line, no share, and how to ask it; of one that was, what is unknown is one list."""
    (tmp_path / "a.html").write_text(PAGE)
    never = run("explain", tmp_path / "a.html", "--semantic", "never")
    always = run("explain", tmp_path / "a.html", "--semantic", "always")
    (line,) = [line for line in never.stdout.splitlines() if line.startswith("coherence")]
    assert "not read" in line and "--semantic always" in line
    assert "least_match" not in never.stdout and "not read" not in always.stdout and "least_match" in always.stdout
    for told in (never, always):
        assert not [line for line in told.stdout.splitlines() if " unknown " in line]
        assert all(f" {spec.name.partition('.')[2]}" in told.stdout for spec in SCHEMA if not spec.name.startswith("coherence."))
    found = json.loads(run("explain", tmp_path / "a.html", "--semantic", "never", "--format", "json").stdout)["families"]
    assert found["coherence"]["share"] == 0 and set(found["coherence"]["features"].values()) == {None}
    assert abs(sum(family["share"] for family in found.values()) - 1) < 0.01


def test_explain_says_that_a_page_was_not_judged(run: Run, tmp_path: Path) -> None:
    """An empty page has no features; a short one has them and abstains all the same."""
    (tmp_path / "a.html").touch()
    (tmp_path / "b.txt").write_text("Too short to tell.")
    empty = json.loads(run("explain", tmp_path / "a.html", "--format", "json").stdout)
    short = json.loads(run("explain", tmp_path / "b.txt", "--format", "json").stdout)
    assert (empty["abstained"], empty["label"], empty["families"]) == ("empty", None, {})
    assert short["abstained"] == "too-little-text" and short["families"]["structure"]["features"]
    # Nothing was decided: no family has a share of it.
    assert {family["share"] for family in short["families"].values()} == {None}
    told = run("explain", tmp_path / "b.txt").stdout
    assert "mismatch" in told and "share of the decision" not in told
    assert "abstained: empty" in run("explain", tmp_path / "a.html").stdout


def test_explain_into_a_closed_pipe_ends_quietly(spawn: Callable[..., subprocess.Popen[bytes]], tmp_path: Path) -> None:
    """`detector explain … | head -1` says nothing on standard error and does not fail."""
    (tmp_path / "a.html").write_text(PAGE)
    process = spawn("explain", tmp_path / "a.html")
    assert process.stdout and process.stderr
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""


def test_explain_takes_one_page(run: Run, tmp_path: Path) -> None:
    """A missing page is exit 3, several are misuse."""
    (tmp_path / "a.jsonl").write_bytes(rows_of(2))
    assert run("explain", tmp_path / "missing.html").exit_code == 3
    assert run("explain", tmp_path / "a.jsonl").exit_code == 2
