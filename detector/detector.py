"""The library's front door: load an artefact, classify pages, one or many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from detector.abstain import reasons_to_abstain
from detector.addressed import document_of
from detector.bulk import batches
from detector.bulk.counted import judge_counted
from detector.collection import put_off
from detector.errors import UsageError
from detector.evidence import family_shares, weigh
from detector.features.base import MISMATCH
from detector.features.embedding import Embedder, Hits, cached
from detector.features.reading import Reading
from detector.features.registry import FAMILIES, NAMES, Row, extract_row, read_meaning
from detector.given import BATCH, as_page, is_soup
from detector.model.artefact import Artefact, default_model, load
from detector.page.document import Document
from detector.page.limits import DEFAULT, Limits
from detector.page.page import Page
from detector.page.read import Unreadable
from detector.verdict import LABELS, Asking, Verdict, check_threshold

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

T = TypeVar("T")
SEMANTIC = ("auto", "always", "never")


@dataclass(frozen=True, slots=True)
class Examination:
    """A verdict with what it was read from; `document` and `row` are None, `shares` empty, where the page could not be read.

    `shares` is each family's share of the decision, 0 to 1, summing to one.
    """

    verdict: Verdict
    document: Document | None
    row: Row | None
    shares: dict[str, float]


class Detector:
    """Judges pages. Thread-safe; keeps no state that changes an answer."""

    def __init__(
        self,
        artefact: Artefact,
        operating_point: str,
        threshold: float,
        semantic: str,
        limits: Limits = DEFAULT,
        embedder: Embedder | None = None,
    ) -> None:
        self._artefact = artefact
        self._operating_point = operating_point
        self._threshold = threshold
        self._semantic = semantic
        self._limits = limits
        self._embedder = cached(embedder)

    @classmethod
    def load(
        cls,
        path: str | Path | None = None,
        *,
        operating_point: str = "default",
        semantic: str = "auto",
        embedder: Embedder | None = None,
    ) -> Detector:
        """The shipped model, or the artefact in the folder `path`.

        Args:
            operating_point: `high-precision`, `default` or `high-recall`: false-positive rates of 0.1 %, 0.5 % and 5 % on validation pages.
            semantic: when sentence vectors are read: `auto` where the first tier leaves the verdict open (the artefact's band), `always`, or
                `never`. Each has thresholds of its own for the same false-positive rates.
            embedder: the sentence encoder that the artefact was trained with, where that is not the default one; its vectors are cached here.

        Raises:
            ModelError: no usable artefact there, or one that was made with another encoder.
            UsageError: no such operating point or tier.
        """
        if semantic not in SEMANTIC:
            raise UsageError(f"semantic {semantic!r} is none of {', '.join(SEMANTIC)}")
        folder = Path(path).resolve() if path else default_model()
        artefact = _artefact(str(folder))
        artefact.check_encoder(folder, embedder)
        return cls(artefact, "", 0.5, semantic, embedder=embedder).at(operating_point)

    def at(self, operating_point: str) -> Detector:
        """The same model at another operating point.

        Raises:
            UsageError: the artefact has no such operating point.
        """
        points = self.operating_points
        if operating_point not in points:
            raise UsageError(f"no operating point {operating_point!r}; this model has {', '.join(points)}")
        return self._with(str.__str__(operating_point), points[operating_point])

    def at_threshold(self, threshold: float) -> Detector:
        """The same model at a threshold of one's own, 0 to 1; its verdicts name it `custom`.

        Raises:
            UsageError: the threshold is no number, or outside 0 to 1.
        """
        check_threshold(threshold)
        # A number of numpy's is no plain data, which is all that a worker's answers may hold.
        return self._with("custom", float(threshold))

    def _with(self, operating_point: str, threshold: float) -> Detector:
        return Detector(self._artefact, operating_point, threshold, self._semantic, self._limits, self._embedder)

    @property
    def model(self) -> str:
        """Name, version and digest of the model, as verdicts carry it."""
        return self._artefact.version

    @property
    def operating_points(self) -> dict[str, float]:
        """Thresholds by name, for the tiers at work."""
        return {**self._artefact.operating_points, **self._artefact.tiers.get(self._semantic, {})}

    @property
    def cache_hits(self) -> Hits:
        """Of the encoder's cache, in this process and its workers; detectors with the same encoder share it."""
        return self._embedder.hits

    def classify(self, page: Page | str | bytes | BeautifulSoup) -> Verdict:
        """Judge one page. A page that cannot be judged gets an abstaining verdict, never an exception.

        Raises:
            UsageError: `page` is none of the types named.
        """
        return self._judged([as_page(page)])[0]

    def examine(self, page: Page | str | bytes | BeautifulSoup) -> Examination:
        """Judge one page and keep what a person is shown beside the verdict: the text with its roles, the row, each family's share.

        Raises:
            UsageError: `page` is none of the types named.
        """
        page = as_page(page)
        try:
            document = document_of(page, self._limits)
        except Unreadable as error:
            return Examination(self._abstaining(page, error.reason, None), None, None, {})
        reading = self._reading(document)
        rows, probabilities = self._read([reading])
        verdict = self._verdict(page, reading, rows[0], probabilities[0])
        return Examination(verdict, document, rows[0], family_shares(self._artefact, rows[0]))

    def classify_many(self, pages: Iterable[Page | str | bytes | BeautifulSoup], workers: int = 1) -> Iterator[Verdict]:
        """Judge any iterable lazily, in order, in bounded memory; `workers` processes when more than one.

        With worker processes a page that stalls or kills one abstains with `timed-out`; the others are unharmed. Pages are judged in
        batches of `BATCH`: one that comes slowly waits for its batch, unless `pages` is wrapped in `detector.bulk.Ahead`, which reads it
        in a thread of its own and sends out what has come.

        Raises:
            UsageError: `workers` is below one, `pages` is a single page, or something in it is no page.
            WorkerError: a worker process cannot be started.
        """
        if workers < 1:
            raise UsageError(f"workers {workers} is below 1")
        if isinstance(pages, (Page, str, bytes)) or is_soup(pages):
            raise UsageError(f"pages is a single {type(pages).__name__}; pass a list, as in classify_many([page]), or use classify(page)")
        found = ([as_page(page) for page in batch] for batch in batches(pages, BATCH))
        if workers > 1:
            yield from self.in_workers(self._judged, found, workers, self.timed_out)
            return
        for batch in found:
            yield from self._judged(batch)

    def in_workers(
        self, judge: Callable[[list[Page]], list[T]], batches: Iterable[list[Page]], workers: int, given_up: Callable[[Page], T]
    ) -> Iterator[T]:
        """What `judge`, which asks this detector, answers to every page, in worker processes (`judge_counted`)."""
        return judge_counted(judge, self._embedder, batches, workers, given_up)

    def features(self, page: Page | str | bytes | BeautifulSoup) -> dict[str, float]:
        """The row that the model sees, NaN where unknown; `FAMILY.mismatch` is each family's mismatch score, 0 to 1.

        `coherence` is unknown where `semantic` has the first tier decide alone.

        Raises:
            UsageError: the page cannot be read (empty, not text, over the limits).
        """
        return dict(zip(NAMES, self.row(page).values.tolist(), strict=True))

    def row(self, page: Page | str | bytes | BeautifulSoup) -> Row:
        """Row and witnesses of a page.

        Raises:
            UsageError: the page cannot be read.
        """
        rows, _ = self._read([self.reading(page)])
        return rows[0]

    def reading(self, page: Page | str | bytes | BeautifulSoup) -> Reading:
        """The page as the feature families read it.

        Raises:
            UsageError: the page cannot be read.
        """
        return self._reading(self.document(page))

    def _reading(self, document: Document) -> Reading:
        artefact = self._artefact
        return Reading(document, artefact.topics, artefact.blocks, matcher=artefact.matcher)

    def document(self, page: Page | str | bytes | BeautifulSoup) -> Document:
        """The page as read: its `text` is what evidence points into.

        Raises:
            UsageError: the page cannot be read.
        """
        try:
            return document_of(as_page(page), self._limits)
        except Unreadable as error:
            raise UsageError(f"the page has no document: {error.reason}") from error

    def _judged(self, pages: list[Page]) -> list[Verdict]:
        return [verdict for verdict, _ in self.judged_as_read(pages)]

    @put_off()
    def judged_as_read(self, pages: list[Page]) -> list[tuple[Verdict, Reading | None]]:
        """The verdicts on pages that are judged together, each with the page as it was read for it, None where it could not be read."""
        found: list[Reading | str] = []
        for page in pages:
            try:
                found.append(self._reading(document_of(page, self._limits)))
            except Unreadable as error:
                found.append(error.reason)
        readings = [reading for reading in found if isinstance(reading, Reading)]
        answers = zip(*self._read(readings), strict=True) if readings else iter(())
        judged: list[tuple[Verdict, Reading | None]] = []
        for page, reading in zip(pages, found, strict=True):
            if isinstance(reading, str):
                judged.append((self._abstaining(page, reading, None), None))
            else:
                judged.append((self._verdict(page, reading, *next(answers)), reading))
        return judged

    def _read(self, readings: list[Reading]) -> tuple[list[Row], np.ndarray]:
        """Their rows, read as deep as the tiers say, and their calibrated probabilities (n, 4)."""
        artefact = self._artefact
        rows = [extract_row(reading) for reading in readings]
        raw = artefact.trees.probabilities(np.stack([row.values for row in rows]))
        deeper = np.full(len(rows), self._semantic == "always") if self._semantic != "auto" else artefact.band.holds(raw)
        chosen = np.flatnonzero(deeper)
        for index in chosen:
            rows[index] = read_meaning(rows[index], readings[index], self._embedder)
        if len(chosen):
            raw[chosen] = artefact.trees.probabilities(np.stack([rows[index].values for index in chosen]))
        return rows, artefact.calibration.apply(raw)

    def _verdict(self, page: Page, reading: Reading, row: Row, values: np.ndarray) -> Verdict:
        document = reading.document
        probabilities = {str(label): float(value) for label, value in zip(LABELS, values, strict=True)}
        if_flagged, if_clean = reasons_to_abstain(document, row)
        score = 1.0 - probabilities["clean"]
        # Below every operating point nobody asks why; asking the model again for each family costs a millisecond.
        asked = score >= min(self._threshold, *self.operating_points.values()) and (if_flagged is None or if_clean is None)
        evidence = weigh(self._artefact, row, reading) if asked else ()
        # One way to the answer, the first time and every other: the verdict that holds everything back is asked.
        withheld = replace(
            self._abstaining(page, "unasked", document.partial), _asking=Asking(if_flagged, if_clean, probabilities, evidence)
        )
        return withheld.at(self._threshold, self._operating_point)

    def timed_out(self, page: Page) -> Verdict:
        """The verdict on a page whose judging had to be given up."""
        return self._abstaining(page, "timed-out", None)

    def _abstaining(self, page: Page, reason: str, partial: str | None) -> Verdict:
        return Verdict(page.id, page.url, None, None, None, None, (), reason, partial, self._operating_point, self._threshold, self.model)


def mismatch_scores(row: dict[str, float]) -> dict[str, float]:
    """Each family's mismatch score, 0 to 1, out of a row of `Detector.features`; NaN for a family that was not read."""
    return {family.name: row[f"{family.name}.{MISMATCH[0]}"] for family in FAMILIES}


@lru_cache(maxsize=4)
def _artefact(folder: str) -> Artefact:
    return load(Path(folder))
