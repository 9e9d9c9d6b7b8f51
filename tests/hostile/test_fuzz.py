"""Ten thousand malformed inputs in every check: nothing but documented errors, offsets right, the same answer again.

`python -m tests.hostile.fuzz --inputs 1000000 --orders` is the long run. `--hypothesis-profile=long` looks further here too.
"""

from __future__ import annotations

import os
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import inputs
from tests.hostile.fuzz import numbered, run
from tests.hostile.targets import TARGETS, decoding, whole

# How many of the numbered ones; the rest to ten thousand are hypothesis's.
INPUTS = int(os.environ.get("DETECTOR_FUZZ_INPUTS", "8000"))

pieces = st.one_of(
    st.sampled_from(inputs.MARKUP + inputs.WORDS),
    st.builds("<{} {}>".format, st.sampled_from(inputs.TAGS), st.sampled_from(inputs.ATTRIBUTES)),
    st.text(max_size=20),
)
bodies = st.one_of(
    st.lists(pieces, max_size=25).map(lambda found: " ".join(found).encode("utf-8", "replace")),
    st.binary(max_size=120),
)


def test_numbered_inputs_hold() -> None:
    """No crash, none over two seconds, below a gigabyte, verdicts the same in the other order."""
    assert run(0, INPUTS, 1, orders=False) == 0
    assert run(INPUTS, max(200, INPUTS // 40), 2, orders=True) == 0


@settings(max_examples=max(settings().max_examples, 1_000))
@given(bodies, st.integers(0, 500))
def test_pages_hold(body: bytes, number: int) -> None:
    """Decode, parse, plain text, blocks, every family, model and evidence; hypothesis shrinks what fails."""
    whole(body, number)


@settings(max_examples=max(settings().max_examples, 800))
@given(st.binary(max_size=200), st.integers(0, 7))
def test_decoding_holds(body: bytes, number: int) -> None:
    """Bytes of no encoding at all."""
    decoding(body, number)


def test_the_inputs_reach_every_target_and_differ_between_seeds() -> None:
    """The generator is no constant, and the same number and seed are the same bytes."""
    first = [numbered(number, 1) for number in range(200)]
    assert {target for target, _ in first} == set(TARGETS)
    assert first == [numbered(number, 1) for number in range(200)]
    assert first != [numbered(number, 2) for number in range(200)]
    assert len({data for _, data in first}) > 190


def test_damage_changes_bytes() -> None:
    """Damaged pages are not the pages."""
    rng = random.Random(3)
    page = inputs.hand_written()[0]
    assert sum(inputs.damaged(rng, page) != page for _ in range(50)) > 45
