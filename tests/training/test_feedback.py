"""Corrections train, by host and with measure, and are never among the pages that anything is measured on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector.errors import UsageError
from detector.features.joint import Joint
from detector.features.ngrams import TopicModel
from detector.model.artefact import schema_digest
from detector.store.records import Given, Submission
from detector.store.store import Store
from detector.training import matching, topics, train
from detector.training.corpus import fold_of
from detector.training.feedback import MAX_PER_HOST, Feedback, read_feedback
from detector.training.progress import Lines
from detector.training.rows import Readers
from tests.training.test_train import CONFIG, manifest, project  # noqa: F401

SPAM = "<h1>Gardening</h1><p>" + "Plant the beans in May, water them in the evening. Best online casino bonus here. " * 8


class Quiet(Lines):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, message: str) -> None:
        self.said.append(message)


# A network that must not be asked.
UNASKED = Joint(*(np.zeros(0, dtype=np.float32) for _ in range(4)))


def keep(address: str, hosts: list[str], label: str = "spam", **more: Any) -> list[str]:
    verdict = {"id": "p", "label": "clean", "flagged": False, "flag_probability": 0.1, "abstained": None, "model": "m", "evidence": []}
    store = Store(address)
    ids = []
    for number, host in enumerate(hosts):
        given = {"submission": Submission(f"{SPAM} {number}", False), **more}
        (id,) = store.add([Given({**verdict, "url": f"https://{host}/{number}" if host else None}, {}, host, **given)])
        store.correct(id, label, "", "ada")
        ids.append(id)
    store.close()
    return ids


def test_rows_weights_and_folds_are_by_host(tmp_path: Path, topic_model: TopicModel) -> None:
    address = str(tmp_path / "store.db")
    loud = ["loud.example"] * (2 * MAX_PER_HOST)
    keep(address, [*loud, "www.quiet.example", ""])
    found = read_feedback(address, Readers(topic_model), 3.0, {"quiet.example": 4}, 1, Quiet())
    assert found is not None
    assert found.weights[:-2].sum() == pytest.approx(3.0 * MAX_PER_HOST) and found.weights[-2:].tolist() == [3.0, 3.0]
    assert set(found.folds[:-2].tolist()) == {fold_of("loud.example")} and found.folds[-2] == 4
    assert found.facts["pages"] == len(loud) + 2 and found.facts["hosts"] == 3 and found.facts["labels"] == {"spam": len(loud) + 2}


def test_a_fold_is_tried_by_models_that_saw_none_of_its_hosts() -> None:
    found = Feedback(
        np.arange(6.0).reshape(3, 2),
        {},
        (np.zeros((0, 8, 1)), np.zeros((0, 8, 1))),
        np.array([0, 1, 2]),
        np.ones(3),
        np.array([0, 1, 0]),
        {},
    )
    assert found.outside(0)[1].tolist() == [1] and found.outside(3)[1].tolist() == found.outside(None)[1].tolist() == [0, 1, 2]


def test_where_the_page_is_gone_its_stored_row_is_used_if_it_fits(tmp_path: Path, topic_model: TopicModel) -> None:
    from detector.features.registry import NAMES

    address = str(tmp_path / "store.db")
    row = np.linspace(0, 1, len(NAMES), dtype=np.float32)
    keep(address, ["a.example"], submission=None, features=row.tobytes(), schema_digest=schema_digest())
    keep(address, ["b.example"], submission=None, features=row.tobytes(), schema_digest="another version")
    told = Quiet()
    found = read_feedback(address, Readers(topic_model), 1.0, {}, 1, told)
    assert found is not None and np.allclose(found.rows, row[None, :])
    assert "1 corrections are left out" in told.said[0]
    # Nothing was read anew, so no model has anything to fill in.
    assert np.array_equal(found.filled(None, (UNASKED, UNASKED)).rows, found.rows)


def test_a_store_that_is_none_is_misuse_and_is_not_made(tmp_path: Path, topic_model: TopicModel) -> None:
    with pytest.raises(UsageError, match="no such store"):
        read_feedback(str(tmp_path / "store.db"), Readers(topic_model), 1.0, {}, 1, Quiet())
    assert not list(tmp_path.iterdir())


def test_an_undone_correction_does_not_train(tmp_path: Path, topic_model: TopicModel) -> None:
    address = str(tmp_path / "store.db")
    (id,) = keep(address, ["a.example"])
    store = Store(address)
    store.undo(id, "ada")
    store.close()
    assert read_feedback(address, Readers(topic_model), 1.0, {}, 1, Quiet()) is None


def test_training_with_corrections_changes_verdicts_on_other_hosts_and_measures_on_none(
    project: Path,  # noqa: F811
    tiny_corpus: Path,
    tmp_path: Path,
) -> None:
    from detector import Detector, Page

    address = str(tmp_path / "store.db")
    # Against what the tiny model believes: towards it, its chances have little room left.
    keep(address, [f"site{number}.example" for number in range(60)], "clean")
    config = project / "models" / "tiny" / "train.toml"
    config.write_text(CONFIG.replace("rounds = 4", "rounds = 12"), encoding="utf-8")
    folders = project / "before", project / "after"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics, "_EPOCHS", 1)
        patch.setattr(matching, "_FREQUENT", 20)
        for folder, store in zip(folders, (None, address), strict=True):
            train.run(config, tiny_corpus, folder, 1, progress=Quiet(), feedback_store=store)
    config.write_text(CONFIG, encoding="utf-8")
    before, after = (json.loads((folder / "metrics.json").read_text()) for folder in folders)
    assert after["feedback"]["pages"] == 60 and "feedback" not in before
    assert after["pages"] == before["pages"] and after["real_clean"]["pages"] == before["real_clean"]["pages"]
    assert manifest(folders[1])["reference"]["pages"] > 0
    page = Page.from_html(f"{SPAM} on another host", "https://elsewhere.example/x")
    chances = [Detector.load(folder).classify(page).flag_probability or 0.0 for folder in folders]
    odds = [chance / (1.0 - chance) for chance in chances]
    assert 2.0 * odds[1] < odds[0], odds
