"""What mirrors make of Chinese text."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("opencc", reason="needs the train extra")

from detector.training.damage import betting_brands, mirror_damage, renamed

TEXT = "学会于去年发表报告，并在会议后对学生说明这个问题。"


def test_mirrors_turn_text_with_a_whole_table_by_phrases_or_a_few_characters() -> None:
    """What people write (於, 並) comes from phrases alone; a table of characters leaves 于 and 并; some mirrors turn nothing."""
    found = ["".join(sign for sign in mirror_damage(random.Random(seed), [TEXT])[0] if sign > "一") for seed in range(60)]
    assert any("於" in text and "並" in text for text in found)
    assert any("于" in text and "并" in text and "議" in text for text in found)
    assert any("学会" in text for text in found)


def test_a_brand_stands_where_an_institution_was_named() -> None:
    """Once for each word, also where the brand itself holds such a word."""
    (text,) = renamed(random.Random(1), ["学校、我校、大学、学院、公司、集团、医院、中心"], "太阳集团城")
    assert text.count("太阳集团城") == 3 and "太阳太阳" not in text


def test_brands_for_mirrors_are_of_betting() -> None:
    assert {"太阳集团城", "开云体育"} <= set(betting_brands()) and "bet365" not in betting_brands()
