"""The second composer shares no entry, template or placing code with training."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path

import pytest

from detector.training import banks as training_banks
from detector.validation.bank import load

ROOT = Path(__file__).parent.parent.parent
SECOND = ROOT / "datasets" / "second"
TRAINING = ROOT / "datasets" / "banks"
# Reading the corpus, its corrections and the folds, and telling of it: what a row is scored by, nothing of how a page is made.
SHARED = {"corpus", "reviews", "duplicates", "rows", "progress"}
# Of `rows` only the taking apart that the folds are computed from.
TAKEN = {"taken_apart"}


def imports(path: Path) -> set[tuple[str, str]]:
    """(module, name) of everything that a file imports from the training package."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("detector.training"):
            part = (node.module or "").removeprefix("detector.training").lstrip(".")
            found |= {(part or alias.name, alias.name) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {(alias.name.rpartition(".")[2], "") for alias in node.names if alias.name.startswith("detector.training")}
    return found


def plain(text: str) -> str:
    """A digest of the words alone: case, spaces and punctuation make no difference."""
    return hashlib.sha256(re.sub(r"\W+", "", text.lower()).encode()).hexdigest()


def sentences(text: str) -> set[str]:
    """Digests of the sentences that are long enough to be nobody else's by chance."""
    parts = (re.sub(r"\W+", "", part.lower()) for part in re.split(r"[.!?。！？؟।\n]+", text))
    return {hashlib.sha256(part.encode()).hexdigest() for part in parts if len(part) >= (12 if re.search(r"[\u3040-\u9fff]", part) else 40)}


def test_only_the_reading_of_the_corpus_is_shared() -> None:
    files = sorted((ROOT / "detector" / "validation").glob("*.py"))
    assert len(files) > 10
    found = {pair for path in files for pair in imports(path)}
    assert {module for module, _ in found} <= SHARED
    assert {name for module, name in found if module == "rows"} == TAKEN


def test_training_does_not_look_at_the_second_composer() -> None:
    for path in sorted((ROOT / "detector" / "training").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        # Its files are read as rows (`training/validation.py`); nothing of how they are made is imported.
        assert not re.search(r"^\s*(from|import) detector\.validation|from detector import .*\bvalidation\b", text, re.MULTILINE)
        assert "datasets/second" not in text
    for path in (ROOT / "models").rglob("train.toml"):
        assert "second" not in path.read_text(encoding="utf-8")


def test_no_module_of_the_two_packages_is_alike() -> None:
    """No function stands in both, by digest of its syntax tree without names of arguments' types and docstrings."""

    def functions(folder: str) -> set[str]:
        found = set()
        for path in (ROOT / "detector" / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and len(node.body) > 2:
                    body = node.body[1:] if ast.get_docstring(node) else node.body
                    found.add(hashlib.sha256("".join(ast.dump(part) for part in body).encode()).hexdigest())
        return found

    assert len(functions("validation")) > 30
    assert not functions("validation") & functions("training")


@pytest.fixture(scope="module")
def training_text() -> str:
    """Everything that the training banks say."""
    rows = [
        json.loads(line) for path in sorted(TRAINING.rglob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines() if line
    ]
    return "\n".join(
        "\n".join(value) if isinstance(value, list) else str(value)
        for row in rows
        for value in row.values()
        if isinstance(value, str | list)
    )


def test_no_bank_entry_is_shared(training_text: str) -> None:
    """No sentence of the second bank, no brand with its domain, and no title stands in the banks of training."""
    second, first = load(SECOND), training_banks.load(TRAINING)
    owners = [*first.identities, *first.hard]
    written = sentences(training_text)
    mine = [(p.id, "\n".join(p.paragraphs)) for p in (*second.passages, *(entry.page for entry in second.honest))] + [
        (i.id, "\n".join(i.about)) for i in second.identities
    ]
    assert len(mine) > 100
    # Of footers the whole is compared: the sentence that a law prescribes to dentists stands under every dentist's page.
    assert not {plain(i.footer) for i in second.identities} & {plain(i.footer) for i in owners}
    assert [name for name, text in mine if sentences(text) & written] == []
    assert not {plain(p.title) for p in second.passages} & {plain(p.title) for p in first.passages}
    assert not {i.domain for i in second.identities} & {i.domain for i in owners}
    assert not {plain(i.brand) for i in second.identities} & {plain(i.name) for i in owners}


def test_no_template_is_shared() -> None:
    """Neither a file nor a fifth of its lines."""

    def lines(folder: Path) -> dict[str, set[str]]:
        return {
            path.name: {re.sub(r"\s+", "", line) for line in path.read_text(encoding="utf-8").splitlines() if len(line.strip()) > 30}
            for path in sorted((folder / "templates").glob("*.html.j2"))
        }

    mine, theirs = lines(SECOND), lines(TRAINING)
    assert mine and theirs
    common = set().union(*theirs.values())
    assert not set(mine) & set(theirs)
    assert [name for name, own in mine.items() if len(own & common) > len(own) / 5] == []
