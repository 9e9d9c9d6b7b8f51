"""Two tiers, one model: who reads meaning, where, and that it is the page alone that decides."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detector import Detector, Page, Verdict
from detector.features.registry import FAMILY_COLUMNS, extract_row
from detector.given import BATCH
from detector.model.artefact import Artefact, Band, load
from tests.conftest import hand_written

COHERENCE = FAMILY_COLUMNS["coherence"]
TIERS = ("never", "auto", "always")


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Every fourth hand-written page, and two without an answer."""
    return [*map(Page.from_file, hand_written()[::4]), Page(b"", id="nothing"), Page("short", id="short")]


@pytest.fixture(scope="module")
def judges(small_artefact: Path) -> dict[str, Detector]:
    """The small model in each tier, with a band that holds about half of the pages."""
    artefact = load(small_artefact)
    return {tier: Detector(artefact, "", 0.5, tier).at("default") for tier in TIERS}


@pytest.fixture(scope="module")
def first_tier(judges: dict[str, Detector], pages: list[Page], small_artefact: Path) -> np.ndarray:
    """Uncalibrated probabilities of the first tier (pages that can be read, 4)."""
    rows = [extract_row(judges["never"].reading(page)).values for page in pages[:-2]]
    return load(small_artefact).trees.probabilities(np.stack(rows))


@pytest.fixture(scope="module")
def with_band(small_artefact: Path) -> Callable[[float, float], Detector]:
    """`auto` with a band of one's own."""
    artefact: Artefact = load(small_artefact)
    return lambda low, high: Detector(replace(artefact, band=Band(low, high)), "", 0.5, "auto").at("default")


def read_meaning(judge: Detector, page: Page) -> bool:
    return not np.isnan(judge.row(page).values[COHERENCE]).all()


def substance(verdict: Verdict) -> tuple[object, ...]:
    return verdict.probabilities, verdict.abstained, verdict.evidence and tuple(sorted(map(str, verdict.evidence)))


def test_never_reads_no_meaning_and_always_reads_every_page(judges: dict[str, Detector], pages: list[Page]) -> None:
    """`never` leaves the family unknown, `always` knows at least how many strings it read."""
    for page in pages[:-2]:
        assert not read_meaning(judges["never"], page)
        assert read_meaning(judges["always"], page)


def test_each_tier_has_its_own_thresholds(judges: dict[str, Detector], pages: list[Page]) -> None:
    """The same rates of false alarms need others; verdicts carry the one that decided."""
    thresholds = {tier: judge.operating_points["default"] for tier, judge in judges.items()}
    assert thresholds == {"never": 0.59, "auto": 0.6, "always": 0.61}
    for tier, judge in judges.items():
        assert judge.classify(pages[0]).threshold == judge.at("default").operating_points["default"] == thresholds[tier]


def test_auto_is_never_outside_the_band_and_always_inside(
    with_band: Callable[[float, float], Detector], judges: dict[str, Detector], pages: list[Page], first_tier: np.ndarray
) -> None:
    """Probabilities and rows of the one or the other tier, by where the first tier's flag probability lies."""
    flag = 1.0 - first_tier[:, 0]
    low, high = np.quantile(flag, [0.3, 0.8])
    judge = with_band(float(low), float(high))
    inside = (flag >= low) & (flag <= high)
    assert 0 < inside.sum() < len(inside)
    for page, deep in zip(pages[:-2], inside, strict=True):
        other = judges["always" if deep else "never"]
        assert read_meaning(judge, page) == bool(deep)
        assert judge.classify(page).probabilities == other.classify(page).probabilities
        np.testing.assert_array_equal(judge.row(page).values, other.row(page).values)


@pytest.mark.parametrize(("band", "tier"), [((0.0, 1.0), "always"), ((1.0, 1.0), "never")])
def test_a_band_of_everything_or_nothing_is_a_tier_alone(
    band: tuple[float, float], tier: str, with_band: Callable[[float, float], Detector], judges: dict[str, Detector], pages: list[Page]
) -> None:
    """At one threshold the verdicts are the other tier's in every part."""
    ours = [verdict.at(0.5) for verdict in with_band(*band).classify_many(pages)]
    assert ours == [verdict.at(0.5) for verdict in judges[tier].classify_many(pages)]


@pytest.fixture(scope="module")
def alone(with_band: Callable[[float, float], Detector], pages: list[Page], first_tier: np.ndarray) -> tuple[Detector, list[Verdict]]:
    """A detector whose band half of the pages fall into, and each page judged by itself."""
    low, high = np.quantile(1.0 - first_tier[:, 0], [0.25, 0.75])
    judge = with_band(float(low), float(high)).at_threshold(0.0)
    return judge, [judge.classify(page) for page in pages]


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32), size=st.integers(1, 2 * BATCH))
def test_a_verdict_is_the_pages_own_in_any_company(seed: int, size: int, alone: tuple[Detector, list[Verdict]], pages: list[Page]) -> None:
    """Drawn, repeated and shuffled at will, in one process: evidence and probabilities to the last bit."""
    judge, expected = alone
    chosen = random.Random(seed).choices(range(len(pages)), k=size)
    assert list(judge.classify_many(pages[index] for index in chosen)) == [expected[index] for index in chosen]


def test_a_verdict_is_the_pages_own_with_any_number_of_workers(alone: tuple[Detector, list[Verdict]], pages: list[Page]) -> None:
    """Workers get the tier and the band with the model."""
    judge, expected = alone
    order = random.Random(5).choices(range(len(pages)), k=3 * BATCH)
    assert list(judge.classify_many((pages[index] for index in order), workers=3)) == [expected[index] for index in order]


def test_an_examination_is_of_the_verdicts_own_row(judges: dict[str, Detector], pages: list[Page]) -> None:
    """What a reviewer is shown was read as deep as the verdict."""
    for tier, judge in judges.items():
        for page in pages[:6]:
            found = judge.examine(page)
            assert found.verdict == judge.classify(page)
            assert found.row is not None
            np.testing.assert_array_equal(found.row.values, judge.row(page).values)
            assert tier != "never" or np.isnan(found.row.values[COHERENCE]).all()
