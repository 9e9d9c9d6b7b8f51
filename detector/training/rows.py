"""Samples to feature rows, in worker processes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from detector.features.ngrams import TopicModel
from detector.features.registry import NAMES, extract_row
from detector.page.page import HTML, TEXT, Page
from detector.page.read import Unreadable, read
from detector.training.content import Article, Shell, take_apart
from detector.training.corpus import CorpusPage
from detector.training.pool import Sample
from detector.training.progress import Progress

_BATCH = 40


def page_of(sample: Sample) -> Page:
    """The Page a sample is judged as."""
    return Page(sample.body, sample.url, sample.id, TEXT if sample.is_text else HTML)


def rows_of(samples: Sequence[Sample], topics: TopicModel, workers: int, progress: Progress) -> np.ndarray:
    """Feature rows, shape (samples, features), float64; all NaN where a page could not be read."""
    from joblib import Parallel, delayed

    batches = [samples[start : start + _BATCH] for start in range(0, len(samples), _BATCH)]
    answers = Parallel(n_jobs=workers, batch_size=1, return_as="generator")(delayed(_batch)(batch, topics) for batch in batches)
    done = list(progress.track(answers, f"extracting {len(samples):,} rows", len(batches)))
    return np.concatenate(done) if done else np.zeros((0, len(NAMES)))


def _batch(samples: Sequence[Sample], topics: TopicModel) -> np.ndarray:
    result = np.full((len(samples), len(NAMES)), np.nan)
    for index, sample in enumerate(samples):
        try:
            result[index] = extract_row(read(page_of(sample)), topics).values
        except Unreadable:
            continue
    return result


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
