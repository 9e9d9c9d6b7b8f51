"""Whole pages that the project wrote to train on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detector.errors import CorpusError
from detector.page.address import read_address
from detector.training import written
from detector.training.evaluate import front_matter
from detector.verdict import LABELS

TESTED = Path(__file__).parents[1] / "pages"
BODY = "<html><body><h1>Choir</h1><p>" + "The choir of the valley sang in the old mill on Sunday evening. " * 5 + "</p></body></html>"


def page(folder: Path, name: str, facts: str, body: str = BODY) -> None:
    path = folder / "pages" / "en" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\n{facts}\n---\n{body}", encoding="utf-8")


def test_twins_share_a_fold_and_pages_keep_address_label_and_language(tmp_path: Path) -> None:
    for number in range(8):
        page(
            tmp_path,
            f"scraped-{number}.html",
            f"label: scraped\nlanguage: en\nurl: https://tiles{number}.example/\nkind: shop-article\npair: p{number}",
        )
        page(tmp_path, f"clean-{number}.html", f"label: clean\nlanguage: en\nkind: newspaper\npair: p{number}")
    made = written.load(tmp_path, 7)
    assert made == written.load(tmp_path, 7)
    folds = {sample.group: set() for sample in made}
    for sample in made:
        folds[sample.group].add(sample.fold)
    assert len(folds) == 8 and all(len(own) == 1 for own in folds.values()) and len({sample.fold for sample in made}) > 1
    originals = [sample for sample in made if not sample.id.endswith("-text")]
    assert {(sample.label, sample.url is None) for sample in originals} == {("scraped", False), ("clean", True)}
    assert all(b"---" not in sample.body for sample in originals if isinstance(sample.body, bytes))


def test_pages_of_one_host_share_a_fold_also_through_a_twin(tmp_path: Path) -> None:
    facts = "label: clean\nlanguage: en\nkind: newspaper"
    for number in range(6):
        page(tmp_path, f"a{number}.html", f"{facts}\nurl: https://choir{number}.org/a\npair: p{number}")
        page(tmp_path, f"b{number}.html", f"{facts}\npair: p{number}")
        page(tmp_path, f"c{number}.html", f"{facts}\nurl: https://www.choir{number}.org/c")
    made = [sample for sample in written.load(tmp_path, 7) if not sample.id.endswith("-text")]
    assert len(made) == 18
    assert len({sample.group for sample in made}) == 6
    for number in range(6):
        assert len({sample.group for sample in made if sample.id[-1] == str(number)}) == 1


def test_what_does_not_belong_is_named_string_by_string(tmp_path: Path) -> None:
    page(tmp_path, "a.html", "label: hijacked\nlanguage: en\nkind: fake-headlines\nforeign: Casino: win now | Loans in a day")
    assert {sample.foreign for sample in written.load(tmp_path, 7)} == {("Casino: win now", "Loans in a day")}


def test_some_pages_come_as_text_too_but_not_those_that_hide_something(tmp_path: Path) -> None:
    for number in range(20):
        page(tmp_path, f"a{number}.html", "label: clean\nlanguage: en\nkind: newspaper")
        page(tmp_path, f"b{number}.html", "label: hijacked\nlanguage: en\nkind: hidden-block")
        page(tmp_path, f"c{number}.txt", "label: clean\nlanguage: en\nkind: newspaper", "The choir sang.")
    made = written.load(tmp_path, 7)
    texts = [sample for sample in made if sample.id.endswith("-text")]
    assert 3 < len(texts) < 17 and all(sample.is_text and "/a" in sample.id and "<" not in str(sample.body) for sample in texts)
    assert sum(sample.is_text for sample in made if sample not in texts) == 20


@pytest.mark.parametrize(
    "facts",
    [
        "language: en\nkind: plain",
        "label: bad\nlanguage: en\nkind: plain",
        "label: clean\nlanguage: en",
        "label: clean\nlanguage: en\nkind: plain\nwhy: so",
    ],
)
def test_front_matter_that_says_too_little_or_too_much_is_named(tmp_path: Path, facts: str) -> None:
    page(tmp_path, "clean-a.html", facts)
    with pytest.raises(CorpusError, match=r"clean-a\.html"):
        written.load(tmp_path, 7)


def test_the_shipped_pages_are_read(banks_folder: Path) -> None:
    """Many languages, every label, and no fold without."""
    made = written.load(banks_folder, 7)
    assert len(made) > 2_000 and len({sample.language for sample in made}) >= 26
    assert {(sample.fold, sample.label) for sample in made} == {(fold, str(label)) for fold in range(5) for label in LABELS}


def test_no_page_that_is_tested_on_is_among_them(banks_folder: Path) -> None:
    """No run of a hundred characters of visible text stands both here and in a test page: what two pages share is the law's or a format's wording."""
    seen = set()
    for path in (banks_folder / "pages").rglob("*.*"):
        seen |= {line for line in _lines(path) if len(line) >= 100}
    assert len(seen) > 2_000
    tested = [line for path in TESTED.glob("*.*") for line in _lines(path) if len(line) >= 100]
    assert len(tested) > 500 and not [line for line in tested if line in seen]


# Hosts of many people's pages.
PLATFORMS = {"wordpress.com", "blogg.se"}


def test_no_host_is_trained_and_tested_on(banks_folder: Path) -> None:
    tested = {read_address(front_matter(path).get("url")).domain for path in TESTED.rglob("*.*")} - {None, "", *PLATFORMS}
    trained = {read_address(sample.url).domain for sample in written.load(banks_folder, 7)}
    assert len(tested) > 200 and not tested & trained


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8").split("---", 2)[-1]
    return [" ".join(line.split()) for line in re.split(r"<[^>]*>|\n", text)]


def test_a_folder_without_pages_has_none(tmp_path: Path) -> None:
    assert written.load(tmp_path, 7) == []
