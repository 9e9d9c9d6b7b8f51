"""Samples to feature rows, in worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from detector.features.embedding import UniversalSentenceEncoder
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.features.registry import NAMES, extract_row
from detector.features.suspects import MEASURES, suspects
from detector.page.page import HTML, TEXT, Page
from detector.page.read import Unreadable, read
from detector.training.content import Article, Shell, take_apart
from detector.training.corpus import CorpusPage
from detector.training.intruders import foreign_blocks
from detector.training.pool import Sample
from detector.training.progress import Progress

_BATCH = 40


def page_of(sample: Sample) -> Page:
    """The Page a sample is judged as."""
    return Page(sample.body, sample.url, sample.id, TEXT if sample.is_text else HTML)


@dataclass(frozen=True, slots=True)
class Extracted:
    """`matrix` float64 (samples, features), all NaN where a page could not be read, the intrusion family NaN until the block model is fitted;
    `suspects` each sample's suspect blocks (blocks, MEASURES) and which of them are foreign (blocks,).
    """

    matrix: np.ndarray
    suspects: list[tuple[np.ndarray, np.ndarray]]


class Readers(NamedTuple):
    """What pages are read with before any tree is grown; without a matcher its families are NaN."""

    topics: TopicModel
    matcher: Matcher | None = None


def rows_of(samples: Sequence[Sample], readers: Readers | Sequence[Readers], workers: int, progress: Progress) -> Extracted:
    """Feature rows with both tiers, and suspect blocks for the block model.

    With readers for each fold a sample is read with its fold's, which were fitted without the pages and bank entries that the fold composes with.
    """
    from joblib import Parallel, delayed

    batches = [samples[start : start + _BATCH] for start in range(0, len(samples), _BATCH)]
    answers = Parallel(n_jobs=workers, batch_size=1, return_as="generator")(delayed(_batch)(batch, readers) for batch in batches)
    done = list(progress.track(answers, f"extracting {len(samples):,} rows", len(batches)))
    matrix = np.concatenate([part for part, _ in done]) if done else np.zeros((0, len(NAMES)))
    return Extracted(matrix, [pair for _, pairs in done for pair in pairs])


@lru_cache(maxsize=1)
def _encoder() -> UniversalSentenceEncoder:
    # Composed pages share their articles and hosts, so a large cache answers two strings of five.
    return UniversalSentenceEncoder(cached=60_000)


def _batch(samples: Sequence[Sample], readers: Readers | Sequence[Readers]) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
    result = np.full((len(samples), len(NAMES)), np.nan)
    found = []
    for index, sample in enumerate(samples):
        try:
            document = read(page_of(sample))
        except Unreadable:
            found.append((np.zeros((0, len(MEASURES)), dtype=np.float32), np.zeros(0, dtype=bool)))
            continue
        own = readers if isinstance(readers, Readers) else readers[sample.fold]
        reading = Reading(document, own.topics, embedder=_encoder(), matcher=own.matcher)
        result[index] = extract_row(reading).values
        suspect = reading.once(suspects)
        spans = [(block.start, block.end) for block in suspect.blocks]
        found.append((suspect.rows, foreign_blocks(document, spans, sample.foreign)))
    return result, found


def taken_apart(pages: Iterable[CorpusPage], workers: int, progress: Progress) -> tuple[list[Article], list[Shell]]:
    """Articles and shells of the corpus pages."""
    from joblib import Parallel, delayed

    pages = list(pages)
    batches = [pages[start : start + _BATCH] for start in range(0, len(pages), _BATCH)]
    answers = Parallel(n_jobs=workers, batch_size=1, return_as="generator")(delayed(_apart)(batch) for batch in batches)
    pairs = [pair for batch in progress.track(answers, f"taking {len(pages):,} pages apart", len(batches)) for pair in batch]
    return [article for article, _ in pairs if article], [shell for _, shell in pairs if shell]


def _apart(pages: Sequence[CorpusPage]) -> list[tuple[Article | None, Shell | None]]:
    return [take_apart(page) for page in pages]
