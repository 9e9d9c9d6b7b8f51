"""Judges that worker processes import: what they do is written on the page."""

from __future__ import annotations

import os
import re
import signal
import sys
import time


class Executed:
    """Makes a file where it is unpickled."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self._path, "w")


class OwnError(Exception):
    """One that the program does not know."""


def obey(pages: list[str]) -> list[object]:
    """Answers `answer to PAGE`, after doing what the page says."""
    answers: list[object] = []
    for page in pages:
        if page.startswith("sleep"):
            time.sleep(float(page.split()[1]))
        elif page.startswith("spin"):
            while True:
                pass
        elif page.startswith("stall"):
            # One call into native code that never returns, and holds the interpreter's lock.
            re.match("(a+)+b", "a" * 60)
        elif page.startswith("crash"):
            os.kill(os.getpid(), signal.SIGKILL)
        elif page.startswith("exit"):
            os._exit(0)
        elif page.startswith("fail"):
            raise ValueError(page)
        elif page.startswith("print"):
            print("noise on standard output", flush=True)
            os.write(1, b"and on the descriptor\n")
            assert sys.stdin.read() == ""
        elif page.startswith("strange"):
            answers.append(Executed(page.partition(" ")[2]))
            continue
        elif page.startswith("leave out"):
            continue
        elif page.startswith("own fault"):
            raise OwnError(page)
        answers.append(f"{os.getpid()} answers {page}" if page == "who" else f"answer to {page}")
    return answers
