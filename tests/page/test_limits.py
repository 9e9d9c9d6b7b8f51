"""The byte scan: honest pages pass untouched, absurd ones are cut before a parser sees them, and the cut is said."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from detector import Page
from detector.page.limits import DEFAULT, Limits, scan
from detector.page.read import Unreadable, read

PARAGRAPH = b"<p>The council met on Tuesday and agreed on the bridge.</p>\n"


def test_a_hand_written_page_passes_untouched(hand_written_page: Path) -> None:
    """Honest pages are read whole: the same bytes come out, and no verdict is partial."""
    body = hand_written_page.read_bytes()
    assert scan(body) == (body, False)
    assert read(Page.from_file(hand_written_page)).partial is None


def test_a_page_over_the_byte_limit_is_cut_and_says_so() -> None:
    """`max_bytes` are read; the document is partial."""
    limits = dataclasses.replace(DEFAULT, max_bytes=1_000)
    for page in (
        Page.from_html(PARAGRAPH * 100),
        Page.from_text(b"The council met.\n" * 100),
        Page.from_text(("The council met.\n" * 100).encode("utf-16")),
    ):
        document = read(page, limits)
        assert document.partial == "over-limit"
        assert 0 < len(document.text) <= 1_000


def test_a_text_as_str_over_the_byte_limit_is_cut_and_says_so() -> None:
    """The same holds for a str."""
    limits = dataclasses.replace(DEFAULT, max_bytes=1_000)
    for page in (Page.from_html(PARAGRAPH.decode() * 100), Page.from_text("The council met.\n" * 100)):
        document = read(page, limits)
        assert len(document.text) <= 1_000
        assert document.partial == "over-limit"


def test_a_page_over_the_refusal_limit_is_refused() -> None:
    """Nobody writes it for a reader: the code is `over-limit` and there is no document."""
    limits = dataclasses.replace(DEFAULT, refuse_bytes=1_000)
    for page in (Page.from_html(PARAGRAPH * 100), Page.from_text("x" * 1_001)):
        with pytest.raises(Unreadable) as caught:
            read(page, limits)
        assert caught.value.reason == "over-limit"


@pytest.mark.parametrize(
    ("limits", "body", "kept"),
    [
        (Limits(max_depth=50), b"<div>" * 49 + b"deep" + b"</div>" * 49, True),
        (Limits(max_depth=50), b"<div>" * 51 + b"deep" + b"</div>" * 51, False),
        (Limits(max_depth=50), b"<br><hr><img src=x>" * 40, True),
        (Limits(max_depth=50), b"<p>one<li>two<td>three" * 40, True),
        (Limits(max_tags=100, max_depth=50), b"<p>x</p>" * 50, True),
        (Limits(max_tags=100, max_depth=50), b"<p>x</p>" * 51, False),
        (Limits(max_options=20), b"<select>" + b"<option>x" * 19 + b"</select>", True),
        (Limits(max_options=20), b"<select>" + b"<option>x" * 21 + b"</select>", False),
    ],
)
def test_depth_tags_and_options_are_cut_at_their_limit(limits: Limits, body: bytes, kept: bool) -> None:
    """Under a limit nothing changes; over it the rest of the page is left out. Elements often left open do not count as deep."""
    found, cut = scan(body, limits)
    assert cut is not kept
    assert body.startswith(found)
    assert (found == body) is kept


@pytest.mark.parametrize(
    "unit",
    [
        "<div></x>", "<div></p></x>", "<p-x>", "<br-a>", "<li-x>", "<td1>", "<sourcex>", "<optionx>", "<br\0>", "<div></div-x>", "<div\v></div>", "<span><div></span></div>",
        "<div><table><td></div></table>", "<div><!--</div>-->", '<div title="</div>">', '<div><br x="></div>">', "<div><br =\"x=\"></div>\">", "<div><script></div></script>",
        "<div><textarea><!--</textarea></x>",
    ],
)  # fmt: skip
def test_an_end_tag_that_ends_nothing_is_no_way_round_the_depth(unit: str) -> None:
    """What a tree builder passes over is not counted, and names are compared whole."""
    body = unit.encode() * 4_000
    found, cut = scan(body)
    assert cut and body.startswith(found)
    found, cut = scan(unit.encode() * 900)
    assert not cut


@pytest.mark.parametrize("charset", ["cp037", "cp500", "hz", "iso-2022-jp"])
def test_an_encoding_hides_no_tags_from_the_scan(charset: str) -> None:
    """EBCDIC, which has another byte for "<", is not read as such."""
    body = ("<p>The council met.</p>" + "<div>" * 2 * DEFAULT.max_depth).encode(charset) + b"<" * 2 * DEFAULT.max_depth
    document = read(Page(body, None, "x", "text/html", charset))
    assert (document.partial == "over-limit") == (document.text == "The council met.") == (not charset.startswith("cp"))


@pytest.mark.parametrize(
    "unit", ["<svg><title>", "<svg><style><g>", "<svg><g><!--</g>-->", "<svg><foreignObject><style><!--</style>", "<math><title><mi>"]
)
def test_foreign_elements_hide_no_depth(unit: str) -> None:
    """In SVG a title has elements, and a comment is one where HTML has the text of a style."""
    document = read(Page.from_html(f"<p>The council met.</p>{unit}" + f"{unit.removeprefix('<svg>')}<div>" * 2 * DEFAULT.max_depth))
    assert document.partial == "over-limit"


def test_elements_that_are_ended_are_not_deep() -> None:
    """However many there are, and whatever their attributes, comments and scripts hold."""
    unit = b"<div class=a><a title='>' href=/x?a=1&b>x</a><!-- <b> --><script>'<div>' + \"<p a='\"</script><br/><SPAN\nid=\"<i>\">y</span ></DIV>"
    assert scan(unit * 1_800) == (unit * 1_800, False)


def test_a_tag_with_very_many_attributes_loses_them() -> None:
    """The tag stays, its attributes go, and what follows is read."""
    body = b"<p>before</p><div" + b"".join(b" a%d=1" % number for number in range(2_000)) + b">inside</div><p>after</p>"
    found, cut = scan(body)
    assert cut
    assert found == b"<p>before</p><div>inside</div><p>after</p>"


def test_a_picture_inside_a_tag_is_emptied_without_a_word() -> None:
    """A data URI of a megabyte is everyday work: it is dropped and the page is not partial."""
    body = b'<p>before</p><img alt="a map" src="data:image/png;base64,' + b"A" * 1_000_000 + b'"><p>after</p>'
    found, cut = scan(body)
    assert not cut
    assert found == b'<p>before</p><img alt="a map" src="data:,"><p>after</p>'


def test_text_blocks_and_links_are_bounded() -> None:
    """What features read is bounded, and the document says when something was left out."""
    body = b"".join(b"<p><a href=/%d>link %d</a></p>" % (number, number) for number in range(200))
    for limits in (Limits(max_blocks=50), Limits(max_links=50), Limits(max_text=500)):
        for page in (Page.from_html(body), Page.from_text("https://example.org/a\n" * 200)):
            document = read(page, limits)
            assert document.partial == "over-limit"
            assert len(document.blocks) <= limits.max_blocks + 2
            assert len(document.links) <= limits.max_links + 2
            assert len(document.text) <= limits.max_text + 20


def test_one_long_run_of_text_is_cut_at_the_text_limit() -> None:
    """A single paragraph over the limit is cut in HTML as it is in plain text."""
    limits = Limits(max_text=1_000)
    for page in (Page.from_html("<p>" + "x" * 5_000), Page.from_text("x" * 5_000)):
        document = read(page, limits)
        assert document.partial == "over-limit"
        assert len(document.text) <= limits.max_text


def test_the_limits_are_frozen() -> None:
    """Limits are one record that nobody changes in passing."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULT.max_bytes = 1  # type: ignore[misc]
