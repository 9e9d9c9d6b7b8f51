"""Documents as the families read them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from detector.features.embedding import Embedder
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.model.blocks import BlockTrees
from detector.page.document import Document

# Its assertions say what was compared, as those of test modules do.
pytest.register_assert_rewrite("tests.features.contract")


@pytest.fixture(scope="session")
def read_with(topic_model: TopicModel, block_model: BlockTrees, embedder: Embedder, matcher: Matcher) -> Callable[[Document], Reading]:
    """A document as the families read it, both tiers."""
    return lambda document: Reading(document, topic_model, block_model, embedder, matcher)
