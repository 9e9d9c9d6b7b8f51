"""One thing very many times, in every layout: what a family looks for costs no time that grows with the square of how often it stands there,
and no count leaves its range."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detector import Detector, Page
from detector.features.registry import SCHEMA
from tests.hostile.bounded import bounded
from tests.hostile.crashers import PROSE

_TIMES = 20_000
_THINGS = {
    "credit": "Source: Reuters.",
    "photo": "Photo: AFP/Getty Images",
    "offer": "casino bonus",
    "disguised offer": "ｃａｓｉｎｏ bonus",
    "spelt offer": "c a s i n o bonus",
    "owner": "© 2024 buy verified Apple accounts",
    "licence": "ICP备12345678号",
    "previous": "上一篇：casino bonus",
    "address": "https://casino.example/x",
    "handle": "Telegram @casino_bot",
    "byline": "By John Smith, Staff Writer",
    "dateline": "LONDON (Reuters) -",
    "leftover": "As an AI language model, I cannot",
    "debris": "報(bào)道 ?/p>",
    "heading": "Related articles",
}
_LAYOUTS: dict[str, Callable[[str], str]] = {
    "paragraphs": lambda thing: f"<p>{thing}</p>" * _TIMES,
    "one paragraph": lambda thing: f"<p>{f'{thing} ' * _TIMES}",
    "lines": lambda thing: f"{thing}<br>" * _TIMES,
    "links": lambda thing: f"<p>{f'<a href=//a.example/b>{thing}</a> ' * _TIMES}",
    "links apart": lambda thing: f"<li><a href=//a.example/b>{thing}</a>" * _TIMES,
    "hidden": lambda thing: f"<div style='display:none'>{thing}</div>" * _TIMES,
    "headings": lambda thing: f"<h1>{thing}</h1>" * _TIMES,
    "pictures": lambda thing: f"<img src=//a.example/b.png alt='{thing}'>" * _TIMES,
}


@pytest.mark.parametrize("thing", _THINGS)
def test_repeated_things_are_judged_in_time(thing: str, detector: Detector) -> None:
    """With its evidence and a row as its specs say, as HTML in each layout and as lines of text."""
    thorough = detector.at_threshold(0.0)
    thorough.classify(PROSE)  # tables and models are loaded once a process
    pages = [PROSE + layout(_THINGS[thing]).encode() for layout in _LAYOUTS.values()]
    for page in (*pages, Page.from_text(f"{_THINGS[thing]}\n" * _TIMES)):
        with bounded():
            row = thorough.examine(page).row
        assert row is not None
        assert [spec.name for spec, value in zip(SCHEMA, row.values, strict=True) if value < spec.low or value > spec.high] == []
