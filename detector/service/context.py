"""What the endpoints share: settings, workers, store, access, metrics; and the way from a page to a kept verdict."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from detector.errors import OutputError
from detector.page.address import read_address
from detector.page.page import TEXT, Page
from detector.service.access import Access
from detector.service.metrics import Metrics
from detector.service.pool import Full, Pool
from detector.service.problems import Problem
from detector.service.settings import Settings
from detector.service.worker import Answer
from detector.store.records import Given, Stored, Submission
from detector.store.store import Store

# Verdicts that a store in memory holds.
IN_MEMORY = 5_000
_TIDY_SECONDS = 600.0


@dataclass(slots=True)
class Context:
    """Of one application, from its start to its end."""

    settings: Settings
    pool: Pool
    store: Store
    access: Access
    metrics: Metrics
    draining: bool = False

    def close(self) -> None:
        self.pool.stop()
        self.store.close()

    async def judge(self, pages: Sequence[Page]) -> tuple[list[str], list[Answer]]:
        """Ids and answers in order; all are kept when this returns.

        Raises:
            Problem: 429 when too many pages wait.
        """
        try:
            answers = await self.pool.judge(pages)
        except Full as full:
            detail = f"too many pages are waiting; ask again in {full.seconds} s"
            raise Problem(429, "busy", detail, {"retry-after": str(full.seconds)}) from full
        given = [self._given(page, answer) for page, answer in zip(pages, answers, strict=True)]
        return await run_in_threadpool(self.store.add, given), answers

    def _given(self, page: Page, answer: Answer) -> Given:
        submission = Submission(page.body, page.media_type == TEXT, answer.text, answer.blocks) if self.settings.keeps_pages else None
        digest = self.pool.about.schema_digest if answer.features is not None else None
        return Given(answer.verdict, answer.shares, read_address(page.url).host, answer.features, digest, submission)

    async def correct(self, verdict_id: str, label: str, note: str, reviewer: str) -> Stored:
        """Raises:
        Problem: 404, there is no such verdict.
        """
        found = await run_in_threadpool(self.store.correct, verdict_id, label, note, reviewer)
        if found is None:
            raise unknown(verdict_id)
        self.metrics.corrected(found.verdict["label"], label)
        return found

    async def undo(self, verdict_id: str, reviewer: str) -> Stored:
        """Raises:
        Problem: 404, there is no such verdict, or nothing to take back.
        """
        found = await run_in_threadpool(self.store.undo, verdict_id, reviewer)
        if found is None:
            raise Problem(404, "nothing-to-undo", "there is no such verdict, or no correction of it that stands")
        self.metrics.undone.inc()
        return found

    async def get(self, verdict_id: str) -> Stored:
        """Raises:
        Problem: 404, there is no such verdict.
        """
        found = await run_in_threadpool(self.store.get, verdict_id)
        if found is None:
            raise unknown(verdict_id)
        return found

    def tidy(self) -> None:
        """Let go of what was kept long enough."""
        if self.store.in_memory:
            self.store.keep_newest(IN_MEMORY)
        else:
            self.store.purge(self.settings.keep_days)

    async def tidy_again(self) -> None:
        """The same, forever."""
        while True:
            await asyncio.sleep(_TIDY_SECONDS / 20 if self.store.in_memory else _TIDY_SECONDS)
            try:
                await run_in_threadpool(self.tidy)
            except SQLAlchemyError as error:
                # The database may be gone for a while; /readyz says so, and the next round comes.
                print(f"detector: the store was not tidied ({type(error).__name__})", file=sys.stderr, flush=True)


def open_context(settings: Settings) -> Context:
    """Opens the store, lets go of what was kept long enough, and starts the workers.

    Raises:
        UsageError, ModelError, OutputError: the store or the model cannot be used.
    """
    store = Store(settings.address)
    metrics = Metrics()
    context = Context(settings, Pool(settings, metrics), store, Access(settings), metrics)
    try:
        # Before the first answer: what should be gone is not shown.
        context.tidy()
    except SQLAlchemyError as error:
        store.close()
        raise OutputError(f"the store cannot be written ({type(error).__name__}); is another program holding it?") from error
    context.pool.start()
    return context


def unknown(verdict_id: str) -> Problem:
    return Problem(404, "no-such-verdict", "there is no verdict of that id; it may be of another store", verdict_id=verdict_id[:64])


def context_of(request: Request) -> Context:
    context: Any = request.app.state.context
    assert isinstance(context, Context)
    return context
