"""The contract that every family keeps, checked on one document."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from detector.features.base import Family, FamilyResult, mismatch
from detector.features.reading import Reading
from detector.features.registry import FAMILIES
from detector.page.document import Document

each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
Read = Callable[[Document], Reading]
SOURCES = {"text", "address", "head", "attribute"}


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
