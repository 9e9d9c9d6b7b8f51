"""One contract that every family keeps, over hand-written pages and odd small ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detector import Page
from detector.features.base import Family
from detector.features.reading import Reading
from detector.features.registry import FAMILIES
from detector.page.document import Document
from detector.page.read import read
from tests.features.contract import Read, assert_contract, each_family, same

UNITS = {"nats", "share", "count", "flag", "score", "log10", "cosine"}

ODD: dict[str, Page] = {
    "one letter": Page.from_html("a"),
    "a title alone": Page.from_html("<title>Casino</title>"),
    "links alone": Page.from_html('<a href="http://b.example/">casino bonus</a> ' * 9, "https://example.org/"),
    "hidden text alone": Page.from_html(
        '<div style="display:none">slot gacor <a href="//b.example">maxwin</a></div>', "http://dental.example/"
    ),
    "numbers": Page.from_text("1234567890 " * 40),
    "symbols": Page.from_text("★☆✅ ©©© ... ,,, {a|b|c} [ad_1]\n" * 5),
    "zero-width": Page.from_text("ca\u200bsi\u200bno " * 40),
    "combining": Page.from_text("a\u0301\u0302\u0303" * 100),
    "right to left": Page.from_text("أخبار المدينة اليوم کازینو آنلاین\n" * 6, "http://xn--mgbh0fb.xn--kgbechtv/"),
    "beyond the basic plane": Page.from_text("𠀀𠀁𠀂𝒞𝒶𝓈𝒾𝓃𝑜😀" * 20),
    "the dotted capital": Page.from_text("İSTANBUL İLANLARI " * 20),
    "an address of digits": Page.from_text("The council met.", "http://192.0.2.7:8080/a/b?c=1"),
    "a broken address": Page.from_text("The council met.", "http://[::1"),
    "a long address": Page.from_text("The council met.", "http://" + "a." * 60 + "example.com/" + "x/" * 900),
    "a name of hyphens": Page.from_text("The council met.", "http://" + "-" * 60 + ".com/"),
    "anchors inside anchors": Page.from_html('<a href="/x"><table><tr><td><a href="/y">some words here</a></td></tr></table></a>'),
    "a thousand copyright lines": Page.from_html("<p>© 2024 Apple accounts for sale</p>" * 1000),
    "a long owner": Page.from_html("<footer>© 2024 " + "Harrow Lane Dental Practice and Friends " * 9 + "</footer>"),
    "one word many times": Page.from_text("casino " * 4000),
    "pairs that say nothing": Page.from_html("<p>Previous: <a href=/1></a> Next: <a href=/2>.</a></p>"),
    "odd json-ld": Page.from_html('<script type="application/ld+json">{"publisher": {"name": "Casino"}}</script><p>Dental practice.'),
    "everything foreign": Page.from_html(
        (
            '<html lang="ru"><title>Онлайн казино бонус - 赌场</title><link rel=canonical href="//c.example/">'
            "<body><nav>网站首页</nav><article><p>"
        )
        + "The ambassador spoke of trade and peace. " * 20
        + "</p></article><p>上一篇：汽车蓄电池 下一篇：真人百家乐</p><footer>© 2023 苹果账号批发</footer>",
        "http://zahnarzt-wedel.de/c_1310000000.htm",
    ),
}


@pytest.fixture(scope="module")
def odd_documents() -> dict[str, Document]:
    return {name: read(page) for name, page in ODD.items()}


@each_family
def test_a_family_declares_what_it_measures(family: Family) -> None:
    """Every number has a name under its family, a unit, a range, a meaning and a word on what NaN says."""
    assert [spec.name.split(".")[0] for spec in family.specs] == [family.name] * len(family.specs)
    assert len({spec.name for spec in family.specs}) == len(family.specs)
    assert family.specs[-1].name == f"{family.name}.mismatch"
    for spec in family.specs:
        assert spec.unit in UNITS
        assert spec.low < spec.high
        assert spec.doc
        assert spec.missing


@each_family
def test_hand_written_pages_keep_the_contract(family: Family, documents: list[tuple[str, Document]], read_with: Read) -> None:
    """Finite or NaN, in range, exactly the names declared, the same twice, witnesses with exact quotes: on every hand-written page."""
    assert documents
    for _, document in documents:
        assert_contract(family, document, read_with)


@each_family
@pytest.mark.parametrize("name", ODD)
def test_odd_pages_keep_the_contract(family: Family, name: str, odd_documents: dict[str, Document], read_with: Read) -> None:
    """The same on small pages that have hardly anything of what a family reads, or far too much."""
    assert_contract(family, odd_documents[name], read_with)


@each_family
def test_a_family_is_independent_of_the_others(family: Family, documents: list[tuple[str, Document]], read_with: Read) -> None:
    """A family alone answers as it does after all the others, in either order: each can be left out."""
    for order in (FAMILIES, FAMILIES[::-1]):
        for _, document in documents[:12]:
            shared = read_with(document)
            together = {other.name: other.extract(shared) for other in order}
            assert same(together[family.name], family.extract(read_with(document)))


def test_a_lone_surrogate_in_an_address_is_no_error(reading: Callable[..., Reading]) -> None:
    """An address from JSON may hold half a surrogate pair."""
    found = reading("<p>The council met.</p>", "https://example.org/\ud83d")
    for family in FAMILIES:
        family.extract(found)
