"""The contract that every family keeps, over generated pages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from detector import Page
from detector.features.base import Family
from detector.page.read import Unreadable, read
from tests.features.contract import Read, assert_contract, each_family

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
