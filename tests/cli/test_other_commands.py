"""explain, doctor, --version, --help, and how train and evaluate fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import detector
from detector import Detector, Page
from detector.cli.app import app
from detector.cli.evaluation import show
from detector.features.registry import SCHEMA

from .conftest import ENVIRONMENT, PAGE, rows_of

Run = Callable[..., Result]
COMMANDS = ("classify", "explain", "train", "evaluate", "rethreshold", "doctor")


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


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (("explain", "a.html"), "--report"),
        (("evaluate", "set.jsonl"), "--report"),
        (("classify", "a.html", "--format", "jsonl"), "--facts"),
        (("hosts", "v.jsonl", "--facts", "f.jsonl"), "--graph"),
        (("classify", "a.html"), "-o"),
    ],
)
def test_an_output_that_cannot_be_written_is_named_by_its_option(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], option: str
) -> None:
    """Advice to change `-o` helps nobody who gave none."""
    monkeypatch.chdir(tmp_path)
    Path("a.html").write_text(PAGE)
    Path("set.jsonl").write_text(json.dumps({"id": "1", "html": PAGE, "label": "clean"}) + "\n")
    Path("v.jsonl").touch()
    Path("f.jsonl").touch()
    for out, advice in (("missing/x.jsonl", f"give another {option}"), (".", f"give {option} the name of a file")):
        result = run(*command, option, out)
        assert result.exit_code == 2 and advice in result.stderr, result.output


def test_doctor_names_model_extras_and_judges_a_page(run: Run) -> None:
    """One look tells whether the installation works."""
    result = run("doctor")
    assert result.exit_code == 0, result.output
    for words in (detector.__version__, Detector.load().model, "high-precision", "[parquet]", "self-test", "flag probability"):
        assert words in result.stdout


def test_doctor_says_when_the_model_is_not_usable(run: Run, tmp_path: Path) -> None:
    """Exit 2 and the reason."""
    result = run("doctor", "--model", tmp_path)
    assert result.exit_code == 2
    assert "NOT USABLE" in result.stdout


def test_doctor_makes_no_store(run: Run, tmp_path: Path) -> None:
    """A mistyped name is said to be one."""
    pytest.importorskip("sqlalchemy")
    result = run("doctor", "--store", tmp_path / "store.db")
    assert result.exit_code == 2 and "no such store" in result.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples_that_start_with_the_command(run: Run, command: str) -> None:
    """Two to four lines to copy."""
    told = run(command, "--help")
    assert told.exit_code == 0
    assert "\b" not in told.stdout
    assert 2 <= sum(f"detector {command}" in line for line in told.stdout.partition("Examples:")[2].partition("Exit:")[0].splitlines()) <= 4


@pytest.mark.parametrize(("command", "word"), [("classify", "watchdog"), ("evaluate", "watchdog"), ("serve", "replaced")])
def test_help_says_what_becomes_of_a_page_that_hangs(run: Run, command: str, word: str) -> None:
    """One process that judges has nobody to end it, but for the service, whose workers are processes always."""
    assert word in run(command, "--help").stdout


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("classify --format ", ["table", "jsonl", "csv", "parquet"]),
        ("classify --semantic ", ["auto", "always", "never"]),
        ("classify --operating-point high", ["high-precision", "high-recall"]),
        ("serve --operating-point ", ["high-precision", "default", "high-recall"]),
        ("explain --format ", ["table", "json"]),
        ("evaluate --format ", ["table", "json"]),
        ("drift --format ", ["table", "json"]),
        ("hosts --format ", ["table", "jsonl", "csv", "parquet"]),
        ("index query --format j", ["jsonl"]),
    ],
)
def test_a_shell_completes_the_values_that_an_option_has(typed: str, values: list[str]) -> None:
    """As the script that `--install-completion` puts into the shell asks for them."""
    words = f"detector {typed}"
    asked = {"_DETECTOR_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    told = CliRunner().invoke(app, [], prog_name="detector", env=asked)
    assert told.stdout.split() == values


def test_version_is_printed_without_loading_the_libraries() -> None:
    """`detector --version` answers at once: neither numpy nor a parser nor rich is imported for it."""
    code = (
        "import sys; sys.argv = ['detector', '--version']\n"
        "from detector.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'selectolax', 'rich', 'pyarrow', 'sklearn', 'ssl'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert found.stdout.split("\n")[:2] == [f"detector {detector.__version__}", "[]"]


def test_train_without_a_configuration_is_misuse(run: Run, tmp_path: Path) -> None:
    """The message names the file; nothing is written."""
    pytest.importorskip("sklearn")
    result = run("train", "--config", tmp_path / "missing.toml", "-o", tmp_path / "model")
    assert result.exit_code == 2
    assert "missing.toml" in result.stderr
    assert not (tmp_path / "model").exists()


TRACK = """
from detector.cli.progress import progress
told = progress()
told.say("reading the corpus")
assert list(told.track(iter("abc"), "extracting 120 rows", 3)) == ["a", "b", "c"]
"""


def test_progress_is_a_line_a_stage_where_no_terminal_is() -> None:
    """A log holds no bars and no escapes."""
    done = subprocess.run([sys.executable, "-c", TRACK], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert (done.stdout, done.stderr) == ("", "reading the corpus\nextracting 120 rows\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_progress_is_a_bar_on_a_terminal() -> None:
    """A person sees the share that is done."""
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", TRACK], stdout=subprocess.PIPE, stderr=theirs, env=ENVIRONMENT | {"TERM": "xterm"}, check=True
    )
    os.close(theirs)
    seen = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.stdout == b""
    for words in ("reading the corpus", "extracting 120 rows", "100%", "\x1b["):
        assert words in seen


def test_an_extra_that_is_missing_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said instead of a traceback."""
    monkeypatch.delitem(sys.modules, "detector.training.train", raising=False)
    monkeypatch.setattr("builtins.__import__", _without("detector.training.train", "skops"))
    result = run("train", "--config", tmp_path / "train.toml", "-o", tmp_path / "model")
    assert result.exit_code == 2
    assert "contentfarm-detector[train]" in result.stderr


def _without(module: str, missing: str) -> Callable[..., object]:
    """An __import__ under which `module` cannot find `missing`."""
    original = __import__

    def importer(name: str, *arguments: object, **named: object) -> object:
        if name == module:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return original(name, *arguments, **named)  # type: ignore[arg-type]

    return importer


def measured(flagged: int, auc: float | None) -> dict[str, Any]:
    """Figures of five bad and five clean pages, as JSON has them."""
    rate = {"pages": 5, "groups": 5, "flagged": flagged, "rate": flagged / 5, "interval": [0.1, 0.9]}
    bad = {"pages": 5, "bad": 5, "bad_flagged": flagged, "clean_flagged": 0}
    slices = {"label": {"spam": bad, "clean": {"pages": 5, "bad": 0, "bad_flagged": 0, "clean_flagged": 1}}, "form": {"html": bad}}
    confusion = {"clean": {"clean": 4, "spam": 1}, "spam": {"clean": 5 - flagged, "spam": flagged}}
    found = {"pages": 10, "abstained": 0, "operating_point": "default", "threshold": 0.62, "auc": auc, "recall": rate, "model": "m@1"}
    return {**found, "recall_at": {"0.005": None}, "confusion": confusion, "slices": slices}


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which no cell is folded."""
    monkeypatch.setenv("COLUMNS", "160")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("│\n").split("│")]


def test_evaluate_tells_people_figures_by_name(capsys: pytest.CaptureFixture[str], wide: None) -> None:
    """Small tables with titles; none of JSON's keys; what is not known is said so."""
    show(measured(3, 0.98765), None)
    told = capsys.readouterr().out
    rows = [cells(line) for line in told.splitlines() if line.startswith("│")]
    assert told.startswith("m@1 at default, threshold 0.6200\n")
    for title in ("Figures, with intervals of 95 %", "What was said of what", "By label", "By form"):
        assert title in told
    assert ["bad pages flagged", "60.0% (10.0% to 90.0%; 3 of 5)"] in rows
    assert ["bad pages flagged, with 0.5% of clean", "unknown"] in rows
    assert ["area under the ROC curve", "0.9877"] in rows
    assert ["spam", "5", "3 of 5", "0 of 0"] in rows
    assert "_" not in told and "…" not in told


def test_evaluate_against_another_shows_what_differs(capsys: pytest.CaptureFixture[str], wide: None) -> None:
    """With the difference; what reads the same is left out, a whole table too."""
    show(measured(4, 0.9), measured(3, None))
    told = capsys.readouterr().out
    rows = [cells(line) for line in told.splitlines() if line.startswith("│")]
    assert [row[0] for row in rows if row[-1] == "+20.0 points"] == ["bad pages flagged"]
    assert ["area under the ROC curve", "unknown", "0.9000", ""] in rows
    assert ["spam", "bad flagged", "3 of 5", "4 of 5", "+1"] in rows
    assert ["spam", "said clean", "2", "1", "-1"] in rows
    assert not [row for row in rows if row[0] in ("pages", "clean")]
    show(measured(4, 0.9), measured(4, 0.9))
    assert capsys.readouterr().out.endswith("No figure differs.\n")
