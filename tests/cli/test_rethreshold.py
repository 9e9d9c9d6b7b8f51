"""`detector rethreshold`: a copy that loads, flags as it was told to, and says what it was chosen on."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from detector import Detector, Page
from tests.cli.conftest import Run

PROSE = "The town council agreed on Tuesday evening to repair the old bridge over the river Wend, for lorries of {} tons and {} horses. "


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred clean pages of fifty hosts that differ in length and links, two that cannot be judged, and some bad ones."""
    path = tmp_path_factory.mktemp("set") / "labelled.jsonl"
    rows: list[dict[str, object]] = [
        {
            "id": f"c{number}",
            "url": f"https://wend{number % 50}.org/{number}",
            "html": "".join(
                f"<p>{PROSE.format(number, part)}<a href='https://mill{part}.example/'>casino</a></p>" for part in range(3 + number % 17)
            ),
            "label": "clean",
            "group": f"wend{number % 50}.org",
        }
        for number in range(100)
    ]
    rows += [{"id": "short", "text": "Too short.", "label": "clean"}, {"id": "empty", "html": "", "label": "clean"}]
    rows += [{"id": f"b{number}", "text": PROSE * 5, "label": "spam"} for number in range(5)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("share", [0.03, 0.1, 0.5])
def test_the_copy_has_one_more_operating_point(run: Run, dataset: Path, small_artefact: Path, tmp_path: Path, share: float) -> None:
    """It loads at the new name, flags at most the share of the clean pages, and is the same model in all else."""
    out = tmp_path / "ours"
    result = run(
        "rethreshold", dataset, "--false-positive-rate", share, "--name", "ours", "-o", out, "--model", small_artefact, "--workers", 1
    )
    assert result.exit_code == 0, result.output
    before, after = Detector.load(small_artefact), Detector.load(out).at("ours")
    assert after.model == before.model
    assert {name: value for name, value in after.operating_points.items() if name != "ours"} == before.operating_points
    clean = [row for row in map(json.loads, dataset.read_text().splitlines()) if row["id"].startswith("c")]
    verdicts = list(after.classify_many(Page.from_html(row["html"], row["url"], row["id"]) for row in clean))
    flagged = sum(bool(verdict.flagged) for verdict in verdicts)
    assert flagged <= share * 100
    # The lowest such threshold: one page more would have been too many, unless pages tie.
    scores = sorted((verdict.flag_probability or 0.0 for verdict in verdicts), reverse=True)
    assert scores[int(share * 100)] < after.operating_points["ours"] <= scores[0] + 1e-6
    assert {verdict.operating_point for verdict in verdicts} == {"ours"}
    manifest = json.loads((out / "manifest.json").read_text())
    on = manifest["operating_points"]["ours"]["chosen_on"]
    assert (on["clean_pages"], on["groups"], on["not_judged"], on["flagged"], on["rate"]) == (100, 50, 2, flagged, share)
    assert on["dataset_digest"] == hashlib.sha256(dataset.read_bytes()).hexdigest()
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert {path.name for path in out.iterdir()} == {path.name for path in small_artefact.iterdir()}
    assert "Operating point `ours`" in (out / "CARD.md").read_text()
    assert run("doctor", "--model", out).stdout.count("ours") >= 1


def test_too_few_clean_pages_are_refused(run: Run, dataset: Path, small_artefact: Path, tmp_path: Path) -> None:
    """How many there are, how many it takes, and which rate they would bear; nothing is written."""
    out = tmp_path / "out"
    result = run("rethreshold", dataset, "--false-positive-rate", 0.001, "--name", "strict", "-o", out, "--model", small_artefact)
    assert result.exit_code == 2
    assert "100 clean pages" in result.stderr and "3,000" in result.stderr and "0.03" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"--false-positive-rate": "0"}, 2, "between 0 and 1"),
        ({"--false-positive-rate": "nan"}, 2, "between 0 and 1"),
        ({"--name": "default"}, 2, "already"),
        ({"--name": "custom"}, 2, "no name"),
        ({"--name": "a b"}, 2, "no name"),
        ({"--model": "nowhere"}, 2, "nowhere"),
        ({"DATASET": "nowhere.jsonl"}, 3, "nowhere.jsonl"),
    ],
)
def test_misuse_is_named(
    run: Run, dataset: Path, small_artefact: Path, tmp_path: Path, changes: dict[str, str], code: int, told: str
) -> None:
    """A line on standard error and nothing written."""
    given = {"--false-positive-rate": "0.1", "--name": "ours", "-o": str(tmp_path / "out"), "--model": str(small_artefact)} | changes
    source = given.pop("DATASET", str(dataset))
    result = run("rethreshold", source, *(part for pair in given.items() for part in pair))
    assert (result.exit_code, told in result.stderr) == (code, True), result.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_empty_and_a_damaged_estimator_are_refused(
    run: Run, dataset: Path, small_artefact: Path, tmp_path: Path
) -> None:
    """An artefact is never written over, least of all the one that is copied; a copy carries no damage on."""
    options = ("--false-positive-rate", 0.1, "--name", "ours", "--workers", 1)
    assert run("rethreshold", dataset, *options, "-o", small_artefact, "--model", small_artefact).exit_code == 2
    damaged = tmp_path / "damaged"
    shutil.copytree(small_artefact, damaged)
    (damaged / "model.skops").write_bytes(b"x")
    result = run("rethreshold", dataset, *options, "-o", tmp_path / "out", "--model", damaged)
    assert (result.exit_code, "model.skops" in result.stderr) == (2, True)
    assert not list((tmp_path / "out").iterdir())
