"""Samples to feature rows, in worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from detector.features import affinity, coherence
from detector.features.joint import PLACES
from detector.features.matcher import Matcher
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.features.registry import NAMES, extract_row
from detector.features.suspects import MEASURES, suspects
from detector.features.wordvectors import DIMENSIONS
from detector.page.page import HTML, TEXT, Page
from detector.page.read import Unreadable, read
from detector.training.content import Article, Shell, take_apart
from detector.training.corpus import CorpusPage
from detector.training.embedders import embedder_of
from detector.training.intruders import foreign_blocks
from detector.training.pool import Sample
from detector.training.progress import Progress

_BATCH = 40


def page_of(sample: Sample) -> Page:
    """The Page a sample is judged as."""
    return Page(sample.body, sample.url, sample.id, TEXT if sample.is_text else HTML)


@dataclass(frozen=True, slots=True)
class Extracted:
    """`matrix` float64 (samples, features), all NaN where a page could not be read, the intrusion family and the joint readings NaN until their
    models are fitted; `suspects` each sample's suspect blocks (blocks, MEASURES) and which of them are foreign (blocks,); `views` what the
    networks read of it (`features.joint`), float16 (samples, PLACES, dimensions), of words and of the encoder.
    """

    matrix: np.ndarray
    suspects: list[tuple[np.ndarray, np.ndarray]]
    views: tuple[np.ndarray, np.ndarray]

    def part(self, kept: np.ndarray) -> Extracted:
        """The samples where `kept` is true."""
        suspects = [found for found, keep in zip(self.suspects, kept, strict=True) if keep]
        return Extracted(self.matrix[kept], suspects, (self.views[0][kept], self.views[1][kept]))


class Readers(NamedTuple):
    """What pages are read with before any tree is grown; without a matcher its families are NaN. `embedder` is as `train.toml` names it."""

    topics: TopicModel
    matcher: Matcher | None = None
    embedder: str | None = None


def rows_of(samples: Sequence[Sample], readers: Readers | Sequence[Readers], workers: int, progress: Progress) -> Extracted:
    """Feature rows with both tiers, and suspect blocks for the block model.

    With several readers, those of each fold and then those of all, a sample is read with its fold's, which were fitted without the pages and bank
    entries that the fold composes with; its views are in the space of those of all.
    """
    from joblib import Parallel, delayed

    batches = [samples[start : start + _BATCH] for start in range(0, len(samples), _BATCH)]
    answers = Parallel(n_jobs=workers, batch_size=1, return_as="generator")(delayed(_batch)(batch, readers) for batch in batches)
    done = list(progress.track(answers, f"extracting {len(samples):,} rows", len(batches)))
    if not done:
        return Extracted(np.zeros((0, len(NAMES))), [], (np.zeros((0, len(PLACES), 1)), np.zeros((0, len(PLACES), 1))))
    words, meaning = (np.concatenate([part[number] for part in done]) for number in (2, 3))
    return Extracted(np.concatenate([part[0] for part in done]), [pair for part in done for pair in part[1]], (words, meaning))


def _batch(
    samples: Sequence[Sample], readers: Readers | Sequence[Readers]
) -> tuple[np.ndarray, list[tuple[np.ndarray, np.ndarray]], np.ndarray, np.ndarray]:
    shared = (readers if isinstance(readers, Readers) else readers[-1]).matcher
    result = np.full((len(samples), len(NAMES)), np.nan)
    words = np.full((len(samples), len(PLACES), DIMENSIONS), np.nan, dtype=np.float16)
    meaning = np.full((len(samples), len(PLACES), 1 if shared is None else shared.basis.shape[1]), np.nan, dtype=np.float16)
    found = []
    for index, sample in enumerate(samples):
        try:
            document = read(page_of(sample))
        except Unreadable:
            found.append((np.zeros((0, len(MEASURES)), dtype=np.float32), np.zeros(0, dtype=bool)))
            continue
        own = readers if isinstance(readers, Readers) else readers[sample.fold]
        reading = Reading(document, own.topics, embedder=embedder_of(own.embedder), matcher=own.matcher)
        result[index] = extract_row(reading).values
        if shared is not None:
            words[index], meaning[index] = affinity.views(reading, shared), coherence.views(reading, shared)
        suspect = reading.once(suspects)
        spans = [(block.start, block.end) for block in suspect.blocks]
        found.append((suspect.rows, foreign_blocks(document, spans, sample.foreign)))
    return result, found, words, meaning


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
