"""Python's search for reference cycles, put off while pages are being read.

Reading a page makes thousands of short-lived records and no cycles, so the collector looks for what is not there, at a tenth of a page's time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """Automatic collection is off inside and as it was before afterwards.

    The switch is the process's: threads that overlap may have it on earlier, and never find it off in the end.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
