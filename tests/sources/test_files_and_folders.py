"""Files, directories, MHTML: what is a page, what is named instead."""

from __future__ import annotations

import gzip
import os
import time
from pathlib import Path

import pytest

from detector import Page
from detector.page.page import MAX_UNPACKED
from detector.sources import Failure, Item, Options, open_pages

HTML = "<!doctype html><title>A bridge</title><p>The council approved a bridge.</p>"
MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/bridge
Subject: A bridge
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----b"

------b
Content-Type: text/css
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/style.css

p {{}}
------b
Content-Type: text/html; charset=windows-1251
Content-Transfer-Encoding: base64
Content-Location: https://example.org/bridge

{body}
------b--
"""


def read(*sources: Path | str, **options: object) -> list[Item]:
    return list(open_pages(map(str, sources), Options(**options)))  # type: ignore[arg-type]


def only_page(*sources: Path | str, **options: object) -> Page:
    (item,) = read(*sources, **options)
    assert isinstance(item, Page), item
    return item


def only_failure(*sources: Path | str, **options: object) -> Failure:
    (item,) = read(*sources, **options)
    assert isinstance(item, Failure), item
    return item


@pytest.mark.parametrize(("name", "media_type"), [("a.html", "text/html"), ("a.HTM", "text/html"), ("a.txt", "text/plain")])
def test_the_suffix_says_whether_a_file_is_html_or_text(tmp_path: Path, name: str, media_type: str) -> None:
    """A .txt is text even if it looks like HTML, upper case or not."""
    (tmp_path / name).write_text(HTML)
    page = only_page(tmp_path / name)
    assert (page.media_type, page.id, page.body) == (media_type, str(tmp_path / name), HTML.encode())


def test_a_packed_page_is_the_page_that_was_packed(tmp_path: Path) -> None:
    """.html.gz needs no unpacking by hand."""
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(HTML.encode()))
    page = only_page(tmp_path / "a.html.gz")
    assert (page.body, page.media_type) == (HTML.encode(), "text/html")


def test_the_url_option_is_the_address_of_a_file(tmp_path: Path) -> None:
    """`--url` reaches the page."""
    (tmp_path / "a.html").write_text(HTML)
    assert only_page(tmp_path / "a.html", url="https://example.org/a").url == "https://example.org/a"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.html.gz", gzip.compress(os.urandom(4000))[:-1000]),
        ("false.html.gz", b"no gzip at all"),
        ("noise.html.gz", gzip.compress(b"x")[:10] + b"\xff" * 40),
        ("false.mhtml", b"no headers here"),
        ("pictures.mhtml", b"MIME-Version: 1.0\nContent-Type: image/png\n\nxx"),
        ("a.docx", b"PK"),
        ("a", b"<p>"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_next_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    """One bad file costs one failure with its path, never the run."""
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.html").write_text(HTML)
    bad, good = read(tmp_path / name, tmp_path / "good.html")
    assert isinstance(bad, Failure)
    assert str(bad).startswith(str(tmp_path / name))
    assert str(bad).count(str(tmp_path / name)) == 1
    assert isinstance(good, Page)


def test_a_gzip_bomb_is_refused_before_it_fills_memory(tmp_path: Path) -> None:
    """A page may not unpack to more than 64 MB."""
    with gzip.open(tmp_path / "bomb.html.gz", "wb", compresslevel=9) as stream:
        for _ in range(MAX_UNPACKED // (1 << 20) + 1):
            stream.write(bytes(1 << 20))
    assert "unpacks to more than" in only_failure(tmp_path / "bomb.html.gz").reason


def test_a_giant_file_is_refused_by_its_size(tmp_path: Path) -> None:
    """A file of gigabytes named .html is not read into memory to find out."""
    with (tmp_path / "giant.html").open("wb") as stream:
        stream.truncate(20_000_000_000)
    assert "more than any page has" in only_failure(tmp_path / "giant.html").reason


def test_a_missing_file_and_a_foreign_scheme_are_named(tmp_path: Path) -> None:
    """What is not there is a failure with a reason, and so is ftp://."""
    assert "no such file" in str(only_failure(tmp_path / "missing.html"))
    assert "http or https" in str(only_failure("ftp://example.org/a.html"))


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht"])
def test_a_saved_page_is_its_html_part_with_charset_and_address(tmp_path: Path, name: str) -> None:
    """A browser's .mhtml gives the page, decoded as its own header says, at the address it was saved from."""
    import base64

    body = "<title>Мост</title>".encode("windows-1251")
    (tmp_path / name).write_text(MHTML.format(body=base64.b64encode(body).decode()))
    page = only_page(tmp_path / name)
    assert (page.body, page.charset, page.url, page.media_type) == (body, "windows-1251", "https://example.org/bridge", "text/html")


def test_a_directory_is_walked_in_the_order_of_names_and_other_files_are_passed_over(tmp_path: Path) -> None:
    """Pages of a tree come in one order on every machine; pictures and scripts are not pages."""
    for name in ("b/2.html", "b/1.txt", "a.htm", "c.html", "c.js", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(HTML)
    found = [Path(item.id).relative_to(tmp_path).as_posix() for item in read(tmp_path) if isinstance(item, Page)]
    assert found == ["a.htm", "b/1.txt", "b/2.html", "c.html"]


def test_a_directory_that_links_to_itself_ends(tmp_path: Path) -> None:
    """Links to directories are not followed, so a circle is no trap."""
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(read(tmp_path)) == 1


def test_links_to_nothing_and_to_themselves_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    """One of them does not end the run, nor is it passed over in silence."""
    (tmp_path / "a.html").write_text(HTML)
    (tmp_path / "dead.html").symlink_to("nowhere")
    (tmp_path / "loop.html").symlink_to("loop.html")
    (tmp_path / "z.html").symlink_to("a.html")
    page, dead, loop, linked = read(tmp_path)
    assert isinstance(page, Page) and isinstance(linked, Page)
    assert isinstance(dead, Failure) and isinstance(loop, Failure)
    assert dead.source.endswith("dead.html") and loop.source.endswith("loop.html")


def test_a_directory_without_pages_is_unreadable_input(tmp_path: Path) -> None:
    """An empty directory is most likely the wrong one, so it is said."""
    (tmp_path / "readme.md").write_text("no page")
    assert "holds no pages" in only_failure(tmp_path).reason


def test_a_head_of_very_many_parameters_is_soon_read(tmp_path: Path) -> None:
    """What is beyond a thousand characters of a content type is left unread."""
    named = "text/html; charset=utf-8" + ';a="' + ";" * 200_000
    (tmp_path / "a.mhtml").write_text(f"MIME-Version: 1.0\nContent-Type: {named}\n\n<p>The council met.")
    begun = time.process_time()
    page = only_page(tmp_path / "a.mhtml")
    assert time.process_time() - begun < 2.0
    assert (page.media_type, page.charset) == ("text/html", "utf-8")
