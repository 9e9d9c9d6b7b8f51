"""`detector evaluate --attacks`: figures for every attack and strength, of the unseen half, and of honest tools."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from detector import Page
from detector.attacks.base import STRENGTHS
from detector.attacks.registry import ATTACKS, TOOLS
from detector.cli.app import app
from detector.training.evasion import _summary, attacked

PROSE = "The council met on Tuesday evening and agreed to repair the old bridge before the winter. "
SPAM = "Play casino slots online with free spins, a welcome bonus and sports betting on every match. "


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Two bad pages and one clean, one of them plain text."""
    rows = [
        {"id": "1", "url": "https://oakdental.org/a", "html": f"<html><body><p>{SPAM * 6}</p><footer>© 2024 Dr. Oak</footer></body></html>", "label": "spam"},
        {"id": "2", "text": f"Oak Dental\n{SPAM * 6}\n© 2024 Dr. Oak", "label": "hijacked"},
        {"id": "3", "url": "https://oaktown.org/news", "html": f"<html><body><h1>The bridge</h1><p>{PROSE * 12}</p></body></html>", "label": "clean"},
    ]  # fmt: skip
    path = tmp_path / "set.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_every_attack_and_strength_is_measured(labelled: Path) -> None:
    """JSON for programs: pages, share flagged before and after, abstained; attacks on markup alone leave plain text out."""
    done = CliRunner().invoke(app, ["evaluate", str(labelled), "--attacks", "--format", "json", "--workers", "1"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["evasion"]
    assert list(found["attacks"]) == [attack.name for attack in ATTACKS] and list(found["tools"]) == [tool.name for tool in TOOLS]
    for attack in (*ATTACKS, *TOOLS):
        entry = (found["attacks"] | found["tools"])[attack.name]
        assert entry["half"] == ("training" if attack.training else "testing")
        assert entry["pages"] == (1 if attack.html_only or attack in TOOLS else 2)
        assert list(entry["strengths"]) == [f"{strength:g}" for strength in STRENGTHS]
        for figures in entry["strengths"].values():
            assert 0 <= figures["flagged"] <= 1 and 0 <= figures["abstained"] <= entry["pages"]
    assert set(found["summary"]) == {"unseen", "all", "clean_flagged_most"}


def test_people_get_a_table(labelled: Path) -> None:
    """A line for each attack and strength."""
    done = CliRunner().invoke(app, ["evaluate", str(labelled), "--attacks", "--workers", "1"], env={"COLUMNS": "160"})
    assert done.exit_code == 0, done.output
    for name in ("homoglyphs", "buried", "cookie-banner", "flagged after", "Under attack", "mean over all attacks", "Figures"):
        assert name in done.stdout
    assert "evasion." not in done.stdout and "clean_flagged" not in done.stdout


def test_without_attacks_none_is_tried(labelled: Path) -> None:
    """They cost forty times as much as the set."""
    done = CliRunner().invoke(app, ["evaluate", str(labelled), "--format", "json", "--workers", "1"])
    assert "evasion" not in json.loads(done.stdout)


def test_an_attack_depends_on_the_page_alone() -> None:
    """Not on its name, nor on what was attacked before."""
    for attack in ATTACKS:
        first, second = (
            attacked(Page.from_html(f"<p>{SPAM}</p>", "https://oakdental.org/a", name), attack, 0.5, [PROSE]).body for name in "ab"
        )
        assert first == second


def test_an_attack_that_betrays_the_page_does_not_make_up_for_one_that_hides_it() -> None:
    """Shares above one count as one; the half that training may see is no part of the unseen."""

    def found(half: str, share: float) -> dict[str, object]:
        return {"half": half, "strengths": {"1": {"of_before": share, "flagged": 0.1}}}

    summary = _summary({"a": found("testing", 0.4), "b": found("testing", 2.4), "c": found("training", 0.1)}, {})
    assert summary["unseen"] == {"mean": 0.7, "least": 0.4}
    assert summary["all"] == {"mean": 0.5, "least": 0.1}
