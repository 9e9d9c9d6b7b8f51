"""All families together are the row of a page, whatever one of them was not given."""

from __future__ import annotations

import numpy as np
import pytest

from detector.features.embedding import Embedder
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.features.registry import FAMILIES, FAMILY_COLUMNS, NAMES, SCHEMA, extract_row, read_meaning
from detector.model.blocks import BlockTrees
from detector.page.document import Document
from tests.features.contract import Read


def test_a_row_holds_every_family_in_the_order_of_the_schema(documents: list[tuple[str, Document]], read_with: Read) -> None:
    """`SCHEMA` is the row: its names are unique, each family has its columns, and the row's values are the families' own."""
    assert len(set(NAMES)) == len(NAMES) == len(SCHEMA)
    assert sorted(np.concatenate(list(FAMILY_COLUMNS.values())).tolist()) == list(range(len(NAMES)))
    document = documents[0][1]
    row = extract_row(read_with(document))
    expected = {name: value for family in FAMILIES for name, value in family.extract(read_with(document)).values.items()}
    np.testing.assert_array_equal(row.values, [expected[name] for name in NAMES])
    assert len(row.witnesses) == sum(len(family.extract(read_with(document)).witnesses) for family in FAMILIES)


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
