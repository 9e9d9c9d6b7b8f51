"""--help, --version, and what a shell completes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

import detector
from detector.cli.app import app

from .conftest import ENVIRONMENT, Run

COMMANDS = ("classify", "explain", "train", "evaluate", "rethreshold", "doctor")


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
