"""The tables of tiers and of families left out, on a few pages: what is counted is what happened."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from detector import Detector
from detector.cli.doctor import SELF_TEST
from detector.features.registry import NAMES
from detector.training.evaluate import read_set
from tests.benchmarks import ablation, tiers
from tests.conftest import PAGES


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """The same page sixty times."""
    path = tmp_path / "pages.jsonl"
    path.write_text((json.dumps({"html": SELF_TEST.body, "url": SELF_TEST.url}) + "\n") * 60, encoding="utf-8")
    return path


def test_a_tier_is_counted_as_it_read(rows: Path) -> None:
    """No page for `never`, every page for `always`; of a page that returns only the first is encoded."""
    never, always = tiers.measure(rows, "never"), tiers.measure(rows, "always")
    assert (never.pages, never.deep, never.asked) == (60, 0, 0)
    assert (always.pages, always.deep) == (60, 60)
    assert always.asked > 5 * 60 and always.found >= always.asked * 59 / 60
    assert min(never.seconds, always.seconds, never.memory) > 0
    assert "none asked" in str(never) and " 0.0% " in str(never) and " 100.0% " in str(always)


def test_an_ablation_tells_what_a_family_brought(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A row for each family left out and one for all of them, with intervals; "all families" are the detector's own probabilities."""
    monkeypatch.setattr(sys, "argv", ["ablation", str(PAGES), "--most", "12", "--without", "coherence", "identity"])
    monkeypatch.setattr(ablation, "_RESAMPLES", 40)
    ablation.main()
    head, _, *told = capsys.readouterr().out.splitlines()
    assert head.endswith("12 bad and 12 clean pages of 24 groups")
    assert [line.split("  ")[1] for line in told] == ["all families", "without coherence", "without identity", "without any of them"]
    judge = Detector.load(semantic="always")
    pages = ablation.chosen(read_set(PAGES), 12)
    flagged = sum((judge.classify(page.page).flag_probability or 0.0) >= judge.operating_points["default"] for page in pages[:12])
    assert f"{flagged / 12:.1%} [" in told[0]


def test_what_a_family_brings_is_the_difference_with_its_interval() -> None:
    """A family that alone orders the pages loses all of the area above one half, in every resample; one that says nothing loses nothing."""
    bad = np.tile([True, False], 20)
    whole, level = np.where(bad, 0.9, 0.1), np.full(40, 0.5)
    found = ablation.Read(whole, bad, [f"host{number // 2}" for number in range(40)])
    places = ablation.resampled(found.groups)
    none, all_of_them = "0.0% [0.0%, 16.8%]", "100.0% [83.2%, 100.0%]"  # exact, for twenty hosts
    assert ablation.figures(level, whole, found, 0.8, places) == ["0.500 [0.500, 0.500]", none, none, "+0.500 [+0.500, +0.500]"]
    assert ablation.figures(whole, whole, found, 0.8, places)[1:] == [all_of_them, none, "+0.000 [+0.000, +0.000]"]


def test_a_family_left_out_is_unknown_and_the_others_as_they_were() -> None:
    """In a copy."""
    rows = np.arange(3.0 * len(NAMES)).reshape(3, -1)
    blanked = ablation.without(rows, ["identity"])
    unknown = np.isnan(blanked).all(axis=0)
    assert [name for name, blank in zip(NAMES, unknown, strict=True) if blank] == [name for name in NAMES if name.startswith("identity.")]
    np.testing.assert_array_equal(blanked[:, ~unknown], rows[:, ~unknown])
    assert not np.isnan(rows).any()
