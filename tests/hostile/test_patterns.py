"""No regular expression of the package takes super-linear time.

Every compiled pattern is found by importing every module. Its worst inputs are made from its own parse tree: for each repetition, what leads
up to it, the repeated item many times over, and an end that does not match; also the whole of it many times over. Time is compared at two
sizes: a quadratic pattern takes sixteen times as long for four times as much.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import detector

SMALL, LARGE = 3_000, 12_000
# Growth that is still linear with noise, and the seconds below which noise is all there is.
MOST_GROWTH, LEAST_TIME = 9.0, 0.03
# Sizes of repetitions above this are as good as endless.
ENDLESS = 50
ENDS = ("", "\x00", "!", "\n", " x", "<")
# What leaves `pkgutil.walk_packages` no module: started by hand, or needs a package that tests do without.
FOREIGN = ("detector.integrations",)


def patterns() -> dict[str, re.Pattern[Any]]:
    """Compiled patterns by the name they have in their module, those in tuples and dictionaries too."""
    found: dict[str, re.Pattern[Any]] = {}

    def collect(name: str, value: object, depth: int) -> None:
        if isinstance(value, re.Pattern):
            if value not in found.values():
                found[name] = value
        elif depth < 3 and isinstance(value, (tuple, list, set, frozenset)):
            for number, item in enumerate(value):
                collect(f"{name}[{number}]", item, depth + 1)
        elif depth < 3 and isinstance(value, dict):
            for key, item in value.items():
                collect(f"{name}[{key!r}]", item, depth + 1)

    for module in pkgutil.walk_packages(detector.__path__, "detector."):
        if module.name.startswith(FOREIGN) or module.name == "detector.__main__" or ".migrations" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        for name, value in vars(loaded).items():
            # A pattern that another package's object carries is not ours.
            collect(f"{module.name}.{name}", value, 0)
    return found


PATTERNS = patterns()


def sample(item: Any) -> str:
    """A short text that a parse tree matches, or nearly."""
    return "".join(sample_one(operator, argument) for operator, argument in item)


def sample_one(operator: Any, argument: Any) -> str:
    match str(operator):
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return "a" if argument != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return member(argument)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return sample(argument[2]) * min(max(argument[0], 1), ENDLESS)
        case "SUBPATTERN" | "ATOMIC_GROUP":
            return sample(argument[-1] if isinstance(argument, tuple) else argument)
        case "BRANCH":
            return sample(argument[1][0])
        case _:
            return ""


def member(members: Any) -> str:
    """A character of a class."""
    if str(members[0][0]) == "NEGATE":
        return next((character for character in "a0 (中" if not re.fullmatch(class_of(members[1:]), character)), "\x01")
    operator, argument = members[0]
    match str(operator):
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(argument[0])
        case _:
            return {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "a"}.get(str(argument), "a")


def class_of(members: Any) -> str:
    """The members of a class as a pattern again."""
    kinds = {
        "CATEGORY_SPACE": r"\s",
        "CATEGORY_DIGIT": r"\d",
        "CATEGORY_WORD": r"\w",
        "CATEGORY_NOT_SPACE": r"\S",
        "CATEGORY_NOT_WORD": r"\W",
    }
    parts = []
    for operator, argument in members:
        if str(operator) == "LITERAL":
            parts.append(re.escape(chr(argument)))
        elif str(operator) == "RANGE":
            parts.append(f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}")
        else:
            parts.append(kinds.get(str(argument), ""))
    return f"[{''.join(parts)}]"


def pumps(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(what leads up to it, what is repeated) for every long repetition of a parse tree, and for each branch as a whole."""
    for operator, argument in tree:
        kind = str(operator)
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            if argument[1] > ENDLESS or argument[1] == _parser.MAXREPEAT:
                yield before, sample(argument[2])
                for operator_inside, argument_inside in argument[2]:
                    if str(operator_inside) == "IN":
                        yield from ((before, member([one])) for one in argument_inside if str(one[0]) not in ("NEGATE",))
            yield from pumps(argument[2], before)
        elif kind in ("SUBPATTERN", "ATOMIC_GROUP"):
            yield from pumps(argument[-1] if isinstance(argument, tuple) else argument, before)
        elif kind == "BRANCH":
            for branch in argument[1]:
                yield before, sample(branch)
                yield from pumps(branch, before)
        elif kind in ("ASSERT", "ASSERT_NOT"):
            yield from pumps(argument[1], before)
        before += sample_one(operator, argument)
    yield "", before


def seconds(pattern: re.Pattern[Any], text: str) -> float:
    given: Any = text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")
    start = time.process_time()
    for _ in pattern.finditer(given):
        pass
    return time.process_time() - start


def worst(pattern: re.Pattern[Any]) -> list[str]:
    """Inputs whose time grows faster than their length."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found = []
    for before, unit in sorted(set(pumps(_parser.parse(source, pattern.flags & ~re.UNICODE)))):
        if not unit:
            continue
        for text in (lambda n, b=before, u=unit: b + u * (n // len(u)), lambda n, b=before, u=unit: (b + u) * (n // len(b + u))):
            for end in ENDS:
                large = seconds(pattern, text(LARGE) + end)
                # Asked again before it counts: a machine that does something else must not fail the test.
                if large > LEAST_TIME and all(
                    seconds(pattern, text(LARGE) + end) > MOST_GROWTH * seconds(pattern, text(SMALL) + end) for _ in range(6)
                ):
                    found.append(f"{before[:20]!r} + {unit[:20]!r} * n + {end!r}: {large:.2f} s for {LARGE:,} characters")
                    break
    return found


def test_the_package_has_patterns_and_they_are_found() -> None:
    """The collector sees patterns of every layer, those inside tuples and dictionaries too."""
    names = "\n".join(PATTERNS)
    assert len(PATTERNS) > 80
    for part in ("page.limits.", "features.owners.", "sources.warc.", "page.hints._PATTERNS[1]", "provenance.facts._ANALYTICS["):
        assert part in names


@pytest.mark.parametrize("source", [r"\s+$", r"(?:a|b)*c", r"(?:ab)*c", r"\s*[|]\s*"])
def test_the_worst_inputs_tell_super_linear_patterns(source: str) -> None:
    """Known offenders are told, so that silence means something."""
    assert worst(re.compile(source))


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_takes_linear_time(name: str) -> None:
    """On every worst input made from it."""
    assert not worst(PATTERNS[name])
