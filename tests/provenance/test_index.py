"""The index of originals: what is found, what is not, and what it says of the difference."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detector import Page
from detector.cli.app import app
from detector.errors import OutputError, UsageError
from detector.provenance.article import date_of
from detector.provenance.index import OriginalsIndex
from detector.provenance.overlap import compare

from .articles import article, page


@pytest.fixture
def index(tmp_path: Path) -> OriginalsIndex:
    originals = OriginalsIndex(tmp_path / "index", create=True)
    pages = [page(article(seed), f"https://press.example/{seed}", f"2026-01-{seed % 28 + 1:02}") for seed in range(60)]
    assert originals.add(pages) == (60, 0)
    return originals


def test_a_copy_finds_its_original_with_date_and_overlap(index: OriginalsIndex) -> None:
    """Word for word, on another host under other boilerplate."""
    match = index.nearest(page(article(7), "https://farm.example/x", around="Home Car batteries Pumps"))
    assert match is not None
    assert (match.url, match.date) == ("https://press.example/7", "2026-01-08")
    assert match.overlap > 0.97 and match.similarity > 0.9


def test_what_was_put_in_or_changed_is_shown(index: OriginalsIndex) -> None:
    """A sentence about a casino in the middle, and one name changed, are the spans."""
    copied = article(9)
    copied[20:20] = ["Play the newest slots with a welcome bonus today."]
    copied[3] = copied[3].replace("The", "Yesterday the")
    match = index.nearest(page(copied, "https://farm.example/y"))
    assert match is not None and match.url == "https://press.example/9"
    assert 0.9 < match.overlap < 1
    changed = " ".join(match.spans)
    assert "Play the newest slots with a welcome bonus today" in changed and "Yesterday" in changed
    assert len(changed) < 200


def test_an_article_of_its_own_has_no_original(index: OriginalsIndex) -> None:
    """Nor has a page too short to tell, or one that only shares its vocabulary."""
    assert index.nearest(page(article(1000), "https://other.example/z")) is None
    assert index.nearest(Page.from_text("Too short.", "https://other.example/z")) is None


def test_a_page_is_not_its_own_original(index: OriginalsIndex) -> None:
    """The same address is the same page; a second copy elsewhere still finds the first."""
    assert index.nearest(page(article(5), "https://press.example/5")) is None


def test_of_equal_originals_the_one_dated_first_is_named(tmp_path: Path) -> None:
    """Whichever came into the index first; undated ones come last."""
    with OriginalsIndex(tmp_path, create=True) as originals:
        originals.add([page(article(1), "https://late.example/", "2026-03-01"), page(article(1), "https://undated.example/")])
        originals.add([page(article(1), "https://first.example/", "2025-12-31T08:00:00Z")])
        match = originals.nearest(page(article(1), "https://farm.example/"))
        assert match is not None and (match.url, match.date) == ("https://first.example/", "2025-12-31T08:00:00Z")


def test_an_index_can_be_added_to_and_holds_each_page_once(tmp_path: Path) -> None:
    """Building again with pages that are there adds the new ones alone."""
    with OriginalsIndex(tmp_path, create=True) as originals:
        assert originals.add([page(article(1), "https://a.example/")]) == (1, 0)
    with OriginalsIndex(tmp_path, create=True) as originals:
        assert originals.add([page(article(1), "https://a.example/"), page(article(2), "https://b.example/")]) == (1, 1)
        assert len(originals) == 2


def test_unspaced_scripts_are_compared_by_characters(tmp_path: Path) -> None:
    """A Chinese copy finds its original, and the sentence that was put in is the span."""
    signs = random.Random(3)
    sentences = ["".join(chr(0x4E00 + signs.randrange(2000)) for _ in range(24)) + "。" for _ in range(32)]
    with OriginalsIndex(tmp_path, create=True) as originals:
        originals.add([page(sentences, "https://press.example/zh")])
        copied = [*sentences[:15], sentences[15] + "苹果账号批发零售客服在线咨询。", *sentences[16:]]
        match = originals.nearest(page(copied, "https://farm.example/zh"))
    assert match is not None and match.overlap > 0.9
    assert match.spans == ("苹果账号批发零售客服在线咨询",)


def test_overlap_is_of_the_copy_and_spans_point_into_it() -> None:
    """Nothing shared is 0 with one span, everything 1 with none, however long the original is."""
    copy = "one two three four five six seven"
    assert compare(copy, copy + " and a lot more words besides") == compare(copy, copy)
    assert compare(copy, copy).share == 1 and compare(copy, copy).spans == ()
    other = compare(copy, "quite another text of eight words in all")
    assert other.share == 0 and other.spans == ((0, len(copy)),)
    assert compare("", copy).share == 0


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("<meta content='2026-02-03' property='article:published_time'>", "2026-02-03"),
        ('<script type="application/ld+json">{"datePublished": "2026-02-03T10:00:00+01:00"}</script>', "2026-02-03T10:00:00+01:00"),
        ('<time itemprop="datePublished" datetime="2026-02-03">3 Feb</time>', "2026-02-03"),
        ('<meta property="article:published_time" content="yesterday, I think">', None),
        ("", None),
    ],
)
def test_dates_are_read_where_publishers_put_them(head: str, date: str | None) -> None:
    """Open Graph, JSON-LD, microdata; what is no date is none."""
    assert date_of(Page.from_html(head)) == date_of(Page.from_html(head.encode())) == date


def test_a_folder_without_an_index_and_a_file_that_is_none_are_told(tmp_path: Path) -> None:
    """By name, with what to do."""
    with pytest.raises(UsageError, match="detector index build"):
        OriginalsIndex(tmp_path)
    (tmp_path / "originals.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(OutputError, match=str(tmp_path)):
        OriginalsIndex(tmp_path)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, Page], Path]:
    def write(name: str, given: Page) -> Path:
        (tmp_path / name).write_text(str(given.body))
        return tmp_path / name

    return write


def test_the_commands_build_and_query(tmp_path: Path, written: Callable[[str, Page], Path]) -> None:
    """From files to rows; what cannot be read is named, exit 3."""
    original = written("original.html", page(article(1), "", "2026-01-02"))
    copy, other = written("copy.html", page(article(1), "")), written("other.html", page(article(2), ""))
    built = run("index", "build", original, tmp_path / "missing.html", "-o", tmp_path / "index")
    assert built.exit_code == 3 and "1 originals added" in built.stderr and "missing.html" in built.stderr
    found = run("index", "query", tmp_path / "index", copy, other, "--format", "jsonl")
    assert (found.exit_code, found.stderr) == (0, "")
    first, second = map(json.loads, found.stdout.splitlines())
    assert (first["id"], first["original"]["id"], first["original"]["date"]) == (str(copy), str(original), "2026-01-02")
    assert first["original"]["overlap"] > 0.97 and second["original"] is None
    assert first["compared"] and second["compared"]
    short = written("short.html", Page.from_html("<p>Too short."))
    nothing = json.loads(run("index", "query", tmp_path / "index", short, "--format", "jsonl").stdout)
    assert (nothing["compared"], nothing["original"]) == (False, None)
    assert "not compared" in run("index", "query", tmp_path / "index", short).stdout
    table = run("index", "query", tmp_path / "index", copy).stdout
    assert "original.html" in table and "2026-01-02" in table
    assert run("index", "query", tmp_path / "nowhere", copy).exit_code == 2
    assert run("index", "query", tmp_path / "index", copy, "--format", "xml").exit_code == 2


@pytest.mark.parametrize("there", [True, False])
def test_an_index_in_which_nothing_is_is_not_left(tmp_path: Path, written: Callable[[str, Page], Path], there: bool) -> None:
    """Else every query would be answered "no original". A folder that was there stays."""
    folder, short = tmp_path / "index", written("short.html", Page.from_html("<p>Too short."))
    if there:
        folder.mkdir()
    for source, code in ((tmp_path / "missing.html", 3), (short, 0)):
        built = run("index", "build", source, "-o", folder)
        assert built.exit_code == code and "no index was left" in built.stderr
    assert folder.exists() == there and not (there and list(folder.iterdir()))
    queried = run("index", "query", folder, short)
    assert queried.exit_code == 2 and "detector index build" in queried.stderr


@pytest.mark.parametrize("there", [True, False])
def test_a_build_that_is_stopped_before_its_first_original_leaves_nothing(
    tmp_path: Path, written: Callable[[str, Page], Path], monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    """Ctrl-C while the first page is read, or while what was added is not committed yet; an index that was there stays as it was."""
    folder, first = tmp_path / "index", written("a.html", page(article(1), ""))
    if there:
        assert run("index", "build", first, "-o", folder).exit_code == 0
    with monkeypatch.context() as stopping:
        stopping.setattr(OriginalsIndex, "_insert", stopped(OriginalsIndex._insert, after=1))
        assert run("index", "build", written("b.html", page(article(2), "")), first, "-o", folder).exit_code == 130
    assert folder.exists() == there
    if there:
        with OriginalsIndex(folder) as originals:
            assert len(originals) == 1


def stopped(insert: Callable[..., bool], after: int) -> Callable[..., bool]:
    """`insert`, interrupted once it has done so many."""
    left = iter(range(after))

    def inserting(*given: object) -> bool:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return insert(*given)

    return inserting


def test_an_index_of_a_killed_build_that_holds_nothing_is_none(tmp_path: Path, written: Callable[[str, Page], Path]) -> None:
    """No query is answered out of it, and it can be added to."""
    first = written("a.html", page(article(1), ""))
    killed = OriginalsIndex(tmp_path / "index", create=True)
    killed._base.close()
    queried = run("index", "query", tmp_path / "index", first)
    assert queried.exit_code == 2 and "holds no original yet" in queried.stderr
    assert run("index", "build", first, "-o", tmp_path / "index").exit_code == 0
    assert run("index", "query", tmp_path / "index", first).exit_code == 0


def test_a_build_without_originals_leaves_what_another_is_still_adding(tmp_path: Path) -> None:
    """Two builds at once: the first to end, which has nothing, does not delete the file that the second writes."""
    adding = OriginalsIndex(tmp_path / "index", create=True)
    idle = OriginalsIndex(tmp_path / "index", create=True)
    idle._base.execute("PRAGMA busy_timeout=0")

    def pages() -> Iterator[Page]:
        yield page(article(1), "https://press.example/1")
        idle.close()
        yield page(article(2), "https://press.example/2")

    assert adding.add(pages()) == (2, 0)
    adding.close()
    with OriginalsIndex(tmp_path / "index") as originals:
        assert len(originals) == 2


@pytest.mark.parametrize("place", ["file/index", "protected/index", "protected"])
def test_a_place_where_no_index_can_be_made_is_told_as_such(tmp_path: Path, written: Callable[[str, Page], Path], place: str) -> None:
    """Another folder helps, building anew does not."""
    (tmp_path / "file").touch()
    (tmp_path / "protected").mkdir(mode=0o500)
    if place.startswith("protected") and os.access(tmp_path / "protected", os.W_OK):
        pytest.skip("root may write anywhere")
    built = run("index", "build", written("a.html", page(article(1), "")), "-o", tmp_path / place)
    assert built.exit_code == 2 and "anew" not in built.stderr and "Errno" not in built.stderr
    assert "give another folder" in built.stderr or "may write there" in built.stderr


def test_an_index_that_another_build_holds_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to wait for is said."""
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *given, **named: connect(*given, **{**named, "timeout": 0}))
    with OriginalsIndex(tmp_path, create=True) as originals:
        originals.add([page(article(1), "")])
    other = connect(tmp_path / "originals.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(OutputError, match="no other build is under way"):
        OriginalsIndex(tmp_path, create=True)
    other.close()
