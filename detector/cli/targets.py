"""Files that a run writes: none of them may be one that it reads, or another that it writes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detector.errors import UsageError
from detector.sinks.output import STDOUT, part_of


def check_targets(out: Path | None, facts: Path | None, sources: Sequence[str], index: Path | None) -> frozenset[Path]:
    """The files that `-o` and `--facts` name, resolved, with their parts; a walk over a directory passes over them.

    Raises:
        UsageError: one of them is a source, lies in the index, or is the other; or facts are to go to standard output.
    """
    if facts is not None and str(facts) == STDOUT:
        raise UsageError("--facts needs the name of a file; standard output is for verdicts")
    found: set[Path] = set()
    for option, path in (("-o", out), ("--facts", facts)):
        if path is None:
            continue
        target = path.resolve()
        both = {target, part_of(target)}
        if not found.isdisjoint(both):
            raise UsageError(f"{option} {path} is the file of -o {out} or its part; give another name")
        for source in sources:
            if any(one.is_file() and Path(source).is_file() and one.samefile(source) for one in both):
                raise UsageError(f"{option} {path} is one of the sources; give another name")
        if index is not None and target.is_relative_to(index.resolve()):
            raise UsageError(f"{option} {path} lies in the index {index}; give a name outside it")
        found |= both
    return frozenset(found)
