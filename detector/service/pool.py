"""Worker processes: a page that stalls or kills one is answered `timed-out`, the worker is replaced, the others go on.

Processes and pipes of the standard library: a pool that can kill one stuck worker and keep its queue is what concurrent.futures and
joblib do not offer.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from detector.bulk.frames import answer_in
from detector.errors import ModelError
from detector.page.page import Page
from detector.service.metrics import Metrics
from detector.service.settings import Settings
from detector.service.worker import Answer, Ready, run

TIMED_OUT = "timed-out"
_START_SECONDS = 120.0
# What a worker that gives up by itself needs beyond its time.
_GRACE_SECONDS = 1.0


class Full(Exception):
    """More pages than may wait; `seconds` until it is worth asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Gone(Exception):
    """The worker's process died before it took the page: the page is not why."""


class Worker:
    """One process and the pipe to it. Blocking: each is used by one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        context = multiprocessing.get_context("spawn")
        self._loaded = False
        self._pipe: Connection
        self._pipe, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=run, args=(theirs, settings.model, settings.operating_point), daemon=True)
        self.process.start()
        theirs.close()

    def ready(self) -> Ready:
        """Waits for the model.

        Raises:
            ModelError: it has none, or the process did not come up.
        """
        try:
            if self._pipe.poll(_START_SECONDS):
                ready: Ready = answer_in(self._pipe.recv_bytes())
                if ready.error is not None:
                    raise ModelError(ready.error)
                self._loaded = True
                return ready
        except (EOFError, OSError):
            pass
        self.kill()
        raise ModelError("a worker process did not start; `detector doctor` says whether the model loads")

    @property
    def can_judge(self) -> bool:
        """Whether its model is loaded and its process runs."""
        return self._loaded and self.process.is_alive()

    def judge(self, page: Page, seconds: float) -> Answer | None:
        """The answer, or None when it did not come in time (a worker that never takes the page is no better) or the page killed the process; the
        worker is of no more use then.

        Raises:
            Gone: the process died before it took the page; the worker is of no more use either.
        """
        until = time.monotonic() + seconds
        try:
            self._pipe.send(page)
            if not self._pipe.poll(seconds):
                return None
            self._pipe.recv_bytes()  # it has the page
        except (EOFError, OSError) as error:
            raise Gone from error
        try:
            if self._pipe.poll(max(0.0, until - time.monotonic())):
                answer = answer_in(self._pipe.recv_bytes())
                return answer if isinstance(answer, Answer) else None
        except (EOFError, OSError):
            pass
        return None

    def kill(self) -> None:
        # In this order: a thread that still waits for the answer sees the other end close.
        self.process.kill()
        self.process.join()
        self._pipe.close()


class Pool:
    """Judges pages on a fixed number of workers, in the order they come, at most `settings.queue` at once. One whose worker had died waits anew."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(settings.workers, thread_name_prefix="worker")
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._pages = 0
        self._average = 0.05
        self._replacing: set[asyncio.Task[None]] = set()
        self.workers: list[Worker] = []
        self.about: Ready
        # Counted when it is asked for: a worker may die at any time, and nobody is told.
        metrics.workers.set_function(lambda: self.able)

    def start(self) -> None:
        """Start every worker and wait for their models.

        Raises:
            ModelError: as `Worker.ready`.
        """
        self.workers = [Worker(self._settings) for _ in range(self._settings.workers)]
        try:
            # All of them, not the first alone: a worker that does not come up is an error now.
            self.about, *_ = self._threads.map(Worker.ready, self.workers)
        except ModelError:
            self.stop()
            raise
        for worker in self.workers:
            self._idle.put_nowait(worker)

    def stop(self) -> None:
        for task in self._replacing:
            task.cancel()
        for worker in self.workers:
            worker.kill()
        self._threads.shutdown(wait=True)

    @property
    def able(self) -> int:
        """Workers that can judge: those still loading their model cannot."""
        return sum(worker.can_judge for worker in self.workers)

    async def judge(self, pages: Sequence[Page]) -> list[Answer]:
        """Answers in order, after `settings.request_seconds` at the latest: pages without one are `timed-out`.

        Raises:
            Full: the pages do not fit into the queue; none is judged.
        """
        # A batch larger than the queue is judged when nothing else waits, or it never would be.
        if self._pages and self._pages + len(pages) > self._settings.queue:
            raise Full(max(1, round(self._pages * self._average / self._settings.workers)))
        self._pages += len(pages)
        self._metrics.queue.set(self._pages)
        until = asyncio.get_running_loop().time() + self._settings.request_seconds
        return list(await asyncio.gather(*(self._one(page, until) for page in pages)))

    async def _one(self, page: Page, until: float) -> Answer:
        try:
            async with asyncio.timeout_at(until):
                answer = await self._judged(page)
        except TimeoutError:
            answer = None
        finally:
            self._pages -= 1
            self._metrics.queue.set(self._pages)
        if answer is None:
            answer = self._timed_out(page)
        self._metrics.judged(answer.verdict)
        return answer

    async def _judged(self, page: Page) -> Answer | None:
        loop = asyncio.get_running_loop()
        # No more workers can have died with nothing to do (out of memory, an operator) than there are: no page pays for that.
        for _ in range(self._settings.workers + 1):
            worker = await self._idle.get()
            judging = loop.run_in_executor(self._threads, worker.judge, page, self._settings.page_seconds)
            # A large page does not fit into the pipe of a worker that does not read, and nothing else ends that.
            stuck = loop.call_later(self._settings.page_seconds + _GRACE_SECONDS, worker.process.kill)
            # Whether or not somebody still waits for it, the worker is free when the answer is there and not before.
            judging.add_done_callback(partial(self._back, worker, stuck, loop.time()))
            try:
                return await asyncio.shield(judging)
            except Gone:
                continue
        return None

    def _timed_out(self, page: Page) -> Answer:
        about = self.about
        nothing: dict[str, Any] = {"label": None, "flagged": None, "flag_probability": None, "probabilities": None, "evidence": []}
        why = {
            "abstained": TIMED_OUT,
            "partial": None,
            "operating_point": self._settings.operating_point,
            "threshold": round(about.threshold, 6),
        }
        return Answer({"id": page.id, "url": page.url, **nothing, **why, "model": about.model}, {})

    def _back(self, worker: Worker, stuck: asyncio.TimerHandle, started: float, judging: asyncio.Future[Answer | None]) -> None:
        stuck.cancel()
        if judging.cancelled() or judging.exception() is not None:
            self._replace(worker)
            return
        took = asyncio.get_running_loop().time() - started
        self._average += 0.05 * (took - self._average)
        self._metrics.page_seconds.observe(took)
        if judging.result() is None:
            self._replace(worker)
        else:
            self._idle.put_nowait(worker)

    def _replace(self, worker: Worker) -> None:
        task = asyncio.get_running_loop().create_task(self._replaced(worker))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def _replaced(self, worker: Worker) -> None:
        loop = asyncio.get_running_loop()
        self._metrics.replaced.inc()
        await loop.run_in_executor(self._threads, worker.kill)
        self.workers.remove(worker)
        while True:
            fresh = Worker(self._settings)
            self.workers.append(fresh)
            try:
                await loop.run_in_executor(self._threads, fresh.ready)
            except ModelError:
                self.workers.remove(fresh)
                await asyncio.sleep(1.0)
                continue
            self._idle.put_nowait(fresh)
            return


def page_of(html: str | None, text: str | None, url: str | None, id: str) -> Page:
    """A page as a request gives it."""
    return Page.from_html(html, url, id) if html is not None else Page.from_text(text or "", url, id)
