"""Verdicts with what is read beside them: facts of the page's makers, and where its text stands already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from detector.bulk import batches
from detector.detector import Detector
from detector.features.reading import Reading
from detector.given import BATCH
from detector.page.page import Page
from detector.provenance.facts import Facts, facts_of
from detector.verdict import Verdict

if TYPE_CHECKING:
    from detector.provenance.index import OriginalsIndex


def observe_many(
    detector: Detector, pages: Iterable[Page], workers: int = 1, *, facts: bool = True, originals: OriginalsIndex | None = None
) -> Iterator[tuple[Verdict, Facts]]:
    """Verdict and facts of every page, lazily and in order, as `Detector.classify_many`.

    Args:
        facts: whether they are wanted; else a page's hold its id and address alone.
        originals: where a page's text may stand already; that it does is evidence, before all other (`copied`).

    Raises:
        UsageError: the index is damaged.
        WorkerError: a worker process cannot be started.
    """
    observer = Observer(detector, facts, originals)
    if workers == 1:
        for batch in batches(pages, BATCH):
            yield from observer(batch)
    else:
        yield from detector.in_workers(observer, batches(pages, BATCH), workers, observer.given_up)


class Observer:
    """Judges a batch and reads what stands beside; picklable, for worker processes."""

    def __init__(self, detector: Detector, facts: bool, originals: OriginalsIndex | None) -> None:
        self._detector = detector
        self._facts = facts
        self._originals = originals

    def __call__(self, pages: list[Page]) -> list[tuple[Verdict, Facts]]:
        judged = self._detector.judged_as_read(pages)
        return [self._beside(page, verdict, reading) for page, (verdict, reading) in zip(pages, judged, strict=True)]

    def given_up(self, page: Page) -> tuple[Verdict, Facts]:
        return self._detector.timed_out(page), Facts(page.id, page.url)

    def _beside(self, page: Page, verdict: Verdict, reading: Reading | None) -> tuple[Verdict, Facts]:
        if reading is None:
            return verdict, Facts(page.id, page.url)
        facts = facts_of(page, reading) if self._facts else Facts(page.id, page.url)
        return self._with_original(page, reading, verdict), facts

    def _with_original(self, page: Page, reading: Reading, verdict: Verdict) -> Verdict:
        if self._originals is None:
            return verdict
        # datasketch is an extra; facts do without.
        from detector.provenance.copied import copied

        found = copied(page, reading.document, self._originals)
        return verdict if found is None else replace(verdict, evidence=(found, *verdict.evidence))
