"""Judges that worker processes import: what they do is written on the page."""

from __future__ import annotations

import os
import re
import signal
import sys
import time


def obey(pages: list[str]) -> list[str]:
    """Answers `answer to PAGE`, after doing what the page says."""
    answers = []
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
        answers.append(f"{os.getpid()} answers {page}" if page == "who" else f"answer to {page}")
    return answers
