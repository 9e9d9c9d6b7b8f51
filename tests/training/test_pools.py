"""Leak-free splits: nothing that makes up a page of one fold is met in another; and composition repeats itself exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from detector.training.cloned import brand_clone
from detector.training.compose import compose, digest_of, real_samples
from detector.training.content import HOLE, TITLE_HOLE, Article, Shell, fill
from detector.training.corpus import FOLDS, clean_pages
from detector.training.pool import Pool, Sample
from detector.verdict import Label

BAD, CONTROLS = 16, 8
# What a sample's record of choices names, and what must stay on one side.
TRACED = ("article", "shell", "template", "identity")


@pytest.fixture(scope="module")
def samples(make: Callable[[int], list[Pool]], banks_folder: Path) -> list[Sample]:
    return [sample for pool in make(7) for sample in compose(pool, banks_folder / "templates", BAD, CONTROLS)]


def spread(pools: list[Pool], things: Callable[[Pool], list[str]]) -> dict[str, set[int]]:
    """Thing to the folds that hold it."""
    found: dict[str, set[int]] = defaultdict(set)
    for pool in pools:
        for thing in things(pool):
            found[thing].add(pool.fold)
    return found


@pytest.mark.parametrize(
    "things",
    [
        lambda pool: [article.page_id for article in pool.articles],
        lambda pool: [shell.page_id for shell in pool.shells],
        lambda pool: [item.group for item in (*pool.articles, *pool.shells)],
        lambda pool: [passage.text for passage in pool.passages],
        lambda pool: [identity.domain for identity in pool.identities],
        lambda pool: pool.templates,
    ],
    ids=["articles", "shells", "hosts", "passages", "identities", "templates"],
)
def test_nothing_stands_in_two_folds(things: Callable[[Pool], list[str]], make: Callable[[int], list[Pool]]) -> None:
    """Articles, page shells, bank entries and templates each belong to one fold, and every fold has some."""
    pools = make(7)
    folds = spread(pools, things)
    assert {thing for thing, where in folds.items() if len(where) > 1} == set()
    assert set().union(*folds.values()) == set(range(FOLDS))


def test_composed_pages_take_from_their_own_fold_alone(samples: list[Sample]) -> None:
    """The record of how a page was made names articles, shells, templates and identities; none is met in two folds."""
    where: dict[tuple[str, str], set[int]] = defaultdict(set)
    for sample in samples:
        for name in TRACED:
            if name in sample.choices:
                where[name, str(sample.choices[name])].add(sample.fold)
    assert {name for name, _ in where} == set(TRACED)
    assert {thing for thing, folds in where.items() if len(folds) > 1} == set()


def test_composed_text_of_one_fold_is_met_in_no_other(samples: list[Sample], materials: tuple[list[Article], list[Shell]]) -> None:
    """The articles' own sentences are looked for in every composed body."""
    articles, _ = materials
    for article in articles:
        marker = article.paragraphs[0][:120]
        folds = {
            sample.fold
            for sample in samples
            if marker in (sample.body if isinstance(sample.body, str) else sample.body.decode("utf-8", "replace"))
        }
        assert folds <= {article.fold}


def test_composing_twice_with_one_seed_gives_equal_pages(
    make: Callable[[int], list[Pool]], banks_folder: Path, samples: list[Sample]
) -> None:
    """The same bodies, labels and addresses in the same order."""
    again = [sample for pool in make(7) for sample in compose(pool, banks_folder / "templates", BAD, CONTROLS)]
    assert again == samples
    assert digest_of(again) == digest_of(samples)


def test_composing_with_another_seed_gives_other_pages(
    make: Callable[[int], list[Pool]], banks_folder: Path, samples: list[Sample]
) -> None:
    """The seed is what varies."""
    others = [sample for pool in make(8) for sample in compose(pool, banks_folder / "templates", BAD, CONTROLS)]
    assert digest_of(others) != digest_of(samples)


def test_as_many_pages_are_made_as_were_asked_for(samples: list[Sample]) -> None:
    """Bad pages and controls, known labels, ids that name them once."""
    assert len(samples) == FOLDS * (BAD + CONTROLS)
    assert len({sample.id for sample in samples}) == len(samples)
    controls = [sample for sample in samples if sample.recipe.startswith("control-")]
    assert len(controls) == FOLDS * CONTROLS
    assert {sample.label for sample in controls} == {"clean"}
    assert {sample.label for sample in samples if sample not in controls} <= set(map(str, Label)) - {"clean"}


def test_what_is_recorded_as_foreign_stands_in_the_html(samples: list[Sample]) -> None:
    """The strings that do not belong are the truth for pointing: at least one stands in every page that records any."""
    from bs4 import BeautifulSoup

    checked = 0
    for sample in samples:
        if sample.foreign and not sample.is_text and isinstance(sample.body, str) and "attack" not in sample.choices:
            text = " ".join(BeautifulSoup(sample.body, "html.parser").get_text(" ").split())
            assert any(" ".join(piece.split()) in text for piece in sample.foreign), sample.recipe
            checked += 1
    assert checked >= 10


def test_a_shell_has_its_holes_and_none_of_its_own_main_text(materials: tuple[list[Article], list[Shell]]) -> None:
    """A page taken apart keeps menu and owner; filled again it holds what was put in."""
    articles, shells = materials
    assert len(articles) == len(shells) == 90
    shell = shells[0]
    article = next(article for article in articles if article.page_id == shell.page_id)
    assert HOLE in shell.html
    assert TITLE_HOLE in shell.html
    assert article.paragraphs[0] not in shell.html
    filled = fill(shell, "<p>put in</p>", "A <title>")
    assert "<p>put in</p>" in filled
    assert "A &lt;title&gt;" in filled
    assert HOLE not in filled
    assert "©" in filled


def test_poorer_renderings_of_real_pages_stay_in_their_fold(tiny_corpus: Path) -> None:
    """A real page and its text rendering are on the same side, with the same label, every time."""
    for page in list(clean_pages(tiny_corpus))[:30]:
        made = list(real_samples(page, 7))
        assert made == list(real_samples(page, 7))
        assert made[0].body == page.body
        assert {(sample.fold, sample.group, sample.label) for sample in made} == {(page.fold, page.group, page.label)}


def test_a_clone_keeps_the_page_and_gives_it_another_name(make: Callable[[int], list[Pool]], banks_folder: Path) -> None:
    """The brand stands wherever the institution's name stood, the host is another one and the path is the page's own."""
    checked = 0
    for pool in make(3):
        by_page = {shell.page_id: shell for shell in pool.shells}
        for _ in range(8):
            sample = brand_clone(pool, banks_folder / "templates")
            if sample is None:
                continue
            shell = by_page[str(sample.choices["shell"])]
            name = str(shell.own_title.rsplit(" - ", 1)[-1])
            assert isinstance(sample.body, str)
            assert sample.url is not None
            assert sample.foreign[0] in sample.body
            assert name not in sample.body
            assert shell.host is not None
            assert shell.host not in sample.url
            assert sample.url.endswith(urlsplit(shell.url or "").path)
            checked += 1
    assert checked >= 10
