"""What is told of a long run's stages: lines in a log, bars on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import ENVIRONMENT

TRACK = """
from detector.cli.progress import progress
told = progress()
told.say("reading the corpus")
assert list(told.track(iter("abc"), "extracting 120 rows", 3)) == ["a", "b", "c"]
"""


def test_progress_is_a_line_a_stage_where_no_terminal_is() -> None:
    """A log holds no bars and no escapes."""
    done = subprocess.run([sys.executable, "-c", TRACK], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert (done.stdout, done.stderr) == ("", "reading the corpus\nextracting 120 rows\n")


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_progress_is_a_bar_on_a_terminal() -> None:
    """A person sees the share that is done."""
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", TRACK], stdout=subprocess.PIPE, stderr=theirs, env=ENVIRONMENT | {"TERM": "xterm"}, check=True
    )
    os.close(theirs)
    seen = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.stdout == b""
    for words in ("reading the corpus", "extracting 120 rows", "100%", "\x1b["):
        assert words in seen
