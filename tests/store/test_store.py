"""What a reviewer may rely on; the same for SQLite, for a store in memory and for PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

import detector
from detector import Detector, Page
from detector.errors import OutputError, UsageError
from detector.store.records import Filter, Given, Submission
from detector.store.store import Store


def given(label: str | None = "spam", probability: float | None = 0.9, host: str = "shop.example", **more: object) -> Given:
    evidence = [{"code": "links.x", "quote": "buy now", "message": "m", "weight": 0.1}]
    verdict = {"id": "p", "url": f"https://{host}/a", "label": label, "flag_probability": probability, "abstained": None, "model": "m@1"}
    verdict |= {"evidence": evidence, **more}
    return Given(
        verdict, {"links": 1.0}, host, b"\0\0\x80?", "digest", Submission("<p>buy now</p>", False, "buy now", ((0, 7, "body", None),))
    )


def test_a_verdict_comes_back_as_it_was_given(store: Store, detector: Detector) -> None:
    verdict = detector.classify(Page.from_html("<p>" + "buy followers cheap online casino " * 20, url="https://a.example/x")).to_dict()
    (id,) = store.add([Given(verdict, {"links": 0.5}, "a.example")])
    found = store.get(id)
    assert found is not None
    assert found.verdict == verdict and list(found.verdict) == list(verdict)
    assert found.to_dict()["verdict_id"] == id
    assert store.get("0" * 32) is None


@pytest.mark.parametrize("body", ["<p>ü\0\ud800 ok</p>", b"\xff\xfe\x00<p>"])
def test_a_page_comes_back_byte_for_byte(store: Store, body: str | bytes) -> None:
    submission = Submission(body, False, "ü 😀", ((0, 3, "body", None), (0, 1, "footer", "display")))
    (id,) = store.add([Given(given().verdict, {}, "a.example", submission=submission)])
    assert store.submission(id) == submission


def test_words_that_a_database_dislikes_are_kept(store: Store) -> None:
    evidence = [{"quote": "nul \0 and half a pair \ud83d", "message": "'; DROP TABLE verdicts; --"}]
    (id,) = store.add([given(evidence=evidence)])
    found = store.get(id)
    assert found is not None and found.verdict["evidence"] == evidence


def test_the_newest_correction_counts_and_undo_brings_back_the_one_before(store: Store) -> None:
    (id,) = store.add([given()])
    store.correct(id, "clean", "an honest shop", "ada")
    second = store.correct(id, "scraped", "", "ben")
    assert second is not None and second.decided == "scraped"
    undone = store.undo(id, "cy")
    assert undone is not None and undone.decided == "clean"
    assert [(c.label, c.reviewer, c.undone_by) for c in undone.corrections] == [("clean", "ada", None), ("scraped", "ben", "cy")]
    again = store.undo(id, "cy")
    assert again is not None and again.decided is None and len(again.corrections) == 2
    assert store.undo(id, "cy") is None
    assert store.correct("0" * 32, "clean", "", "ada") is None


def test_filters_by_label_host_probability_and_decision(store: Store) -> None:
    spam, clean, unknown, other = store.add(
        [
            given(),
            given("clean", 0.02, "a.paper.example"),
            given(None, None, "paper.example", abstained="empty"),
            given("scraped", 0.7, "nopaper.example"),
        ]
    )
    store.correct(clean, "clean", "", "ada")

    def found(**conditions: object) -> set[str]:
        return {row.verdict_id for row in store.find(Filter(**conditions))}  # type: ignore[arg-type]

    assert found() == {spam, clean, unknown, other}
    assert found(label="spam") == {spam}
    assert found(label="abstained") == {unknown}
    assert found(host="Paper.example") == {clean, unknown}
    assert found(host="%") == found(host="_aper.example") == set()
    assert found(min_probability=0.7) == {spam, other}
    assert found(max_probability=0.7) == {clean, other}
    assert found(decided=True) == {clean}
    assert found(decided=False, min_probability=0.8) == {spam}


def test_pages_of_a_listing_hold_each_verdict_once_newest_first(store: Store) -> None:
    ids = [store.add([given()])[0] for _ in range(7)]
    seen: list[str] = []
    before = None
    while rows := store.find(Filter(before=before, limit=3)):
        seen += [row.verdict_id for row in rows]
        before = seen[-1]
    assert sorted(seen) == sorted(ids) and seen == sorted(seen, reverse=True)


def test_what_was_submitted_goes_after_its_days_and_the_verdict_stays(store: Store) -> None:
    (id,) = store.add([given()])
    store.correct(id, "clean", "", "ada")
    assert store.purge(1) == 0 and store.submission(id) is not None
    assert store.purge(-1) == 1 and store.submission(id) is None
    found = store.get(id)
    assert found is not None and found.decided == "clean" and found.verdict["evidence"][0]["quote"] == ""
    assert [row.features for row in store.rows()] == [b"\0\0\x80?"]


def test_no_word_of_a_page_outlives_its_days(store: Store) -> None:
    words = "Zebulon", "Quibbleford", "payday"
    told = [
        {"code": "identity.owner-unrelated", "quote": "© Zebulon", "message": "the owner is Zebulon; the article is from The Quibbleford"},
        {"code": "address.spam-in-path", "quote": "payday", "message": "the path names “payday”, the host does not"},
    ]
    evidence = [{"source": "text", "role": "footer", "start": 3, "end": 12, "weight": 0.4, **piece} for piece in told]
    store.add([given(evidence=evidence)])
    assert store.purge(-1) == 1
    (row,) = store.rows()
    left = json.dumps([str(value) for name, value in vars(row).items() if not name.startswith("_")])
    assert not [word for word in words if word in left]
    assert [piece["code"] for piece in row.verdict["evidence"]] == [piece["code"] for piece in told]
    assert row.verdict["evidence"][0]["message"] == "identity: owner unrelated; its words were deleted with the page"


def test_only_the_newest_are_kept_when_asked(store: Store) -> None:
    ids = sorted(store.add([given() for _ in range(5)]))
    store.correct(ids[0], "clean", "", "ada")
    store.keep_newest(2)
    assert sorted(row.verdict_id for row in store.find(Filter())) == ids[3:]


def test_what_people_decided_is_read_for_training(store: Store) -> None:
    first, second = sorted(store.add([given(), given()]))
    store.correct(second, "clean", "", "ada")
    (one,) = store.decided()
    assert (one.verdict_id, one.label, one.host, one.schema_digest) == (second, "clean", "shop.example", "digest")
    assert one.submission is not None and one.submission.body == "<p>buy now</p>" and first != second


def test_many_reviewers_at_once_lose_nothing(store: Store) -> None:
    (id,) = store.add([given()])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.correct(id, "clean", str(number), "ada"), range(40)))
        list(pool.map(lambda _: store.add([given()]), range(40)))
    found = store.get(id)
    assert found is not None and sorted(int(c.note) for c in found.corrections) == list(range(40))
    assert len(store.find(Filter(limit=100))) == 41


def test_opening_again_keeps_everything(address: str) -> None:
    if address == "sqlite://":
        pytest.skip("a store in memory ends with its process")
    first = Store(address)
    (id,) = first.add([given()])
    first.close()
    second = Store(address)
    assert second.get(id) is not None
    second.close()


def test_a_reader_opens_what_is_there_and_makes_nothing(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such store"):
        Store(address, existing=True)
    assert not list(tmp_path.iterdir())
    if address == "sqlite://":
        return
    first = Store(address)
    (id,) = first.add([given()])
    first.close()
    reader = Store(address, existing=True)
    assert reader.get(id) is not None
    reader.close()


@pytest.mark.parametrize(("revision", "match"), [("0000", "newer version"), (None, "no such store")])
def test_a_reader_leaves_tables_of_another_version_alone(tmp_path: Path, revision: str | None, match: str) -> None:
    file = tmp_path / "store.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)" if revision else "CREATE TABLE notes (note TEXT)")
        if revision:
            database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        database.commit()
    before = file.read_bytes()
    with pytest.raises(UsageError, match=match):
        Store(str(file), existing=True)
    assert file.read_bytes() == before


def test_a_reader_does_not_bring_an_old_store_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "store.db"
    Store(str(file)).close()
    monkeypatch.setattr(ScriptDirectory, "get_current_head", lambda _: "9999")
    with pytest.raises(UsageError, match="older version; start `detector serve --store`"):
        Store(str(file), existing=True)


WRITER = """
import sys
from detector.store.store import Store
from tests.store.test_store import given
store = Store(sys.argv[1])
while True:
    (id,) = store.add([given()])
    store.correct(id, "clean", "", "ada")
    print(id, flush=True)
"""


def test_nothing_that_was_acknowledged_is_lost_when_the_process_is_killed(address: str) -> None:
    if address == "sqlite://":
        pytest.skip("a store in memory ends with its process")
    root = Path(detector.__file__).parent.parent
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{Path(__file__).parents[2]}"}
    writer = subprocess.Popen([sys.executable, "-c", WRITER, address], stdout=subprocess.PIPE, env=environment, text=True)
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline().strip() for _ in range(30)]
    writer.send_signal(signal.SIGKILL)
    acknowledged += writer.stdout.read().split()
    writer.wait()
    store = Store(address)
    for id in acknowledged:
        if len(id) == 32:
            found = store.get(id)
            assert found is not None and found.decided == "clean", id
    store.close()


@pytest.mark.parametrize("address", ["mysql://a@b/c", "nonsense://", "postgresql:///%%"])
def test_an_address_of_no_database_is_said_so(address: str) -> None:
    with pytest.raises((UsageError, OutputError), match="store"):
        Store(address)


def test_a_file_that_is_no_database_is_said_so_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not a database, but long enough to be looked at as one " * 20)
    with pytest.raises(OutputError, match="cannot be opened"):
        Store(str(file))
    assert file.read_text().startswith("not a database")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_nobody_else_reads_a_new_store_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "new" / "store.db"

    def modes() -> set[int]:
        store = Store(str(file))
        store.add([given()])
        files = list(file.parent.iterdir())
        found = {stat.S_IMODE(path.stat().st_mode) for path in files}
        assert {path.name for path in files} == {"store.db", "store.db-wal", "store.db-shm"}
        store.close()
        return found

    before = os.umask(0o022)
    try:
        assert modes() == {0o600}
        file.chmod(0o640)
        assert modes() == {0o640}
    finally:
        os.umask(before)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "notes").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        Store(str(tmp_path / "notes" / "store.db"))


def test_a_password_is_never_shown() -> None:
    with pytest.raises(OutputError) as caught:
        Store("postgresql://ada:secret@127.0.0.1:1/x")
    assert "secret" not in str(caught.value)
