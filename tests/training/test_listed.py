"""Entries put into a site's own lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from detector.page.read import read
from detector.training import listed
from detector.training.intruders import foreign_blocks
from detector.training.pool import Pool
from detector.training.rows import page_of

ENTRIES = "".join(
    f'<li class="post"><a href="/posts/{name}" title="{title}">{title}</a> 3 May</li>'
    for name, title in (
        ("a", "The bridge is closed again"), ("b", "A new teacher at the school"), ("c", "The market moves on Monday"), ("d", "Choir looks for basses"),
        ("e", "Lake freezes over in June"),
    )
)  # fmt: skip


@pytest.fixture
def pool(make: Callable[[int], list[Pool]]) -> Pool:
    """A pool all of whose pages have a list of five posts."""
    found = make(7)[0]
    found.shells = [replace(shell, html=shell.html.replace("</body>", f"<ul>{ENTRIES}</ul></body>")) for shell in found.shells]
    return found


def test_spam_stands_in_the_lists_own_markup(pool: Pool, banks_folder: Path) -> None:
    for _ in range(20):
        made = listed.fake_headlines(pool, banks_folder)
        assert made is not None and made.label == "hijacked"
        document = read(page_of(made))
        spans = [(block.start, block.end) for block in document.blocks]
        assert foreign_blocks(document, spans, made.foreign).any()
        assert 5 <= str(made.body).count('<li class="post">') <= 9


def test_the_control_lists_what_the_site_itself_wrote(pool: Pool, banks_folder: Path) -> None:
    own = {article.headline for article in pool.articles}
    made = [sample for _ in range(40) if (sample := listed.own_headlines(pool, banks_folder)) is not None]
    assert made and all(sample.label == "clean" and sample.foreign == () for sample in made)
    assert all(any(headline in str(sample.body) for headline in own) for sample in made)


def test_a_page_without_a_list_is_left_alone(make: Callable[[int], list[Pool]], banks_folder: Path) -> None:
    assert listed.fake_headlines(make(7)[0], banks_folder) is None
