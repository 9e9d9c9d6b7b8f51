"""Files that a run writes: none of them may be one that it reads, or another that it writes; and what is lost there is told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from detector.errors import UsageError
from detector.sinks.output import STDOUT, part_of


def check_targets(
    outputs: Sequence[tuple[str, Path | None]], inputs: Sequence[tuple[str, Path]], index: Path | None = None
) -> frozenset[Path]:
    """The files that are written, resolved, with their parts; a walk over a directory passes over them.

    Args:
        outputs: the option of each, and its path, None for standard output or none.
        inputs: what each is called in a message, and its path.

    Raises:
        UsageError: an output or its part is an input, lies in the index, or is another output or its part; or one beside the verdicts is to
            go to standard output.
    """
    found: dict[Path, str] = {}
    for option, path in outputs:
        if path is None:
            continue
        if str(path) == STDOUT:
            raise UsageError(f"{option} needs the name of a file; standard output is for what -o holds")
        target = path.resolve()
        both = {target, part_of(target)}
        # Of a file that is there every name counts, a hard link too.
        taken = [found[one] for one in both if one in found]
        taken += [name for name, given in inputs if any(_is_same(one, given) for one in both)]
        if taken:
            raise UsageError(f"{option} {path} is the file of {taken[0]} too, or its part; give another name")
        if index is not None and target.is_relative_to(index.resolve()):
            raise UsageError(f"{option} {path} lies in the index {index}; give a name outside it")
        found |= dict.fromkeys(both, f"{option} {path}")
    return frozenset(found)


def replaced_part(path: Path, hint: str = "") -> str | None:
    """What to tell before the rows that a cut-off run left in the part of `path` are replaced; None where there are none."""
    part = part_of(path.resolve())
    return f"the rows of a cut-off run in {part} are replaced{hint}" if part.is_file() and part.stat().st_size else None


def _is_same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.samefile(other)
