"""Training sees the training half of the attacks, at a small share, and nothing of the other half."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import detector.training
from detector import Page
from detector.attacks.registry import ATTACKS, FOR_TRAINING, TOOLS, TOOLS_FOR_TRAINING
from detector.page.page import HTML, TEXT
from detector.page.read import read
from detector.training.compose import compose
from detector.training.disguised import SHARE, disguised, donors_of
from detector.training.intruders import foreign_blocks
from detector.training.pool import Pool, Sample

UNSEEN = {attack.name for attack in (*ATTACKS, *TOOLS) if not attack.training}
DONORS = ["Town Library\nOpening hours\nContact\n" + "The reading room is open on Tuesday and Thursday evenings until nine. " * 30]
SPAM = "Play casino slots online with free spins, a welcome bonus and sports betting on every match."


def sample(number: int, label: str = "hijacked", is_text: bool = False) -> Sample:
    """A page of its own number with a spam paragraph; a clean one without."""
    foreign = () if label == "clean" else (SPAM,)
    said = f"The council of parish {number} met on Tuesday evening and agreed to repair the old bridge before the winter."
    lines = [said, *foreign, "© 2024 Dr. Oak Dental"]
    body = "\n".join(lines) if is_text else "<html><body>\n" + "\n".join(f"<p>{line}</p>" for line in lines) + "</body></html>"
    return Sample(
        str(number), body, is_text, "https://oakdental.org/a", label, "a", number % 5, "injected-visible", "en", {"shell": "x"}, foreign
    )


def attacked(label: str = "hijacked", is_text: bool = False) -> list[Sample]:
    """Those of two thousand pages that came out changed."""
    pairs = [(before, disguised(before, DONORS)) for before in (sample(number, label, is_text) for number in range(2_000))]
    assert all(after is before or after.body != before.body for before, after in pairs)
    return [after for before, after in pairs if after is not before]


def test_a_small_share_of_the_bad_pages_comes_after_every_attack_of_the_training_half() -> None:
    """Recorded with its strength beside how the page was made; label, address and foreign strings stay."""
    found = attacked()
    assert 0.7 * SHARE < len(found) / 2_000 < 1.3 * SHARE
    assert {after.choices["attack"] for after in found} == {attack.name for attack in FOR_TRAINING}
    assert {after.choices["strength"] for after in found} == {0.25, 0.5, 1.0}
    for after in found:
        assert (after.label, after.url, after.foreign, after.choices["shell"]) == ("hijacked", "https://oakdental.org/a", (SPAM,), "x")


def test_plain_text_comes_after_attacks_on_words_alone() -> None:
    """Styles and heads are markup."""
    of_markup = {attack.name for attack in FOR_TRAINING if attack.html_only}
    assert {after.choices["attack"] for after in attacked(is_text=True)} == {attack.name for attack in FOR_TRAINING} - of_markup


def test_controls_come_after_honest_tools_and_the_scissors_that_harm_no_honest_page() -> None:
    """And stay clean."""
    found = attacked("clean")
    assert {after.choices["attack"] for after in found} == {"split-blocks", "removed-footer", *(tool.name for tool in TOOLS_FOR_TRAINING)}
    assert {after.label for after in found} == {"clean"}


@pytest.mark.parametrize("is_text", [False, True])
def test_what_is_foreign_is_still_told_after_an_attack(is_text: bool) -> None:
    """The block model learns from disguised blocks too: look-alikes, spelt and split ones."""
    seen = Counter[str]()
    for after in attacked(is_text=is_text):
        document = read(Page(after.body, None, "", TEXT if is_text else HTML))
        marked = foreign_blocks(document, [(block.start, block.end) for block in document.blocks], after.foreign)
        told = [document.quote(block) for block, foreign in zip(document.blocks, marked, strict=True) if foreign]
        assert told and not any("council" in text for text in told), (after.choices, told)
        seen[after.choices["attack"]] += 1
    assert {"homoglyphs", "letter-spacing", "split-blocks"} <= set(seen)


def test_an_attack_that_takes_away_all_that_is_foreign_is_not_kept() -> None:
    """A foreign footer that is gone leaves an honest page."""
    owner = "© 2024 Casino Bonus Ltd"
    names = set()
    for number in range(1_500):
        before = replace(sample(number, "clean"), label="scraped", body=f"<p>Bridge {number}</p><footer>{owner}</footer>", foreign=(owner,))
        after = disguised(before, DONORS)
        names.add(after.choices.get("attack"))
        assert "Ltd" in str(after.body), after.choices
    assert {"homoglyphs", "buried"} <= names and "removed-footer" not in names


def test_the_same_page_comes_out_the_same(make: Callable[[int], list[Pool]], banks_folder: Path) -> None:
    """Whatever was made before it."""
    pool = make(7)[0]
    donors = donors_of(pool.articles, pool.rng)
    made = [disguised(sample(number), donors) for number in range(300)]
    assert made[::-1] == [disguised(sample(number), donors) for number in reversed(range(300))]


def test_composition_uses_the_training_half_and_nothing_of_the_other(make: Callable[[int], list[Pool]], banks_folder: Path) -> None:
    """What is measured on the unseen half was never trained on."""
    samples = [sample for pool in make(7) for sample in compose(pool, banks_folder / "templates", 60, 30)]
    names = Counter(sample.choices["attack"] for sample in samples if "attack" in sample.choices)
    assert names and not UNSEEN & set(names)
    assert 0.02 < names.total() / len(samples) < 0.13


def test_no_module_of_training_but_the_measuring_one_can_reach_the_unseen_half() -> None:
    """Only what the registry gives out for training is imported."""
    allowed = {"STRENGTHS", "Attack", "Victim", "FOR_TRAINING", "TOOLS_FOR_TRAINING"}
    assert all(attack.training for attack in (*FOR_TRAINING, *TOOLS_FOR_TRAINING))
    users = set()
    for path in Path(detector.training.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not any(name.name.startswith("detector.attacks") for name in node.names), path
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("detector.attacks"):
                users.add(path.name)
                assert path.name == "evasion.py" or {name.name for name in node.names} <= allowed, path
            elif isinstance(node, ast.ImportFrom) and node.module == "detector.training.evasion":
                assert path.name == "evaluate.py", path
    assert users == {"disguised.py", "evasion.py"}
