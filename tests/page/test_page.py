"""What a Page is made from: HTML or text, front matter, files, soups."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from detector import InputError, Page, UsageError
from detector.page.page import HTML, TEXT, looks_like_html, split_front_matter
from detector.page.read import Unreadable, read


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><p>x",
        "<!doctype HTML PUBLIC>",
        "<html>x",
        "<HTML lang=en>",
        "<head><title>x</title>",
        "<body class=a>x",
        "<p>one<p>two<p>three",
        "<div>a</div><ul><li>b</ul>",
        '<DIV ID="x">a<TABLE><TR>',
        "text first\n<h1>a</h1><section>b</section><footer>c</footer>",
    ],
)
def test_a_doctype_an_outer_tag_or_three_block_tags_make_html(text: str) -> None:
    """A str is HTML if it has a doctype, an html, head or body tag, or three block-level tags."""
    assert looks_like_html(text)
    assert Page(text).with_media_type().media_type == HTML
    assert Page(text.encode()).with_media_type().media_type == HTML


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "a stray <strong>word</strong> stays text",
        "<b>one</b> <i>two</i> <a href=x>three</a> <span>four</span>",
        "<p>one <p>two",
        "if a <p and b> c < d",
        "a <header-like> b <heading> c <bodywork> d",
        "x < y, y > z, <- arrow ->, <3 <3 <3",
        "<strong></strong>" * 50,
    ],
)
def test_stray_tags_leave_text_text(text: str) -> None:
    """Inline tags, however many, and fewer than three block tags do not make a str HTML."""
    assert not looks_like_html(text)
    assert Page(text).with_media_type().media_type == TEXT


def test_a_stray_tag_in_text_is_read_as_written() -> None:
    """Of a text nothing is stripped: what looks like a tag is text."""
    assert read(Page("moved from Stockholm<strong></strong> to Riga")).text == "moved from Stockholm<strong></strong> to Riga"


def test_txt_is_text_whatever_is_in_it(tmp_path: Path) -> None:
    """`.txt` is always text, `.html` and `.htm` always HTML."""
    for name, expected in (("a.txt", TEXT), ("A.TXT", TEXT), ("a.html", HTML), ("a.HTM", HTML)):
        path = tmp_path / name
        path.write_text("<!doctype html><p>One.</p><p>Two.</p><p>Three.</p>", encoding="utf-8")
        assert Page.from_file(path).media_type == expected
    assert read(Page.from_file(tmp_path / "a.txt")).text.startswith("<!doctype html>")


def test_a_file_of_another_name_is_told_by_its_content(tmp_path: Path) -> None:
    """Without a telling suffix the body decides."""
    path = tmp_path / "page"
    path.write_text("<html><body>x", encoding="utf-8")
    assert Page.from_file(path).with_media_type().media_type == HTML


def test_a_gzipped_file_is_read_as_the_file_inside(tmp_path: Path) -> None:
    """`.html.gz` and `.txt.gz` are read like `.html` and `.txt`."""
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress("Zażółć gęślą jaźń".encode()))
    page = Page.from_file(path)
    assert page.media_type == TEXT
    assert read(page).text == "Zażółć gęślą jaźń"


def test_a_missing_file_and_a_broken_gzip_name_the_file(tmp_path: Path) -> None:
    """What cannot be read is an InputError that names the file."""
    broken = tmp_path / "b.html.gz"
    broken.write_bytes(gzip.compress(b"<p>x" * 2000)[:40])
    false = tmp_path / "c.html.gz"
    false.write_bytes(b"<p>no gzip at all")
    for path in (tmp_path / "missing.html", broken, false, tmp_path):
        with pytest.raises(InputError, match=path.name):
            Page.from_file(path)


FRONT = b"---\nlabel: clean\nurl: https://example.org/a\nwhy: because\n---\n"


@pytest.mark.parametrize("front", [FRONT, FRONT.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + FRONT])
def test_front_matter_gives_the_address_and_is_no_part_of_the_page(front: bytes, tmp_path: Path) -> None:
    """A file may open with front matter; its url is the page's address, the rest is ignored."""
    path = tmp_path / "a.txt"
    path.write_bytes(front + b"The council met.\n")
    page = Page.from_file(path)
    assert (page.body, page.url) == (b"The council met.\n", "https://example.org/a")
    assert Page.from_file(path, url="http://other.example/").url == "http://other.example/"


@pytest.mark.parametrize("value", ["null", "", " "])
def test_front_matter_without_an_address_gives_none(value: str) -> None:
    """`url: null` and an empty url mean an unknown address."""
    assert split_front_matter(f"---\nurl:{value}\nlabel: spam\n---\nx".encode()) == (b"x", None)


@pytest.mark.parametrize(
    "body",
    [
        b"---\n\nA rule, then text.\n---\nmore",
        b"--- no front matter ---",
        b"text\n" + FRONT,
        b"---\nlabel: clean\nnever closed\n",
        b"---\n---\nx",
    ],
)
def test_what_only_resembles_front_matter_stays(body: bytes) -> None:
    """Dashes at the top of a text are text."""
    assert split_front_matter(body) == (body, None)


def test_a_soup_is_read_as_the_page_it_was_made_from() -> None:
    """`Page.from_soup` takes a BeautifulSoup that the caller has already."""
    html = "<html><head><title>T</title></head><body><h1>Head</h1><p>One <b>two</b> three.</p><ul><li>a<li>b</ul></body></html>"
    soup = read(Page.from_soup(BeautifulSoup(html, "html.parser"), url="https://example.org/"))
    direct = read(Page.from_html(html, url="https://example.org/"))
    assert (soup.text, soup.head, soup.address) == (direct.text, direct.head, direct.address)


@pytest.mark.parametrize(
    "body", ["", " \n\t ", b"", b"\n\n", "<html><body></body></html>", "<script>var a = 1</script>", "<!-- nothing -->"]
)
def test_a_page_without_text_has_no_document(body: str | bytes) -> None:
    """Nothing to read is the code `empty`."""
    with pytest.raises(Unreadable) as caught:
        read(Page.from_html(body))
    assert caught.value.reason == "empty"


def test_a_picture_has_no_document() -> None:
    """A JPEG is the code `not-text`, as HTML, as text and untold."""
    body = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20
    for page in (Page(body), Page.from_html(body), Page.from_text(body)):
        with pytest.raises(Unreadable) as caught:
            read(page)
        assert caught.value.reason == "not-text"


@pytest.mark.parametrize("kind", ["html", "text"])
def test_lone_surrogates_are_read(kind: str) -> None:
    """A str from JSON may hold half a surrogate pair; the page is read all the same."""
    body = "Half a pair \ud83d and a casino bonus."
    document = read(Page.from_html(f"<p>{body}</p>") if kind == "html" else Page.from_text(body))
    assert "and a casino bonus." in document.text


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Page(None), r"body is bytes or str, not NoneType; .*from_file"),  # type: ignore[arg-type]
        (lambda: Page(Path("a.html")), r"body is bytes or str, not \w*Path"),  # type: ignore[arg-type]
        (lambda: Page.from_text(bytearray(b"x")), r"body .* not bytearray"),  # type: ignore[arg-type]
        (lambda: Page("x", url=5), r"url is a str such as 'https://.*None where it is unknown, not int"),  # type: ignore[arg-type]
        (lambda: Page.from_html("x", url=b"https://example.org"), r"url .* not bytes"),  # type: ignore[arg-type]
        (lambda: Page("x", id=5), r"id is a str, not int; give str\(id\)"),  # type: ignore[arg-type]
        (lambda: Page("x", media_type=1), r"media_type is a str such as 'text/html'"),  # type: ignore[arg-type]
        (lambda: Page("x", charset=b"utf-8"), r"charset is a str such as 'utf-8'"),  # type: ignore[arg-type]
    ],
)
def test_an_attribute_of_another_type_is_misuse(make: Callable[[], Page], told: str) -> None:
    """Told when the page is made, with what to give, and not somewhere inside the parser."""
    with pytest.raises(UsageError, match=told):
        make()
