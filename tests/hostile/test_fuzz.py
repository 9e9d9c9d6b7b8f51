"""Ten thousand malformed inputs in every check: nothing but documented errors, offsets right, the same answer again.

`python -m tests.hostile.fuzz --inputs 1000000 --orders --workers 2` is the long run. `--hypothesis-profile=long` looks further here too.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector.detector import SEMANTIC
from tests.hostile import fuzz, inputs
from tests.hostile.fuzz import numbered
from tests.hostile.targets import ROUND, TARGETS, decoding, tier, whole

# How many of the numbered ones; the rest to ten thousand are hypothesis's.
INPUTS = int(os.environ.get("DETECTOR_FUZZ_INPUTS", "8000"))
# Of them, how many are judged in two orders.
ORDERED = INPUTS // 20
ROOT = Path(__file__).parents[2]

pieces = st.one_of(
    st.sampled_from(inputs.MARKUP + inputs.WORDS),
    st.builds("<{} {}>".format, st.sampled_from(inputs.TAGS), st.sampled_from(inputs.ATTRIBUTES)),
    st.text(max_size=20),
)
bodies = st.one_of(
    st.lists(pieces, max_size=25).map(lambda found: " ".join(found).encode("utf-8", "replace")),
    st.binary(max_size=120),
)


def fuzzed(*options: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: the gigabyte is what the inputs take, not what the tests before them took."""
    return subprocess.run([sys.executable, "-m", "tests.hostile.fuzz", *options], capture_output=True, text=True, cwd=ROOT)


def test_numbered_inputs_hold() -> None:
    """No crash, none over two seconds, below a gigabyte."""
    done = fuzzed("--inputs", str(INPUTS - ORDERED))
    assert done.returncode == 0, done.stdout + done.stderr


def test_verdicts_are_the_same_in_two_orders() -> None:
    """First to last one by one, then last to first many at once: nothing is kept that changes an answer."""
    done = fuzzed("--first", str(INPUTS - ORDERED), "--inputs", str(ORDERED), "--seed", "2", "--orders")
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_verdict_in_another_order_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A detector that remembered the page before would be found out."""
    real = fuzz.again
    monkeypatch.setattr(fuzz, "again", lambda items: ((number, said + str(number == 3)) for number, said in real(items)))
    there = fuzz.forwards(range(5), 1)
    assert [failure.split(" has ")[0] for failure in fuzz.backwards(there.digests, 1).failures if "input 3 " in failure] == [
        "input 3 of seed 1"
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's timer is POSIX")
def test_an_input_that_never_ends_is_named(tmp_path: Path) -> None:
    """Its worker is killed, inside native code too, and the number is told."""
    script = tmp_path / "hang.py"
    script.write_text(
        "import sys\n"
        "from tests.hostile import fuzz, targets\n"
        "fuzz.HANG = 1.0\n"
        "fuzz.warm = lambda: None\n"
        "def forever(data, number):\n"
        "    while number == 7: sum(range(10**7))\n"
        "fuzz.TARGETS = dict.fromkeys(targets.TARGETS, forever)\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(1 if fuzz.run(0, 20, 1, False, 2) else 0)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120
    )
    assert done.returncode == 1
    assert re.search(r"hung or killed its worker; the workers were at .*\b7\b", done.stderr)


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


def test_the_inputs_reach_every_target_and_differ_between_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator is no constant, and the same number and seed are the same bytes, on another day too."""
    first = [numbered(number, 1) for number in range(200)]
    assert {target for target, _ in first} == set(TARGETS)
    monkeypatch.setattr(time, "time", lambda: 1e9)
    assert first == [numbered(number, 1) for number in range(200)]
    assert first != [numbered(number, 2) for number in range(200)]
    assert len({data for _, data in first}) > 190


def test_some_pages_hold_a_small_piece_thousands_of_times() -> None:
    """Without them no fuzzed page is long enough for work that grows with the square to be noticed."""
    pages = [numbered(number, 1)[1] for number in range(0, 8_000, 10)]
    long = [page for page in pages if max(page.count(page[-width:]) for width in (3, 6)) >= 1_000]
    assert 2 <= len(long) < 40
    assert max(map(len, pages)) > 50_000


def test_every_choice_of_tiers_is_fuzzed_with_evidence() -> None:
    """The pages of one round are judged with the second tier, where it is needed, and without; each verdict says why."""
    numbers = {tier(number): number for number in range(ROUND) if numbered(number, 1)[0] == "page"}
    assert set(numbers) == set(SEMANTIC)
    for number in numbers.values():
        assert json.loads(whole(b"<p>online slot gacor casino bonus " * 60, number))["evidence"]


def test_damage_changes_bytes() -> None:
    """Damaged pages are not the pages."""
    rng = random.Random(3)
    page = inputs.hand_written()[0]
    assert sum(inputs.damaged(rng, page) != page for _ in range(50)) > 45
