"""Reading the project's own writing."""

from __future__ import annotations

from pathlib import Path

import pytest

from detector.errors import CorpusError
from detector.training import banks


def test_every_term_goes_with_its_english(tmp_path: Path) -> None:
    """One pair for each term of a line, languages in order; without a folder there are none."""
    assert banks.glosses(tmp_path) == []
    (tmp_path / "glosses").mkdir()
    (tmp_path / "glosses" / "sv.tsv").write_text("plumber\trörmokare, rörläggare\nchoir\tkör\n", encoding="utf-8")
    (tmp_path / "glosses" / "cs.tsv").write_text("choir\tsbor\n", encoding="utf-8")
    assert banks.glosses(tmp_path) == [("sbor", "choir"), ("rörmokare", "plumber"), ("rörläggare", "plumber"), ("kör", "choir")]


@pytest.mark.parametrize("line", ["choir", "\tkör", "choir\t "])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "glosses").mkdir()
    (tmp_path / "glosses" / "sv.tsv").write_text(f"plumber\trörmokare\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"sv\.tsv:2"):
        banks.glosses(tmp_path)


def test_the_shipped_banks_are_read(banks_folder: Path) -> None:
    """Passages, identities, honest suspicious hosts and glosses of many languages."""
    bank = banks.load(banks_folder)
    assert len({passage.language for passage in bank.passages}) >= 20
    assert len({identity.language for identity in bank.identities}) >= 20
    assert bank.hard
    assert len(banks.glosses(banks_folder)) > 10_000
