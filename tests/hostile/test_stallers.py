"""Pages that stall parsers: each has its verdict with evidence within two seconds, alone and in bulk, and a cut is said.

Every native HTML parser hangs on one of these (measured, DESIGN.md). They are large, so they are made here. Time is the process's own,
so that a busy machine does not fail the test.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from detector import Detector, InputError, Page
from detector.page.read import Unreadable, read
from detector.verdict import Verdict
from tests.hostile.bounded import BOUND, bounded

PAGES = Path(__file__).parents[1] / "pages"


@pytest.fixture(scope="module")
def thorough() -> Detector:
    """Does all that it can for a page: reads it for meaning, as `auto` does where the first tier leaves it open, and collects its evidence.

    Tables and models are loaded once a process; that is not the page's time.
    """
    found = Detector.load(semantic="always").at_threshold(0.0)
    assert found.classify(
        Page.from_html(f"<title>Bridge</title><p>{WORDS.decode() * 9}</p><p>casino bonus slot gacor", "https://example.org/a")
    ).evidence
    return found


def nested(tag: str) -> Callable[[], bytes]:
    return lambda: b"<p>before</p>" + f"<{tag}>".encode() * 200_000 + b"deep" + f"</{tag}>".encode() * 200_000


WORDS = b"the council agreed on tuesday evening to repair the old bridge "
CUT: dict[str, Callable[[], bytes]] = {
    "200,000 attributes": lambda: b"<p>before</p><div " + b" ".join(b"a%d=1" % number for number in range(200_000)) + b">inside</div>",
    "200,000 attributes without an end": lambda: b"<p>before</p><div " + b" ".join(b"a%d=1" % number for number in range(200_000)),
    "200,000 nested div": nested("div"),
    "200,000 nested table": nested("table"),
    "200,000 nested span": nested("span"),
    "200,000 nested b": nested("b"),
    "50,000 option": lambda: b"<select>" + b"<option>x" * 50_000 + b"</select><p>after",
    "10 MB of <": lambda: b"<" * 10_000_000,
    "20,000 nested tables with cells": lambda: b"<p>before</p>" + b"<table><tr><td>" * 20_000 + b"deep" + b"</td></tr></table>" * 20_000,
    "one line of 10 MB": lambda: b"<p>" + WORDS * (10_000_000 // len(WORDS)),
    "100,000 links": lambda: b"".join(b'<a href="/%d">link %d</a> ' % (number, number) for number in range(100_000)),
    "1,000,000 zero-width characters": lambda: ("<p>" + "w\u200b" * 1_000_000).encode(),
    "100,000 unclosed inline elements": lambda: b"<b><i><u>x" * 33_000,
    "100,000 comments": lambda: b"<p>before</p>" + b"<!--<p>-->" * 100_000,
    "15,000 scripts that write a little": lambda: b"<p>" + WORDS * 10 + b"</p>" + b"<script>a.write('ab')</script>" * 15_000,
    "60,000 div with end tags that end nothing": lambda: b"<p>before</p>" + b"<div></x>" * 60_000 + b"</h1>" * 60_000,
    "60,000 crossed elements": lambda: b"<p>before</p>" + b"<span><div></span></div>" * 60_000,
    "60,000 names like a void element's": lambda: b"<p>before</p>" + b"<p-x><br-a><sourcex>" * 20_000 + b"</h1>" * 60_000,
    "a script whose rest is not read": lambda: (
        b"<p>before</p><script>" + b"document.write('casino bonus play today ');" * 9_000 + b"</script>"
    ),
    "100,000 distinct class names": lambda: b"".join(b'<p class="c%d x%d">w</p>' % (number, number) for number in range(100_000)),
}


def said_of(verdict: Verdict) -> str | None:
    """What is not judged of a page, whether or not the rest is."""
    return verdict.partial or verdict.abstained


@pytest.mark.parametrize("name", CUT)
def test_a_staller_is_cut_in_time_and_says_so(name: str, thorough: Detector) -> None:
    """Judged on a part, or not at all, and never clean in silence."""
    body = CUT[name]()
    with bounded():
        verdict = thorough.classify(Page.from_html(body, "https://example.org/a"))
    assert said_of(verdict) == "over-limit"


@pytest.mark.skipif(sys.platform == "win32", reason="the time of other processes is asked as POSIX has it")
def test_stallers_in_bulk_harm_no_page_between_them() -> None:
    """In worker processes every one is answered within the bound, on average, and each honest page beside it as in process."""
    import resource

    honest = [path for path in sorted((PAGES / "demo").iterdir()) if path.suffix in (".html", ".txt")]
    pages = []
    for number, name in enumerate(CUT):
        pages += [Page.from_html(CUT[name](), "https://example.org/a", name), Page.from_file(honest[number % len(honest)])]
    detector = Detector.load()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    verdicts = list(detector.classify_many(pages, workers=2))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < BOUND * len(CUT)
    assert [said_of(verdict) for verdict in verdicts[::2]] == ["over-limit"] * len(CUT)
    assert verdicts[1::2] == [detector.classify(page) for page in pages[1::2]]


def test_a_page_whose_text_lies_beyond_the_cut_is_over_the_limit_and_not_empty() -> None:
    """Nothing left after a cut is another thing than nothing there."""
    with pytest.raises(Unreadable) as caught:
        read(Page.from_html(b"<div>" * 200_000 + b"deep"))
    assert caught.value.reason == "over-limit"


@pytest.mark.parametrize(
    "make",
    [
        lambda: WORDS * (10_000_000 // len(WORDS)),
        lambda: ("w\u200b" * 1_000_000).encode(),
        lambda: b"https://example.org/a " * 100_000,
        lambda: b"<" * 10_000_000,
        lambda: b"a\n" * 3_000_000,
    ],
    ids=["one line of 10 MB", "1,000,000 zero-width characters", "100,000 addresses", "10 MB of <", "3,000,000 lines"],
)
@pytest.mark.parametrize("kind", [bytes, str])
def test_a_staller_as_plain_text_is_cut_in_time_and_says_so(make: Callable[[], bytes], kind: type, thorough: Detector) -> None:
    """Plain text is an equal of HTML here too, as bytes and as str."""
    body = make()
    with bounded():
        verdict = thorough.classify(Page.from_text(body if kind is bytes else body.decode()))
    assert said_of(verdict) == "over-limit"


@pytest.mark.parametrize(
    "unit",
    [
        "<p>{a|b|",
        "<div style='left:-",
        "<a href=",
        "a ",
        "中(",
        "@a",
        "1 ",
        "+44 ",
        "&amp;",
        "[/img",
        "上一篇下一篇",
        "©",
        "— ",
        "，",
        "https://",
        "A.",
        "Copyright ",
        "İ",
        "aа",
        "\u202e",
        "t.me/",
        "best 20",
        "{",
        "]]>",
    ],
)
def test_text_made_of_what_patterns_look_for_takes_linear_time(unit: str, thorough: Detector) -> None:
    """No pattern of a family or of the reader has super-linear time on its worst input: as HTML, as text and in the head."""
    body = unit * (150_000 // len(unit))
    for page in (
        Page.from_text(body),
        Page.from_html(
            f"<title>{body}</title><style>{body}</style><p>{body}</p><footer>{body[:500]}</footer>", f"https://example.org/{unit * 200}"
        ),
    ):
        with bounded():
            thorough.classify(page)


def test_a_gigabyte_of_zeros_in_a_gzip_is_refused_by_name(tmp_path: Path) -> None:
    """A file that unpacks beyond the cap is an error that names it, before memory is gone."""
    path = tmp_path / "zeros.html.gz"
    member = gzip.compress(bytes(64 * 1024 * 1024), compresslevel=1)
    path.write_bytes(member * 16)
    with bounded(), pytest.raises(InputError, match=r"zeros\.html\.gz: unpacks to more than"):
        Page.from_file(path)


REPEATED = {
    "a news outlet's name": "<p>Reuters says so again</p>",
    "a hidden outbound link": '<p style="opacity:0"><a href="http://b.example/">x</a></p>',
    "a copyright line": "<p>© 2024 A B</p>",
    "a previous and next pair": "<p>Previous: one Next: two</p>",
    "a hidden spam term": '<p style="opacity:0">casino</p>',
    "a spam anchor": '<p><a href="http://b.example/">casino bonus</a></p>',
    "a heading": "<h3>Related</h3>",
    "a list item": "<li>ab",
    "an image": '<img class=logo src="http://a.example/x">',
    "a photo credit": "<p>Reuters photo by Anna Miller</p>",
    "a style": '<p style="left:-%d99px">a</p>',
}


@pytest.mark.parametrize("name", REPEATED)
def test_a_page_of_very_many_blocks_of_one_kind_is_read_in_time(name: str, thorough: Detector) -> None:
    """Nothing compares every block with every other: 19,000 blocks of any one kind stay within the bound."""
    blocks = "\n".join(REPEATED[name].replace("%d", str(number)) for number in range(19_000))
    prose = f"<p>{WORDS.decode() * 5}</p>"
    for body in (f"<h1>Council agrees to repair the bridge</h1>{prose}{blocks}", f"<article>{prose}{blocks}{prose}</article>"):
        with bounded():
            thorough.classify(Page.from_html(body, "https://example.org/a"))
