"""One contract that every family keeps, over hand-written pages, odd small ones, and generated ones."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import Page
from detector.features.base import Family, FamilyResult, mismatch
from detector.features.embedding import Embedder
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.features.registry import FAMILIES, FAMILY_COLUMNS, NAMES, SCHEMA, extract_row, read_meaning
from detector.model.blocks import BlockTrees
from detector.page.document import Document
from detector.page.read import Unreadable, read

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
Read = Callable[[Document], Reading]
UNITS = {"nats", "share", "count", "flag", "score", "log10", "cosine"}
SOURCES = {"text", "address", "head", "attribute"}

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


@pytest.fixture(scope="session")
def read_with(topic_model: TopicModel, block_model: BlockTrees, embedder: Embedder, matcher: Matcher) -> Read:
    """A document as the families read it, both tiers."""
    return lambda document: Reading(document, topic_model, block_model, embedder, matcher)


def same(left: FamilyResult, right: FamilyResult) -> bool:
    """Equal values, NaN equal to NaN, and equal witnesses."""
    pairs = [(left.values[name], right.values[name]) for name in left.values]
    return (
        list(left.values) == list(right.values)
        and left.witnesses == right.witnesses
        and all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in pairs)
    )


def assert_contract(family: Family, document: Document, read_with: Read) -> None:
    result = family.extract(read_with(document))
    assert set(result.values) == {spec.name for spec in family.specs}
    for spec in family.specs:
        value = result.values[spec.name]
        assert isinstance(value, float), f"{spec.name} is a {type(value).__name__}"
        assert math.isnan(value) or spec.low <= value <= spec.high, f"{spec.name} = {value} is outside {spec.low} to {spec.high}"
        assert spec.unit != "flag" or math.isnan(value) or value in (0.0, 1.0), f"{spec.name} = {value} is no flag"
    for witness in result.witnesses:
        assert witness.code.startswith(f"{family.name}."), witness
        assert witness.source in SOURCES, witness
        assert 0.0 <= witness.strength <= 1.0, witness
        assert witness.message, witness
        if witness.source == "text":
            assert witness.start is not None
            assert witness.end is not None
            assert 0 <= witness.start < witness.end <= len(document.text), witness
            assert witness.quote == document.text[witness.start : witness.end], witness
        else:
            assert (witness.start, witness.end) == (None, None), witness
    score = result.values[f"{family.name}.mismatch"]
    if math.isnan(score):
        assert not result.witnesses
        assert all(math.isnan(value) or value == 0.0 for value in result.values.values()), "a family that measured something has a score"
    else:
        # `topics` counts what no reader would see, and does not show it.
        assert score == mismatch(result.witnesses) or (family.name == "topics" and score > mismatch(result.witnesses))
    assert same(result, family.extract(read_with(document)))


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


_SAID = st.sampled_from(
    [
        "casino bonus",
        "苹果账号批发",
        "上一篇：电池 下一篇：赌场",
        "Previous: one Next: two",
        "© 2024 The Wend Gazette",
        "Copyright 2020 онлайн казино",
        "Reuters photo by",
        "[ad_1]",
        "{a|b|c}",
        "As an AI language model",
        "中(zhong)国(guo)",
        "t.me/abcde",
        "$5.00",
        "+44 1632 960412",
        "सट्टा मटका",
        "คาสิโนออนไลน์",
        "바카라사이트",
        "オンラインカジノ",
        "2024-01-01 10:00 | News",
        "https://x.example/a",
        "сasino",
        "c a s i n o",
        "the ambassador spoke of trade and peace in the library of the embassy on tuesday",
    ]
)
_WORDS = _SAID | st.text(max_size=25, alphabet=st.characters(exclude_categories=["Cs"]))
_TAGS = st.sampled_from(
    [
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
        "form",
        "aside",
        "title",
        "br",
        "xq9z",
    ]
)
_ATTRIBUTES = st.sampled_from(
    [
        "",
        " href=/a",
        ' href="http://other.example/x"',
        ' href="http://["',
        " style='display:none'",
        " style='left:-9999px'",
        " hidden",
        " class=footer",
        ' class="prev-next"',
        " id=a1b2c3",
        " class=copyright",
        " class=tags",
        " rel=nofollow href=//q.example",
    ]
)
_HTML = st.lists(
    st.one_of(st.tuples(_TAGS, _ATTRIBUTES).map(lambda pair: f"<{pair[0]}{pair[1]}>"), _TAGS.map(lambda tag: f"</{tag}>"), _WORDS),
    max_size=40,
).map(" ".join)
_TEXT = st.lists(_WORDS, max_size=25).map("\n".join)
_URLS = st.sampled_from(
    [
        None,
        "http://harrowlanedental.co.uk/c_1310000000.htm",
        "https://xn--fiqs8s.cn/?p=12",
        "http://casino-slot.xyz/casino/slot",
        "http://192.0.2.7/a",
    ]
) | st.text(max_size=20, alphabet=st.characters(exclude_categories=["Cs"])).map(lambda tail: "https://example.org/" + tail)


@each_family
@given(html=_HTML, url=_URLS)
def test_generated_html_keeps_the_contract(family: Family, html: str, url: str | None, read_with: Read) -> None:
    """The same on whatever markup."""
    try:
        document = read(Page.from_html(html, url))
    except Unreadable:
        return
    assert_contract(family, document, read_with)


@each_family
@given(text=_TEXT, url=_URLS)
def test_generated_text_keeps_the_contract(family: Family, text: str, url: str | None, read_with: Read) -> None:
    """The same on whatever text."""
    try:
        document = read(Page.from_text(text, url))
    except Unreadable:
        return
    assert_contract(family, document, read_with)


def test_a_row_holds_every_family_in_the_order_of_the_schema(documents: list[tuple[str, Document]], read_with: Read) -> None:
    """`SCHEMA` is the row: its names are unique, each family has its columns, and the row's values are the families' own."""
    assert len(set(NAMES)) == len(NAMES) == len(SCHEMA)
    assert sorted(np.concatenate(list(FAMILY_COLUMNS.values())).tolist()) == list(range(len(NAMES)))
    document = documents[0][1]
    row = extract_row(read_with(document))
    expected = {name: value for family in FAMILIES for name, value in family.extract(read_with(document)).values.items()}
    np.testing.assert_array_equal(row.values, [expected[name] for name in NAMES])
    assert len(row.witnesses) == sum(len(family.extract(read_with(document)).witnesses) for family in FAMILIES)


def test_a_lone_surrogate_in_an_address_is_no_error(reading: Callable[..., Reading]) -> None:
    """An address from JSON may hold half a surrogate pair."""
    found = reading("<p>The council met.</p>", "https://example.org/\ud83d")
    for family in FAMILIES:
        family.extract(found)


@pytest.mark.parametrize(("name", "codes"), [("coherence", "coherence."), ("intrusion", "intrusion."), ("affinity", "affinity.")])
def test_a_family_without_what_it_asks_knows_nothing(
    name: str, codes: str, documents: list[tuple[str, Document]], topic_model: TopicModel
) -> None:
    """Coherence without an encoder, intrusion without a block model, affinity without a matcher: every value NaN, no witness, and no other family minds."""
    for _, document in documents[:40]:
        row = extract_row(Reading(document, topic_model))
        assert np.isnan(row.values[FAMILY_COLUMNS[name]]).all()
        assert not [witness for witness in row.witnesses if witness.code.startswith(codes)]
        others = np.concatenate(
            [columns for other, columns in FAMILY_COLUMNS.items() if other not in ("coherence", "intrusion", "affinity")]
        )
        assert not np.isnan(row.values[others]).all()


def test_meaning_read_later_is_meaning_read_at_once(
    documents: list[tuple[str, Document]], topic_model: TopicModel, block_model: BlockTrees, embedder: Embedder, matcher: Matcher
) -> None:
    """The second tier added to a row of the first makes the row that both make together, witnesses included."""
    for _, document in documents[::8]:
        reading = Reading(document, topic_model, block_model, matcher=matcher)
        later = read_meaning(extract_row(reading), reading, embedder)
        once = extract_row(Reading(document, topic_model, block_model, embedder, matcher))
        np.testing.assert_array_equal(later.values, once.values)
        assert later.witnesses == once.witnesses
