"""What the head of a page says."""

from __future__ import annotations

import pytest

from detector import Page
from detector.page.document import Head
from detector.page.read import read

PAGE = """<!doctype html><html lang="PT-br"><head><title> Ponte
 fechada </title><title>second</title>
<meta name="description" content="A ponte fecha"><meta property="og:site_name" content="Diário do Vale"><meta property="og:url" content="https://diario.example/p">
<meta property="og:title" content="Ponte fechada até maio"><meta name="keywords" content="ponte, obras"><meta name=author content="Rita Sá">
<link rel="canonical" href="https://diario.example/ponte"><link rel="alternate" type="application/rss+xml" href="/feed">
<script type="application/ld+json">%s</script></head><body><p>Texto.</p></body></html>"""


def head(json_ld: str = "{}") -> Head:
    return read(Page.from_html(PAGE % json_ld)).head


def test_title_meta_and_links_are_read() -> None:
    """Title, description, site name, og fields, canonical, author, feeds and language, white space folded."""
    found = head()
    assert found.title == "Ponte fechada"
    assert (found.description, found.site_name, found.author, found.keywords) == (
        "A ponte fecha",
        "Diário do Vale",
        "Rita Sá",
        "ponte, obras",
    )
    assert (found.canonical, found.og_url, found.og_title) == (
        "https://diario.example/ponte",
        "https://diario.example/p",
        "Ponte fechada até maio",
    )
    assert (found.language, found.feeds) == ("pt-br", ("/feed",))


def test_json_ld_gives_headline_and_publisher() -> None:
    """Top-level objects, lists and graphs of JSON-LD are read; what meta tags said already goes first."""
    found = head(
        '{"@graph": [{"@type": "NewsArticle", "headline": "Ponte fechada", "publisher": {"@type": '
        '"Organization", "name": "Editora Vale"}, "author": [{"name": "Outra"}]}]}'
    )
    assert (found.json_headline, found.publisher, found.author) == ("Ponte fechada", "Editora Vale", "Rita Sá")


@pytest.mark.parametrize(
    "broken", ['{"headline": "Ponte", "publisher": {"name": "Editora"}, }', '{"headline": "Ponte", "publisher": {"name": "Editora"}']
)
def test_broken_json_ld_still_gives_what_can_be_seen(broken: str) -> None:
    """A trailing comma or a cut end does not hide the publisher."""
    found = head(broken)
    assert (found.json_headline, found.publisher) == ("Ponte", "Editora")


@pytest.mark.parametrize(
    "odd",
    [
        "[" * 5000,
        '{"publisher": 3, "headline": ["a"], "author": {"name": 1}}',
        "null",
        "[[[1]]]",
        '{"@graph": {"@type": 1}}',
        '{"@type": ["WebSite", {}], "name": "N"}',
    ],
)
def test_odd_json_ld_raises_nothing(odd: str) -> None:
    """JSON-LD of any shape is read or passed over."""
    assert head(odd).title == "Ponte fechada"


def test_fields_are_bounded() -> None:
    """A field longer than 500 characters is cut: more says nothing new."""
    found = read(Page.from_html(f"<title>{'t' * 9000}</title><meta name=description content='{'d' * 9000}'><p>x")).head
    assert (len(found.title), len(found.description)) == (500, 500)


def test_the_logo_is_the_alternative_text_of_an_early_picture_named_so() -> None:
    """An image whose class, id or file says logo names the owner by its alt text."""
    found = read(Page.from_html('<header><img class="site-logo" alt="Hafen Wedel" src="/l.png"></header><p>Text.</p>')).head
    assert found.logo == "Hafen Wedel"
