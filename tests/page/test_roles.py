"""Every block of an HTML page gets a role, and every span is exact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import Page
from detector.page.document import ROLES, Document
from detector.page.read import Unreadable, read

FIRST = (
    "The town council agreed on Tuesday evening to repair the old bridge over the river Wend, "
    "which has been closed to lorries since the flood of last winter."
)
SECOND = (
    "Work is to begin in April and last for about five months, the head of the building department "
    "said, and buses will take the long way round by the mill."
)
PAGE = f"""<html><head><title>Bridge - The Wend Gazette</title></head><body>
<header><a href="/">The Wend Gazette</a></header>
<nav><ul><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/news">News</a></div>
<article><h1>Council agrees to repair the old bridge over the Wend</h1>
<p class="byline">By Anna Miller</p>
<p>{FIRST.replace("Wend,", '<a href="/wend">Wend</a>,')}</p>
<figure><img src="/b.jpg"><figcaption>The bridge in January</figcaption></figure>
<p>{SECOND}</p></article>
<div class="tags"><a href="/t/bridge">bridge</a> <a href="/t/flood">flood</a></div>
<div class="prev-next">Previous: <a href="/1">New pool opens in May</a>
Next: <a href="https://other.example/2" rel="nofollow">Library extends its hours</a></div>
<div class="related"><h3>Related articles</h3><ul><li><a href="/3">Market moves to the square</a></li></ul></div>
<ul class="products"><li><a href="/p/1">Postcards of the bridge</a></li></ul>
<div class="ad-slot"><a href="https://shop.example/">Boots at half price</a></div>
<div id="comments"><p>Rita: About time, I say, my bus takes forty minutes longer every day since January.</p></div>
<form><label>Your mail</label><button>Subscribe</button></form>
<footer><p>12 Mill Lane, Wend</p><p>Copyright © 2024 The Wend Gazette</p></footer></body></html>"""


@pytest.fixture(scope="module")
def document() -> Document:
    return read(Page.from_html(PAGE))


@pytest.mark.parametrize(
    ("quote", "role"),
    [
        ("The Wend Gazette", "nav"),
        ("News", "nav"),
        ("Sport", "nav"),
        ("Home > News", "breadcrumb"),
        ("Council agrees to repair the old bridge over the Wend", "headline"),
        ("By Anna Miller", "byline"),
        (FIRST, "body"),
        ("The bridge in January", "caption"),
        (SECOND, "body"),
        ("bridge flood", "tags"),
        ("Previous: New pool opens in May", "prevnext"),
        ("Next: Library extends its hours", "prevnext"),
        ("Market moves to the square", "related"),
        ("Postcards of the bridge", "products"),
        ("Boots at half price", "ads"),
        ("Rita: About time, I say, my bus takes forty minutes longer every day since January.", "comments"),
        ("12 Mill Lane, Wend", "footer"),
        ("Copyright © 2024 The Wend Gazette", "copyright"),
    ],
)
def test_a_newspapers_page_has_every_role(document: Document, quote: str, role: str) -> None:
    """Roles come from elements, from class and id words, from markers and from place."""
    assert [block.role for block in document.blocks if document.quote(block) == quote] == [role]


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("<a href=/a>Previous: Pool opens</a> <a href=/b>Next: Library closes</a>", ["Previous: Pool opens", "Next: Library closes"]),
        ("<a href=/a>Previous: Pool opens |</a> <a href=/b>Next: Library closes</a>", ["Previous: Pool opens", "Next: Library closes"]),
        (
            "<a href=/a>Previous: Pool opens</a> <a href=/c>|</a> <a href=/b>Next: Library closes</a>",
            ["Previous: Pool opens", "", "Next: Library closes"],
        ),
        ("<a href=/a>Previous: Pool opens</a> <a href=/b>| Next: Library closes</a>", ["Previous: Pool opens", "Next: Library closes"]),
        ("<a href=/a>Previous: Pool opens | Next: Library closes</a>", ["Previous: Pool opens"]),
    ],
)
def test_links_stand_in_the_part_of_a_line_that_they_lead_from(line: str, links: list[str]) -> None:
    """What separates previous from next is in neither, linked or not."""
    document = read(Page.from_html(f"<h1>Council</h1><p>{FIRST}</p><p>{line}</p>"))
    assert [document.text[link.start : link.end] for link in document.links] == links
    for link in document.links:
        block = document.blocks[link.block]
        assert block.start <= link.start <= link.end <= block.end


def test_the_main_text_is_found_without_any_names() -> None:
    """A table layout with no class, no id and no modern element still has its main text, menu and owner."""
    html = f"""<table><tr><td><a href=/>Start</a> <a href=/n>News</a></td></tr><tr><td><h1>Council agrees to repair the bridge</h1>
    <p>{FIRST}<p>{SECOND}</td></tr><tr><td>&copy; 2024 The Wend Gazette</td></tr></table>"""
    found = read(Page.from_html(html))
    assert found.role_text("body") == f"{FIRST}\n{SECOND}"
    assert found.role_text("nav") == "Start News"
    assert found.role_text("headline") == "Council agrees to repair the bridge"
    assert found.role_text("copyright") == "© 2024 The Wend Gazette"


def test_a_heading_names_the_links_that_follow_it() -> None:
    """Without class names, “Related articles” says what the list below it is."""
    html = (
        f"<h1>Council agrees to repair the bridge</h1><p>{FIRST}</p><p>{SECOND}</p><h4>Related articles</h4>"
        "<ul><li><a href=/3>Market moves to the square</a><li><a href=/4>Ferry timetable</a></ul>"
    )
    found = read(Page.from_html(html))
    assert [text for text in found.role_text("related").splitlines() if text != "Related articles"] == [
        "Market moves to the square",
        "Ferry timetable",
    ]


def test_links_have_exact_spans_hosts_and_blocks(document: Document) -> None:
    """A link's span is its text, its host is lower case or None when relative, its block holds it."""
    found = {document.text[link.start : link.end]: link for link in document.links}
    assert set(found) == {
        "The Wend Gazette",
        "News",
        "Sport",
        "Home",
        "Wend",
        "bridge",
        "flood",
        "New pool opens in May",
        "Library extends its hours",
        "Market moves to the square",
        "Postcards of the bridge",
        "Boots at half price",
    }
    assert (found["Library extends its hours"].host, found["Library extends its hours"].rel) == ("other.example", "nofollow")
    assert (found["Wend"].host, found["Wend"].href) == (None, "/wend")
    for text, link in found.items():
        assert text in document.quote(document.blocks[link.block])


def test_counts_of_a_block_are_raw(document: Document) -> None:
    """Links, linked characters, words and characters of a block; families divide."""
    block = next(block for block in document.blocks if block.role == "tags")
    assert (block.links, block.linked_characters, block.words, block.characters) == (
        2,
        len("bridge") + len("flood"),
        2,
        len("bridge flood"),
    )
    assert block.path == "body/body/div"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<b>two</b> three</p>", "onetwo three"),
        ("<p>a\n\n b\t<i> c</i></p>", "a b c"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>x</p>y<p>z</p>", "x\ny\nz"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("<p>&lt;b&gt; &amp; &copy;&nbsp;2024</p>", "<b> & © 2024"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<p>a<script>no</script>b<style>no</style></p>", "ab"),
        ("<p>a<!-- no -->b</p>", "ab"),
        ("<td>cell</td><p>after", "cell\nafter"),
        ("<p>a</p><noscript>no</noscript><template><p>no</p></template><svg><text>no</text></svg>", "a"),
    ],
)
def test_inline_runs_together_and_blocks_part(html: str, text: str) -> None:
    """The text reads as a browser lays it out: inline elements join, block elements and <br> part, scripts and styles are none."""
    assert read(Page.from_html(html)).text == text


def test_anchors_inside_anchors_are_counted_once() -> None:
    """Linked characters of a block never exceed its characters."""
    found = read(Page.from_html('<a href="/x"><table><tr><td><a href="/y">some words here</a></td></tr></table></a>'))
    assert [block.linked_characters <= block.characters for block in found.blocks] == [True]


def test_a_link_round_both_previous_and_next_is_cut_with_the_block() -> None:
    """When a block is split, no link reaches out of its half."""
    found = read(
        Page.from_html(
            "<h1>Title</h1><p>"
            + FIRST
            + '</p><div class="prev-next"><a href="/1">Previous: New pool opens in May Next: Library extends its hours</a></div>'
        )
    )
    for link in found.links:
        block = found.blocks[link.block]
        assert block.start <= link.start < link.end <= block.end


_TAGS = [
    "a",
    "p",
    "div",
    "span",
    "table",
    "td",
    "li",
    "ul",
    "h1",
    "h2",
    "nav",
    "footer",
    "main",
    "article",
    "b",
    "select",
    "option",
    "textarea",
    "svg",
    "style",
    "noscript",
    "br",
    "center",
    "pre",
    "form",
    "xq9z",
]
_ATTRIBUTES = st.sampled_from(
    [
        "",
        " href=/a",
        ' href="http://other.example/x"',
        " style='display:none'",
        " hidden",
        " class=footer",
        ' class="prev-next"',
        " id=comments",
        " class=copyright",
        " class=entry-content",
    ]
)
_WORDS = st.text(alphabet="ab c\n\t.:|©上一篇下次казі\u200b\u00adİß𠀀é&<", max_size=30) | st.sampled_from(
    ["Previous: one Next: two", "上一篇：甲 下一篇：乙", "Copyright © 2024 A", "casino bonus", "By Anna"]
)
_PIECES = st.one_of(
    st.tuples(st.sampled_from(_TAGS), _ATTRIBUTES).map(lambda pair: f"<{pair[0]}{pair[1]}>"),
    st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>"),
    _WORDS,
)


def assert_exact(document: Document) -> None:
    end = 0
    for block in document.blocks:
        assert end <= block.start < block.end <= len(document.text)
        end = block.end
        assert block.role in ROLES
        assert document.quote(block).strip() != ""
        assert block.words >= 1
    for link in document.links:
        assert 0 <= link.start < link.end <= len(document.text)
        assert 0 <= link.block < len(document.blocks)
    for hit in document.hits:
        assert 0 <= hit.start < hit.end <= len(document.text)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_markup_gives_ordered_blocks_with_known_roles(html: str) -> None:
    """Blocks follow each other without overlap, lie in the text, and have one of the documented roles, whatever the markup."""
    try:
        document = read(Page.from_html(html))
    except Unreadable as error:
        assert error.reason == "empty"
        return
    assert_exact(document)
    assert document == read(Page.from_html(html))


@given(st.lists(_WORDS, max_size=20).map("\n".join))
def test_any_text_gives_ordered_blocks_with_known_roles(text: str) -> None:
    """The same holds for plain text."""
    try:
        document = read(Page.from_text(text))
    except Unreadable as error:
        assert error.reason == "empty"
        return
    assert_exact(document)


def test_a_sentence_that_mentions_a_date_is_no_byline() -> None:
    """A marker signs where it opens the block; "Councillors asked for a date" is a sentence of the article."""
    line = "Councillors of both parties had asked for a date since the flood closed the road."
    found = read(Page.from_html(f"<h1>Bridge</h1><p>Date: 4 May 2024</p><p>{line}</p><p>{FIRST}</p><p>{SECOND}</p>"))
    roles = {found.quote(block): block.role for block in found.blocks}
    assert roles[line] == "body"
    assert roles["Date: 4 May 2024"] == "byline"
