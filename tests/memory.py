"""The most memory that a process has held."""

from __future__ import annotations

import resource
from pathlib import Path


def peak(process: int | str = "self") -> int:
    """Bytes; 0 for a process that has ended.

    Where the kernel keeps a mark for the process itself (VmHWM, Linux) it is that: `ru_maxrss` of a new process begins with what the one that
    started it held.
    """
    try:
        marks = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines())
        return int(marks["VmHWM"].split()[0]) * 1024
    except (OSError, KeyError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if process == "self" else 0
