"""Batches to worker processes and answers back in order, with a watchdog.

Own, on `subprocess` and threads: joblib's loky gives up its whole pool when one worker dies and cannot kill one that is stuck; Pebble
(LGPL) can, but re-imports the caller's main module, so that scripts without `if __name__ == "__main__"` would start themselves again, and
shares one pipe among its workers, which a kill may leave locked. Here each worker has pipes of its own and one thread that waits for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from detector.bulk import frames
from detector.bulk.worker import READY
from detector.errors import WorkerError

T = TypeVar("T")
R = TypeVar("R")

# Seconds that one page may take by itself. The worst that is known takes two on a free core (tests/hostile).
PAGE_SECONDS = 30.0
# For the imports and the model, on a machine whose disk is busy.
_START_SECONDS = 120.0
# Batches in work or waiting, a worker: enough that none is ever idle, few enough that memory stays bounded.
_WINDOW = 2
# sys.path is handed on, so that the worker finds what the caller found; -P keeps the working directory out.
_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from detector.bulk.worker import main; main(float(sys.argv[2]))"

# Ctrl-C is for the program alone: it ends its workers.
_GROUP_OF_ITS_OWN: dict[str, Any] = {}
if sys.platform == "win32":
    _GROUP_OF_ITS_OWN["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _GROUP_OF_ITS_OWN["process_group"] = 0


def judge_in_workers(
    judge: Callable[[list[T]], list[R]],
    batches: Iterable[list[T]],
    workers: int,
    given_up: Callable[[T], R],
    page_seconds: float = PAGE_SECONDS,
) -> Iterator[R]:
    """The answers to every page of every batch, lazily and in order.

    A batch whose worker dies, or takes longer than `page_seconds`, is asked again page by page in another worker; a page that then fails by
    itself is given up, and all others get their answers.

    Args:
        judge: a picklable callable that gives one answer a page; it is sent to each worker once. Answers are plain data or the records that
            `frames` names; of anything else the page is given up.
        batches: an empty one is a chance to hand on what is answered.
        workers: processes, at least one; each is started when there is work for it.
        given_up: makes the answer for a page that is given up.

    Raises:
        WorkerError: a worker process cannot be started.
        Exception: what `judge` raises; a RuntimeError that names it where it is neither built in nor one of `detector.errors`.
    """
    window: deque[Future[list[R]]] = deque()
    with _Pool(judge, workers, given_up, page_seconds) as pool:
        for batch in batches:
            if batch:
                window.append(pool.submit(batch))
            while len(window) >= _WINDOW * workers or (window and window[0].done()):
                yield from window.popleft().result()
        while window:
            yield from window.popleft().result()


class _Pool:
    """A thread for each worker process, which waits for it and replaces it."""

    def __init__(self, judge: Any, workers: int, given_up: Callable[[Any], Any], seconds: float) -> None:
        self._judge = frames.packed(judge)
        self._given_up = given_up
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="detector-bulk")
        self._lock = threading.Lock()
        self._closed = False
        self._all: set[_Worker] = set()
        # A None stands for a worker that is still to be started.
        self._idle: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        for _ in range(workers):
            self._idle.put(None)

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
            for worker in self._all:
                worker.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._all:
            worker.close()

    def submit(self, batch: list[Any]) -> Future[list[Any]]:
        return self._threads.submit(self._answers, batch)

    def _answers(self, batch: list[Any]) -> list[Any]:
        answers = self._asked(batch)
        if answers is not None:
            return answers
        result = []
        for page in batch:
            alone = self._asked([page])
            result.append(self._given_up(page) if alone is None else alone[0])
        return result

    def _asked(self, batch: list[Any]) -> list[Any] | None:
        """The answers, None if the worker died of the batch or had to be killed."""
        worker = self._idle.get()
        try:
            if worker is None:
                worker = self._started()
            done, answer = worker.ask(batch, self._seconds)
        except (EOFError, OSError):
            if worker is not None:
                worker.kill()
                worker.close()
                with self._lock:
                    self._all.discard(worker)
            worker = None
            return None
        finally:
            self._idle.put(worker)
        if not done:
            raise answer
        return cast("list[Any]", answer)

    def _started(self) -> _Worker:
        with self._lock:
            if self._closed:
                raise OSError("the run has ended")
            worker = _Worker(self._seconds)
            self._all.add(worker)
        worker.prepare(self._judge)
        return worker


class _Worker:
    """One process and its two pipes."""

    def __init__(self, seconds: float) -> None:
        path = [str(Path(entry).absolute()) for entry in sys.path]
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _PROGRAM, json.dumps(path), str(seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                # Work is shared out by pages, not inside numpy.
                env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
                **_GROUP_OF_ITS_OWN,
            )
        except OSError as error:
            raise WorkerError(f"a worker process cannot be started ({error.strerror}); run with --workers 1") from error
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)

    def prepare(self, judge: bytes) -> None:
        """Hand over the judge and wait until the process is ready.

        Raises:
            WorkerError: it never is.
        """
        try:
            with self._watched(_START_SECONDS):
                frames.send(self._in, judge)
                ready = frames.receive_from_worker(self._out)
        except (EOFError, OSError) as error:
            self.kill()
            raise WorkerError(f"a worker process ended while it started (code {self._process.wait()}); run with --workers 1") from error
        if ready != READY:
            raise WorkerError("a worker process answers nonsense; run with --workers 1")

    def ask(self, batch: list[Any], seconds: float) -> tuple[bool, Any]:
        """(True, answers, one a page) or (False, exception).

        Raises:
            EOFError, OSError: the process died, was killed because it took longer than `seconds`, or sent what is no answer.
        """
        with self._watched(seconds):
            frames.send(self._in, frames.packed(batch))
            match frames.receive_from_worker(self._out):
                case (True, list(answers)) if len(answers) == len(batch):
                    return True, answers
                case (False, Exception() as error):
                    return False, error
        raise EOFError("not an answer to each page")

    @contextlib.contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Kills the process when the time is over: then both pipes end, whichever is being waited for."""
        timer = threading.Timer(seconds, self.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        """After `kill`."""
        for pipe in (self._in, self._out):
            # What was not sent any more has nobody to read it.
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()
