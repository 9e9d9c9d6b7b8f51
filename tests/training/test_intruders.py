"""The block model: which blocks are foreign, and scores from a model that saw nothing of their fold."""

from __future__ import annotations

import numpy as np
import pytest

from detector import Page
from detector.features.registry import FAMILY_COLUMNS, NAMES
from detector.features.suspects import MEASURES
from detector.page.document import Document
from detector.page.read import read
from detector.training import intruders
from detector.training.corpus import FOLDS
from detector.training.pool import Sample

INTRUSION = FAMILY_COLUMNS["intrusion"]
FOREIGN = ("Best online casino bonus with free spins and more", "赌场官网")


@pytest.fixture(scope="module")
def document() -> Document:
    return read(
        Page.from_html(
            "<h1>Choir sings on Good Friday</h1><p>The choir of the parish sings the passion on Good Friday.</p>"
            f"<p>{FOREIGN[0]}</p><p>{FOREIGN[0]} tonight</p><p>Best   online casino bonus with</p><p>Best online</p>"
            f"<p>Forty singers have practised since January, and one of them, a reader says, typed {FOREIGN[1]} by mistake.</p>"
            f"<footer>{FOREIGN[1]}</footer>"
        )
    )


def test_a_block_is_foreign_that_holds_a_foreign_string_or_lies_in_one(document: Document) -> None:
    """Whole, in part, or with more beside it up to half; neither a long honest block that mentions one nor two words that stand in one."""
    spans = [(block.start, block.end) for block in document.blocks]
    marked = intruders.foreign_blocks(document, spans, FOREIGN)
    assert [document.quote(block) for block, foreign in zip(document.blocks, marked, strict=True) if foreign] == [
        FOREIGN[0],
        f"{FOREIGN[0]} tonight",
        "Best online casino bonus with",
        FOREIGN[1],
    ]


def test_without_foreign_strings_no_block_is_foreign(document: Document) -> None:
    """Nor with strings of one or two characters, which stand everywhere."""
    spans = [(block.start, block.end) for block in document.blocks]
    for strings in ((), ("a", "of")):
        assert not intruders.foreign_blocks(document, spans, strings).any()
    assert intruders.foreign_blocks(document, [], FOREIGN).shape == (0,)


def test_a_label_before_and_an_honest_sentence_round_a_foreign_one_do_not_hide_it() -> None:
    """ "Previous article: " is longer than what it leads to, and an inserted sentence shorter than the paragraph."""
    document = read(
        Page.from_html(
            f"<p>Previous article: Ball bearings</p><p>{'The choir of the parish sings the passion on Good Friday. ' * 4}{FOREIGN[0]}.</p>"
            "<p>The choir bought ball bearings for the organ, which was silent for six years and has been mended by a firm from town.</p>"
        )
    )
    spans = [(block.start, block.end) for block in document.blocks]
    assert intruders.foreign_blocks(document, spans, ("Ball bearings", FOREIGN[0])).tolist() == [True, True, False]


Measured = list[tuple[np.ndarray, np.ndarray]]


def made(seed: int, recipe: str = "block") -> tuple[list[Sample], Measured]:
    """Sixty pages with four blocks each, the first foreign on every other page."""
    rng = np.random.default_rng(seed)
    samples, measured = [], []
    for number in range(60):
        label = ("clean", "hijacked")[number % 2]
        kind = "real" if label == "clean" else recipe
        samples.append(Sample(f"s{number}", "", True, None, label, f"g{number}", number // 2 % FOLDS, kind, "en"))
        rows = rng.uniform(size=(4, len(MEASURES))).astype(np.float32)
        rows[:, MEASURES.index("role")] = 0
        foreign = np.array([label != "clean", False, False, False])
        rows[:, MEASURES.index("spam_hits")] += foreign
        measured.append((rows, foreign))
    return samples, measured


def filled(samples: list[Sample], measured: Measured) -> np.ndarray:
    matrix = np.full((len(samples), len(NAMES)), np.nan)
    intruders.fit(samples, measured, matrix, 1.5, 3)
    return matrix


def test_only_the_familys_columns_are_filled_and_they_tell() -> None:
    """Every value of the family known, no other touched; foreign blocks score above the others out of fold."""
    samples, measured = made(1)
    matrix = filled(samples, measured)
    others = np.setdiff1d(np.arange(len(NAMES)), INTRUSION)
    assert np.isnan(matrix[:, others]).all() and not np.isnan(matrix[:, INTRUSION]).any()
    first = matrix[:, NAMES.index("intrusion.first")]
    bad = np.array([sample.label != "clean" for sample in samples])
    assert first[bad].mean() > first[~bad].mean() + 0.3


@pytest.mark.parametrize("fold", range(FOLDS))
def test_a_folds_blocks_never_train_their_own_scores(fold: int) -> None:
    """The opposite said of every block of a fold changes other folds' scores and none of its own."""
    samples, measured = made(2)
    held = np.array([sample.fold == fold for sample in samples])
    before = filled(samples, measured)
    after = filled(samples, [(rows, ~foreign if own else foreign) for (rows, foreign), own in zip(measured, held, strict=True)])
    np.testing.assert_array_equal(before[held][:, INTRUSION], after[held][:, INTRUSION])
    assert (before[~held][:, INTRUSION] != after[~held][:, INTRUSION]).any()


@pytest.mark.parametrize("silent", ["article-in-shell", "validation"])
def test_pages_that_say_nothing_of_single_blocks_train_none(silent: str) -> None:
    """Articles in foreign frames and validation pages: scored, and whatever is said of their blocks changes no score."""
    samples, measured = made(3)
    beside, more = made(4, recipe="article-in-shell")
    chosen = [index for index, sample in enumerate(beside) if sample.label != "clean"]
    extra = [beside[index] for index in chosen]
    if silent == "validation":
        for sample in extra:
            sample.recipe, sample.choices = "block", {"set": "validation"}
    for turned in (False, True):
        said = [(more[index][0], ~more[index][1] if turned else more[index][1]) for index in chosen]
        matrix = filled([*samples, *extra], [*measured, *said])
        np.testing.assert_array_equal(matrix[: len(samples)][:, INTRUSION], filled(samples, measured)[:, INTRUSION])
        assert not np.isnan(matrix[len(samples) :][:, INTRUSION]).any()
