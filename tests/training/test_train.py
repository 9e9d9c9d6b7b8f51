"""The whole run on a tiny corpus: the same arrays twice, a complete artefact, and errors that say what to do."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector import Detector, ModelError, Page, UsageError
from detector.errors import CorpusError
from detector.training import matching, topics, train
from tests.hashed import HashedTrigrams

CONFIG = """name = "tiny"
version = "1"
seed = 3
banks = "../../datasets/banks"
reviews = "../../datasets/reviews.tsv"
[compose]
bad = 100
controls = 40
[fit]
rounds = 4
max_leaf_nodes = 6
min_samples_leaf = 5
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, banks_folder: Path) -> Path:
    """A checkout with a train.toml, every tenth entry of the banks, and the templates."""
    root = tmp_path_factory.mktemp("project")
    for kind in ("passages", "identities"):
        (root / "datasets" / "banks" / kind).mkdir(parents=True)
        for path in sorted((banks_folder / kind).glob("*.jsonl")):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            (root / "datasets" / "banks" / kind / path.name).write_text("".join(lines[::10]), encoding="utf-8")
    shutil.copytree(banks_folder / "templates", root / "datasets" / "banks" / "templates")
    (root / "datasets" / "reviews.tsv").write_text("# none yet\n", encoding="utf-8")
    (root / "models" / "tiny").mkdir(parents=True)
    (root / "models" / "tiny" / "train.toml").write_text(CONFIG, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def runs(project: Path, tiny_corpus: Path) -> list[Path]:
    """Two runs of the same configuration, in one worker and in two."""
    folders = [project / "first", project / "second"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_EPOCHS", 1)
        patch.setattr(matching, "_FREQUENT", 20)
        for folder, workers in zip(folders, (1, 2), strict=True):
            train.run(project / "models" / "tiny" / "train.toml", tiny_corpus, folder, workers)
    return folders


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_training_twice_gives_the_same_arrays(runs: list[Path]) -> None:
    """The same lock file, threads and seed rebuild arrays of the same digest, whatever the number of workers."""
    first, second = map(manifest, runs)
    assert first["arrays_digest"] == second["arrays_digest"]
    assert first["training_digest"] == second["training_digest"]
    for key in ("operating_points", "tiers", "band"):
        assert first[key] == second[key]
    assert (runs[0] / "model.npz").read_bytes() == (runs[1] / "model.npz").read_bytes()


def test_a_validation_set_is_measured_and_trains_nothing(
    runs: list[Path], project: Path, tiny_corpus: Path, tmp_path: Path, validation_rows: list[dict[str, Any]]
) -> None:
    """With it or without: the same arrays, thresholds, band and other figures to the last digit; its own figures come on top."""
    path = tmp_path / "second.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in validation_rows), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_EPOCHS", 1)
        patch.setattr(matching, "_FREQUENT", 20)
        train.run(project / "models" / "tiny" / "train.toml", tiny_corpus, tmp_path / "out", 1, validation_set=path)
    with_it, without = manifest(tmp_path / "out"), manifest(runs[0])
    for key in ("arrays_digest", "training_digest", "operating_points", "tiers", "band", "reference"):
        assert with_it[key] == without[key], key
    told, before = (json.loads((folder / "metrics.json").read_text(encoding="utf-8")) for folder in (tmp_path / "out", runs[0]))
    found = told.pop("validation")
    assert told == before
    assert sum(part["pages"] for part in found["by_kind"].values()) == len(validation_rows)


def test_a_trained_artefact_is_complete_and_serves(runs: list[Path]) -> None:
    """Arrays, estimator, manifest, metrics, card and configuration; it loads and answers."""
    assert {path.name for path in runs[0].iterdir()} == {
        "model.npz",
        "model.skops",
        "manifest.json",
        "metrics.json",
        "CARD.md",
        "train.toml",
    }
    assert (runs[0] / "train.toml").read_text(encoding="utf-8") == CONFIG
    verdict = Detector.load(runs[0]).classify(Page.from_text("The council agreed on Tuesday evening to repair the old bridge. " * 10))
    assert sum((verdict.probabilities or {}).values()) == pytest.approx(1.0)


def test_a_model_is_made_and_served_with_the_encoder_that_the_configuration_names(project: Path, tiny_corpus: Path) -> None:
    """Its space is that encoder's, its manifest names it, and it answers with it alone."""
    path = project / "models" / "tiny" / "hashed.toml"
    path.write_text('embedder = "tests.hashed:HashedTrigrams"\n' + CONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_EPOCHS", 1)
        patch.setattr(matching, "_FREQUENT", 20)
        train.run(path, tiny_corpus, project / "hashed", 1)
    assert manifest(project / "hashed")["embedder"] == {"name": "hashed-trigrams", "version": "1", "dimensions": 128}
    with np.load(project / "hashed" / "model.npz") as arrays:
        assert arrays["encoder.basis"].shape == (128, matching.KEPT)
    page = Page.from_text("The council agreed on Tuesday evening to repair the old bridge over the river.\n\n" * 10)
    judge = Detector.load(project / "hashed", semantic="always", embedder=HashedTrigrams())
    assert judge.features(page)["coherence.parts"] > 0
    assert judge.classify(page).flag_probability is not None
    with pytest.raises(ModelError, match=r"made with the sentence encoder hashed-trigrams 1 \(128 dimensions\)"):
        Detector.load(project / "hashed")


@pytest.mark.parametrize(
    ("named", "match"),
    [
        ("tests.hashed", "no colon"),
        ("tests.nowhere:HashedTrigrams", "nowhere"),
        ("tests.hashed:Nothing", "Nothing"),
        ("tests.hashed:zlib", "not callable"),
        ("builtins:object", "lacks name, version, dimensions, languages, encode"),
        ("tests.hashed:Untrue", r"unit vectors of 128 dimensions: an array of shape \(2, 5\)"),
        ("tests.hashed:Narrow", "32 dimensions; give one of 96 or more"),
    ],
)
def test_an_encoder_that_is_none_is_named(named: str, match: str, project: Path) -> None:
    """When the configuration is read, before the corpus is."""
    path = project / "models" / "tiny" / "wrong.toml"
    path.write_text(f'embedder = "{named}"\n' + CONFIG, encoding="utf-8")
    with pytest.raises(UsageError, match=match) as caught:
        train.read_config(path)
    assert named in str(caught.value) and "wrong.toml" in str(caught.value)


def test_a_run_tells_its_stages_with_counts(project: Path, tiny_corpus: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A line a stage where no person watches, each with how many; nothing on standard output."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_EPOCHS", 1)
        patch.setattr(matching, "_FREQUENT", 20)
        train.run(project / "models" / "tiny" / "train.toml", tiny_corpus, project / "told", 1)
    told = capfd.readouterr()
    assert told.out == ""
    for stage in (r"taking 90 pages apart", r"extracting \d{3} rows", r"fitting 5 folds of \d{3} rows", r"fitting the model on \d{3} rows"):
        assert re.search(rf"^{stage}$", told.err, re.MULTILINE), stage
    assert "\x1b" not in told.err


def test_the_operating_points_are_ordered_by_their_rates(runs: list[Path]) -> None:
    """high-precision asks for the most, high-recall for the least; each carries its measured rate."""
    points = manifest(runs[0])["operating_points"]
    assert list(points) == ["high-precision", "default", "high-recall"]
    assert 1.0 > points["high-precision"]["threshold"] >= points["default"]["threshold"] >= points["high-recall"]["threshold"] > 0.0
    assert all("false_positive_rate" in point for point in points.values())


def test_the_card_says_what_the_model_was_made_from(runs: list[Path]) -> None:
    """The generated card names corpus and training digest and the operating points."""
    card = (runs[0] / "CARD.md").read_text(encoding="utf-8")
    found = manifest(runs[0])
    assert found["corpus_digest"][:16] in card
    assert found["training_digest"][:16] in card
    assert "high-precision" in card


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (CONFIG + "colour = 3\n", "colour"),
        (CONFIG + 'withheld = ["structure.colour"]\n', r"structure\.colour"),
        (CONFIG.replace("seed = 3\n", ""), "seed"),
        (CONFIG.replace("seed = 3", 'seed = "x"'), "train.toml"),
        ("name = ", "TOML"),
        (CONFIG.replace("bad = 100\n", ""), "bad"),
        (CONFIG.replace("[compose]", "[other]"), "compose"),
        (CONFIG.replace('banks = "../../datasets/banks"', "banks = 3"), "train.toml"),
    ],
)
def test_a_wrong_configuration_is_named(text: str, match: str, tmp_path: Path) -> None:
    """An unknown key, a missing one, a wrong type and a broken file are misuse, with the file's name."""
    path = tmp_path / "models" / "x" / "train.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=match) as caught:
        train.read_config(path)
    assert "train.toml" in str(caught.value)


def test_paths_are_relative_to_the_configuration(tmp_path: Path) -> None:
    """Wherever the file lies, beside its banks or far from them; a path that is not there is named with its key."""
    (tmp_path / "mine" / "banks").mkdir(parents=True)
    (tmp_path / "elsewhere.tsv").touch()
    path = tmp_path / "mine" / "train.toml"
    text = CONFIG.replace("../../datasets/banks", "banks").replace("../../datasets/reviews.tsv", str(tmp_path / "elsewhere.tsv"))
    path.write_text(text, encoding="utf-8")
    found = train.read_config(path)
    assert (found.banks.resolve(), found.reviews) == ((tmp_path / "mine" / "banks").resolve(), tmp_path / "elsewhere.tsv")
    for key, wrong in (("banks", text.replace('"banks"', '"../bank"')), ("reviews", text.replace("elsewhere.tsv", "nowhere.tsv"))):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(UsageError, match=rf"{key} = .* is .*{'bank' if key == 'banks' else 'nowhere'}.*, which is not there"):
            train.read_config(path)


def test_the_shipped_configuration_finds_its_banks(banks_folder: Path) -> None:
    """models/default/train.toml names the checkout's own."""
    found = train.read_config(banks_folder.parent.parent / "models" / "default" / "train.toml")
    assert found.banks.samefile(banks_folder)


def test_a_missing_configuration_or_corpus_writes_nothing(tmp_path: Path, project: Path) -> None:
    """Misuse is told before anything is written."""
    with pytest.raises(UsageError, match=r"nowhere\.toml"):
        train.run(tmp_path / "nowhere.toml", tmp_path, tmp_path / "out")
    with pytest.raises(CorpusError, match="no corpus"):
        train.run(project / "models" / "tiny" / "train.toml", tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
