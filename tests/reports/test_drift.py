"""Drift: nothing moves where nothing did, what moved comes first, and weeks are counted as they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import update
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from detector.cli.app import app
from detector.features.drift import MOVED, moved, reference_of
from detector.features.registry import NAMES
from detector.model.artefact import schema_digest
from detector.reports.drift import drift, weeks_of
from detector.store.records import Given
from detector.store.store import Store
from detector.store.tables import VerdictRow


def rows(count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found = rng.normal(size=(count, len(NAMES)))
    found[rng.random(found.shape) < 0.1] = np.nan
    return found


def test_the_same_pages_have_not_moved() -> None:
    then = json.loads(json.dumps(reference_of(rows(2000, 1))))
    assert max(moved(then, rows(2000, 2)).values()) < 0.1


def test_what_moved_comes_first_whether_by_value_or_by_becoming_unknown() -> None:
    now = rows(2000, 2)
    now[:, 3] += 1.0
    now[:, 5] = np.nan
    found = moved(reference_of(rows(2000, 1)), now)
    assert set(list(found)[:2]) == {NAMES[3], NAMES[5]}
    assert [name for name, value in found.items() if value > MOVED] == list(found)[:2]


def test_constant_and_never_known_features_are_no_error() -> None:
    then = rows(100, 1)
    then[:, 0], then[:, 1] = 7.0, np.nan
    assert moved(reference_of(then), then)[NAMES[0]] == moved(reference_of(then), then)[NAMES[1]] == 0.0


def test_the_last_bit_of_a_value_that_is_an_edge_moves_nothing() -> None:
    """Networks answer a page alone and among others alike to the last bits only."""
    then = np.round(rows(11, 1), 3)
    now = np.nextafter(then, -np.inf)
    assert reference_of(now) == reference_of(then)


def test_a_decision_on_an_abstained_page_overrules_nothing(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store.db"))
    base = {"id": "p", "url": None, "flagged": None, "flag_probability": None, "model": "m", "evidence": []}
    flagged, unjudged = ({**base, "label": "spam", "abstained": None}, {**base, "label": None, "abstained": "empty"})
    ids = store.add([Given(verdict, {}, "a.example") for verdict in (flagged, flagged, unjudged, unjudged)])
    for id, label in zip(ids, ("spam", "clean", "clean", "spam"), strict=True):
        store.correct(id, label, "", "ada")
    (week,) = drift(weeks_of(store.rows(), schema_digest()), None)["weeks"]
    store.close()
    assert (week["decided"], week["overruled"]) == (4, 0.5)


def test_a_store_that_is_none_is_misuse_and_is_not_made(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["drift", str(tmp_path / "missing" / "store.db")])
    assert done.exit_code == 2 and "no such store" in done.stderr and not done.stdout
    assert not list(tmp_path.iterdir())


def test_weeks_of_a_store_are_shown(tmp_path: Path) -> None:
    address = str(tmp_path / "store.db")
    store = Store(address)
    base = {"id": "p", "url": None, "flag_probability": 0.5, "abstained": None, "model": "m", "evidence": []}
    for week, shift in ((1, 0.0), (2, 2.0)):
        matrix = rows(60, week).astype(np.float32)
        matrix[:, 3] += shift
        given = [
            Given({**base, "label": "spam", "flagged": n < 15}, {}, "a.example", row.tobytes(), schema_digest())
            for n, row in enumerate(matrix)
        ]
        ids = store.add(given)
        store.correct(ids[0], "clean", "", "ada")
        store.correct(ids[1], "spam", "", "ada")
        with Session(store._engine) as session:
            session.execute(
                update(VerdictRow).where(VerdictRow.id.in_(ids)).values(created_at=datetime(2026, 11, 2 + 7 * week, tzinfo=UTC))
            )
            session.commit()
    # A model without a reference of its own: the first week is it.
    alone = drift(weeks_of(store.rows(), schema_digest()), None)
    store.close()
    assert alone["against"] == "2026-W46" and max(alone["weeks"][0]["moved"].values()) == 0.0
    assert next(iter(alone["weeks"][1]["moved"])) == NAMES[3]
    done = CliRunner().invoke(app, ["drift", address, "--format", "json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    first, second = found["weeks"]
    assert [first["week"], second["week"]] == ["2026-W46", "2026-W47"]
    assert (first["pages"], first["flagged"], first["decided"], first["overruled"]) == (60, 0.25, 2, 0.5)
    assert found["against"] == "training" and min(first["moved"].values()) > MOVED
    shown = CliRunner().invoke(app, ["drift", address])
    assert shown.exit_code == 0 and "2026-W47" in shown.stdout
