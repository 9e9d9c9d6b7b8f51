"""The run of all benchmarks: what it reckons, and that one that fails hides no other."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.benchmarks import all

PEERS = f"""60 pages of kind all, 109 KB on average, one core
{"":50}{"ms a page":>10}{"a second":>10}
{"detector, semantic never":50}{10.0:10.2f}{100.0:10.1f}
{"detector, semantic auto":50}{20.0:10.2f}{50.0:10.1f}
{"trafilatura.extract":50}{25.0:10.2f}{40.0:10.1f}
"""


def test_a_month_is_reckoned_from_the_rates_measured() -> None:
    """2.5 billion pages at 50 a second are 50 million core-seconds; peers are not reckoned."""
    never, auto = all.month(PEERS).splitlines()
    assert never.endswith("100.0 a second on one core are 6,944 core-hours") and "never" in never
    assert auto.endswith("50.0 a second on one core are 13,889 core-hours") and "auto" in auto


def test_every_table_is_printed_though_one_benchmark_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in a process of its own with the corpus and the pages asked for; the one that failed is named and ends in exit 1."""
    asked = []

    def run(command: list[str], **_: object) -> SimpleNamespace:
        asked.append(command)
        name = command[2].rpartition(".")[2]
        return SimpleNamespace(stdout=PEERS if name == "peers" else f"table of {name}\n", returncode=int(name == "stages"))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["all", "--corpus", "c", "--pages", "7"])
    assert all.main() == 1
    told = capsys.readouterr()
    assert told.err == "failed: stages; see above\n"
    assert "13,889" in told.out and "table of single" in told.out and "table of startup" in told.out
    assert [("--pages" in command, "c" in command) for command in asked] == [(True, True)] * 4 + [(False, False)]
