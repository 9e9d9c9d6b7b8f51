"""Plain text is an equal of HTML: lines are blocks, roles come from order, length and markers."""

from __future__ import annotations

import pytest

from detector import Page
from detector.page.document import Document
from detector.page.read import read

ENGLISH = """Home
News
Sport
Contact

Council agrees to repair the old bridge over the Wend before the winter floods return

The town council agreed on Tuesday evening to repair the old bridge over the river Wend, which has been closed to lorries since the flood.

Work is to begin in April and last for five months, the head of the department said, and buses will take the long way round by the mill.

Photo by Karl Orr

Previous: New pool opens in May Next: Library extends its hours
Copyright © 2024 The Wend Gazette. All rights reserved.
"""
CHINESE = """网站首页
公司简介
新闻中心
联系我们
大使说两国贸易去年增长了百分之十二主要是葡萄酒和木材
大使周二在使馆图书馆接受采访时说，两国之间的贸易去年增长了百分之十二，其中大部分是葡萄酒、冷冻三文鱼和水果，另一个方向则是木材、泥炭和燕麦。
他还说，这一数字掩盖了多少货物是在鹿特丹卸下并作为荷兰货物登记的，港口方面目前还没有作出任何承诺，但双方已经就冷藏集装箱的运输进行过多次会谈。
上一篇：市政厅宣布新的公交路线 下一篇：骆驼牌蓄电池十二伏六十安时
Copyright © 2023 某某有限公司 版权所有 沪ICP备12345678号
"""


def roles(document: Document) -> list[tuple[str, str]]:
    return [(block.role, document.quote(block)) for block in document.blocks]


def with_role(document: Document, role: str) -> list[str]:
    return [text for found, text in roles(document) if found == role]


def test_lines_become_blocks_with_white_space_folded() -> None:
    """Every line with words is one block; white space inside is one space; the text is the blocks joined by newlines."""
    document = read(Page.from_text("  one\t two \r\n\r\n\u3000three\u00a0four\n"))
    assert document.text == "one two\nthree four"
    assert [document.quote(block) for block in document.blocks] == ["one two", "three four"]
    assert document.kind == "text"


def test_an_english_text_has_menu_headline_body_caption_and_owner() -> None:
    """A newspaper's page as plain text: each line gets the role that its HTML would have."""
    document = read(Page.from_text(ENGLISH))
    assert with_role(document, "nav") == ["Home", "News", "Sport", "Contact"]
    assert with_role(document, "headline") == ["Council agrees to repair the old bridge over the Wend before the winter floods return"]
    assert [text[:20] for text in with_role(document, "body")] == ["The town council agr", "Work is to begin in "]
    assert with_role(document, "caption") == ["Photo by Karl Orr"]
    assert with_role(document, "copyright") == ["Copyright © 2024 The Wend Gazette. All rights reserved."]


def test_a_chinese_text_has_headline_body_and_owner() -> None:
    """Unspaced scripts say more a character, so shorter lines are prose."""
    document = read(Page.from_text(CHINESE))
    assert with_role(document, "headline") == ["大使说两国贸易去年增长了百分之十二主要是葡萄酒和木材"]
    assert len(with_role(document, "body")) == 2
    assert with_role(document, "copyright") == ["Copyright © 2023 某某有限公司 版权所有 沪ICP备12345678号"]
    assert {"网站首页", "新闻中心"} <= set(with_role(document, "nav"))


@pytest.mark.parametrize(
    ("text", "previous", "following"),
    [
        (ENGLISH, "Previous: New pool opens in May", "Next: Library extends its hours"),
        (CHINESE, "上一篇：市政厅宣布新的公交路线", "下一篇：骆驼牌蓄电池十二伏六十安时"),
        (
            ENGLISH.replace("Previous: ", "Anterior: ").replace("Next: ", "Próximo: "),
            "Anterior: New pool opens in May",
            "Próximo: Library extends its hours",
        ),
        (
            CHINESE.replace("上一篇", "上一頁").replace("下一篇", "下一頁"),
            "上一頁：市政厅宣布新的公交路线",
            "下一頁：骆驼牌蓄电池十二伏六十安时",
        ),
        (
            ENGLISH.replace("Previous: ", "Предыдущая статья: ").replace("Next: ", "Следующая статья: "),
            "Предыдущая статья: New pool opens in May",
            "Следующая статья: Library extends its hours",
        ),
    ],
)
def test_previous_and_next_on_one_line_are_two_blocks(text: str, previous: str, following: str) -> None:
    """Each of the pair can be judged, and quoted, by itself."""
    assert with_role(read(Page.from_text(text)), "prevnext") == [previous, following]


def test_previous_and_next_on_lines_of_their_own_are_two_blocks() -> None:
    """The pair is as often on two lines."""
    document = read(Page.from_text(ENGLISH.replace(" Next:", "\nNext:")))
    assert with_role(document, "prevnext") == ["Previous: New pool opens in May", "Next: Library extends its hours"]


def test_a_sentence_that_speaks_of_the_next_thing_is_no_link() -> None:
    """The word next inside prose stays prose."""
    document = read(
        Page.from_text(ENGLISH.replace("Work is to begin", "Previously the work was to begin; the next step is work that is to begin"))
    )
    assert len(with_role(document, "body")) == 2


def test_a_short_headline_above_a_byline_is_the_headline() -> None:
    """The line with the author's name is no headline, and a headline of under 60 characters is no menu item."""
    text = ENGLISH.replace(" before the winter floods return", "\n\nBy Anna Miller")
    document = read(Page.from_text(text))
    assert with_role(document, "headline") == ["Council agrees to repair the old bridge over the Wend"]


def test_a_longer_line_with_the_date_is_no_headline() -> None:
    """Author, date and hits under a headline that is shorter than they are."""
    text = ENGLISH.replace(" before the winter floods return", "\n\nPosted by the administrator, 12.03.2023, read 1204 times")
    document = read(Page.from_text(text))
    assert with_role(document, "headline") == ["Council agrees to repair the old bridge over the Wend"]


def test_addresses_written_in_the_text_are_links() -> None:
    """`https://…` in a text is a link with its exact place."""
    document = read(Page.from_text("See https://Shop.Example/a?b=1 and also http://example.org。"))
    assert [(document.text[link.start : link.end], link.host) for link in document.links] == [
        ("https://Shop.Example/a?b=1", "shop.example"),
        ("http://example.org", "example.org"),
    ]
    assert document.blocks[0].links == 2


def test_nothing_in_a_text_is_hidden() -> None:
    """A text has no styles, so every block is visible."""
    assert {block.hidden for block in read(Page.from_text(ENGLISH)).blocks} == {None}


ARTICLE = "The council agreed on Tuesday evening to repair the old bridge over the river Wend, which has been closed to lorries. " * 2
SAID = "About time, I say, for my bus has taken forty minutes longer every single day since the flood in January of last year."


def test_what_follows_the_heading_of_the_comments_is_what_readers_wrote() -> None:
    """Unless the better part of the text comes after it: then the word is a counter above the article."""
    below = read(Page.from_text(f"Council mends the bridge\n{ARTICLE}\n{ARTICLE}\nComments\n{SAID}\n{SAID}"))
    assert [role for role, _ in roles(below)][-3:] == ["comments"] * 3
    assert below.role_text("body").count("\n") == 1
    above = read(Page.from_text(f"Council mends the bridge\n{SAID}\nComments\n{ARTICLE}\n{ARTICLE}\n{ARTICLE}"))
    assert above.role_text("body").count("The council agreed") == 6


@pytest.mark.parametrize(("heading", "role", "after"), [("Related articles", "related", ""), ("Products", "products", ARTICLE)])
def test_short_lines_below_a_heading_are_its_list_once_the_text_has_begun(heading: str, role: str, after: str) -> None:
    """Above the text they are a menu; at the end "Products" may be a column of the footer."""
    lines = "Ball bearings\nHydraulic pumps"
    found = roles(read(Page.from_text(f"Council mends the bridge\n{ARTICLE}\n{ARTICLE}\n{heading}\n{lines}\n{after}")))
    assert {role for role, line in found if line in lines} == {role}
    menu = roles(read(Page.from_text(f"{heading}\n{lines}\nCouncil mends the bridge today\n{ARTICLE}\n{ARTICLE}")))
    assert role not in {role for role, line in menu if line in lines}
