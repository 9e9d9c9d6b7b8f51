"""When the detector abstains, and with which code; short pages that are judged all the same; what is judged on a part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import Detector, Page
from tests.conftest import JPEG, PROSE

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
