"""What no input up to 10 MB may take. Time is the process's own, so that a busy machine fails no test."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds of processor time.
BOUND = 2.0


@contextmanager
def bounded() -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < BOUND
