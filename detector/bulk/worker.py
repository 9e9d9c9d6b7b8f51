"""The worker process: takes the judge once, then batch after batch, until its standard input ends."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
from typing import IO, Any

from detector.bulk.frames import answer_in, packed, receive_from_parent, send

READY = "ready"


def main(seconds: float) -> None:
    """Answer every batch with (True, answers) or (False, what the judge raised).

    Args:
        seconds: a batch that takes twice as long ends the process, even where the program that would have killed it is gone.
    """
    asked, answers = _own_pipes()
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with contextlib.suppress(EOFError, OSError):
        judge = receive_from_parent(asked)
        send(answers, packed(READY))
        while True:
            batch = receive_from_parent(asked)
            _alarm(2 * seconds)
            reply = _answer(judge, batch)
            _alarm(0)
            send(answers, reply)


def _answer(judge: Any, batch: Any) -> bytes:
    try:
        return packed((True, judge(batch)))
    except Exception as error:
        try:
            # An exception that the program would not take back is told in words.
            answer_in(pickle.dumps(error))
            return packed((False, error))
        except (pickle.PicklingError, TypeError, AttributeError, EOFError):
            return packed((False, RuntimeError(f"{type(error).__name__}: {error}")))


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output, kept from anything that prints or reads in this process."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return asked, answers


def _alarm(seconds: float) -> None:
    # Left to its default the signal ends the process inside native code too, which no thread of Python's can.
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)
