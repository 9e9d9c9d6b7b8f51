"""Which blocks are looked at one by one."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from detector.features.reading import Reading
from detector.features.suspects import MEASURES, suspects

COUNCIL = (
    "<p>The council agreed on Tuesday to repair the old bridge over the river, and the mayor said that the work would begin in spring.</p>"
    "<p>Lorries have used the long way by the mill since the flood, when the ministry closed the road, and the bus company lost a line.</p>"
    "<p>The vote was nine to four. The opposition wants the government to pay, the minister has promised an answer by the election.</p>"
)
WARES = (
    "<ul><li><a href='/a'>Ball bearings and hydraulic pumps for excavators</a></li><li><a href='/b'>Car batteries and tyres</a></li></ul>"
)


def quotes(reading: Reading) -> list[str]:
    return [reading.document.quote(block) for block in suspects(reading).blocks]


def test_goods_in_a_list_are_looked_at_where_the_page_is_about_something_else(reading: Callable[..., Reading]) -> None:
    """Though they hold no term of spam and stay on the site."""
    found = quotes(reading(f"<h1>Council agrees to repair the bridge</h1>{COUNCIL}{WARES}"))
    assert any("Car batteries" in quote for quote in found)


def test_goods_are_at_home_among_goods(reading: Callable[..., Reading]) -> None:
    """A shop's list is no suspect on its own page."""
    shop = (
        "<p>Our workshop fits car batteries, tyres and brake pads, and sells hydraulic pumps, bearings and spare parts for excavators.</p>"
    )
    found = quotes(reading(f"<h1>Car batteries, tyres and spare parts</h1>{shop * 4}{WARES}"))
    assert not any("Car batteries and tyres" in quote for quote in found)


def test_the_paragraph_that_goes_least_with_the_others_is_looked_at(reading: Callable[..., Reading]) -> None:
    """One of them, whatever its terms; none where there are fewer than three."""
    page = reading(f"<h1>Council agrees to repair the bridge</h1>{COUNCIL}")
    assert len(quotes(page)) >= 1
    assert set(quotes(page)) <= {page.document.quote(block) for block in page.blocks("body")}
    assert quotes(reading(f"<h1>Bridge</h1>{COUNCIL.split('</p>')[0]}</p>")) == []


def test_a_row_has_all_measures(reading: Callable[..., Reading]) -> None:
    found = suspects(reading(f"<h1>Council</h1>{COUNCIL}{WARES}"))
    assert found.rows.shape == (len(found.blocks), len(MEASURES))
    assert len(found.topics) == len(found.languages) == len(found.blocks)


def measure(reading: Reading, quote: str, name: str) -> float:
    found = suspects(reading)
    row = next(row for block, row in zip(found.blocks, found.rows, strict=True) if quote in reading.document.quote(block))
    return float(row[MEASURES.index(name)])


def test_a_block_does_not_make_its_own_script_at_home(reading: Callable[..., Reading]) -> None:
    """Four goods in Cyrillic are a tenth of a short English article, and strange on it all the same; half of the text is an edition."""
    goods = "<p>Подшипники и насосы, шины и диски</p>"
    assert measure(reading(f"<h1>Council agrees to repair the bridge</h1>{COUNCIL}{goods}"), "Подшипники", "foreign_script") == 1.0
    edition = "<p>Городской совет во вторник решил починить старый мост через реку, работы начнутся весной будущего года.</p>" * 6
    assert measure(reading(f"<h1>Council agrees</h1>{COUNCIL}{edition}{goods}"), "Подшипники", "foreign_script") == 0.0


def test_a_link_is_held_against_how_the_sites_own_are_made(reading: Callable[..., Reading]) -> None:
    news = "".join(f"<li><a href='/news/{number}.html'>Council votes on the bridge again, part {number}</a></li>" for number in range(18))
    put_in = "<li><a href='/shop/p/77'>Ball bearings and hydraulic pumps for excavators</a></li>"
    page = reading(f"<h1>Council agrees to repair the bridge</h1>{COUNCIL}<ul>{news}{put_in}</ul>")
    assert measure(page, "Ball bearings", "link_alike") == pytest.approx(1 / 19)
    few = reading(f"<h1>Council agrees to repair the bridge</h1>{COUNCIL}<ul>{put_in}</ul>")
    assert math.isnan(measure(few, "Ball bearings", "link_alike"))


def test_a_block_is_held_against_what_else_stands_in_its_role(reading: Callable[..., Reading]) -> None:
    """Unknown where nothing else does."""
    menu = "".join(f"<a href='/{word}'>{word} of the council</a> <br>" for word in ("Minutes", "Members", "Votes", "Budget"))
    page = reading(f"<nav>{menu}<a href='/x'>Карта сайта</a></nav><h1>Council agrees to repair the bridge</h1>{COUNCIL}")
    assert -1.0 <= measure(page, "Карта", "like_kind") <= 1.0
    alone = reading(f"<nav><a href='/x'>Карта сайта</a></nav><h1>Council agrees to repair the bridge</h1>{COUNCIL}")
    assert math.isnan(measure(alone, "Карта", "like_kind"))
