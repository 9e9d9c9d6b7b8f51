"""The library's front door: one page or many, the same answer in any company, and what a threshold changes of it."""

from __future__ import annotations

import itertools
import json
import math
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from detector import Detector, Page, UsageError, Verdict
from detector.detector import mismatch_scores
from detector.features.registry import FAMILIES, NAMES
from detector.given import BATCH
from tests.conftest import PROSE


@pytest.fixture(scope="module")
def alone(detector: Detector, pages: list[Page]) -> list[Verdict]:
    """Each page judged by itself."""
    return [detector.classify(page) for page in pages]


def test_a_page_has_the_same_verdict_in_a_batch(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """To the last bit, evidence included, in the order given."""
    assert list(detector.classify_many(pages)) == alone


def test_a_page_has_the_same_verdict_in_any_order(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """Shuffled and split differently, each page keeps its answer."""
    order = list(range(len(pages)))
    for seed in range(2):
        random.Random(seed).shuffle(order)
        assert list(detector.classify_many(pages[index] for index in order)) == [alone[index] for index in order]


def test_a_page_has_the_same_verdict_with_two_workers(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """Worker processes answer as this one does, in the order given."""
    many = (pages * (2 * BATCH // len(pages) + 2))[: 2 * BATCH + 5]
    assert list(detector.classify_many(many, workers=2)) == list(itertools.islice(itertools.cycle(alone), len(many)))


def test_a_page_has_the_same_verdict_in_threads(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """One Detector may be used by many threads at once."""
    found: dict[int, list[Verdict]] = {}
    threads = [
        threading.Thread(target=lambda number=number: found.__setitem__(number, [detector.classify(page) for page in pages]))
        for number in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] for number in range(3)] == [alone] * 3


def test_many_pages_are_taken_lazily(detector: Detector) -> None:
    """An endless source gives its first verdicts: nothing waits for the end."""
    taken = 0

    def endless() -> Iterator[Page]:
        nonlocal taken
        for number in itertools.count():
            taken += 1
            yield Page.from_text(PROSE * 3, id=str(number))

    first = list(itertools.islice(detector.classify_many(endless()), 3))
    assert [verdict.id for verdict in first] == ["0", "1", "2"]
    assert taken <= BATCH
    assert list(detector.classify_many([])) == []


def test_evidence_points_into_the_document(detector: Detector, pages: list[Page]) -> None:
    """For every piece whose source is text: `document.text[start:end] == quote`; for the others start and end are None. Weights fall."""
    lax = detector.at_threshold(0.0)
    seen = 0
    for page in pages:
        verdict = lax.classify(page)
        if verdict.abstained:
            assert verdict.evidence == ()
            continue
        text = detector.document(page).text
        for piece in verdict.evidence:
            seen += 1
            if piece.source == "text":
                assert piece.quote
                assert text[piece.start : piece.end] == piece.quote
            else:
                assert (piece.start, piece.end) == (None, None)
            assert 0.0 < piece.weight <= 1.0
        weights = [piece.weight for piece in verdict.evidence]
        assert weights == sorted(weights, reverse=True)
        assert sum(weights) <= 1.0 + 1e-9
    assert seen > 0


def test_verdicts_are_as_the_interface_says(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """Probabilities sum to one, the flag probability is 1 - p(clean), id, address, model and threshold are carried along."""
    for page, verdict in zip(pages, alone, strict=True):
        assert (verdict.id, verdict.url, verdict.operating_point) == (page.id, page.url, "default")
        assert verdict.model == detector.model
        assert verdict.threshold == detector.operating_points["default"]
        assert json.loads(json.dumps(verdict.to_dict())) == verdict.to_dict()
        if verdict.probabilities is not None and verdict.flag_probability is not None:
            assert sum(verdict.probabilities.values()) == pytest.approx(1.0)
            assert verdict.flag_probability == pytest.approx(1.0 - verdict.probabilities["clean"])
            assert verdict.flagged is (verdict.flag_probability >= verdict.threshold)


def test_features_are_the_row_with_each_familys_mismatch(detector: Detector) -> None:
    """`features` names every number of the schema, `FAMILY.mismatch` among them; meaning that was not read has none."""
    for tier, unread in (("always", set()), ("never", {"coherence"})):
        row = Detector.load(semantic=tier).features(Page.from_text(PROSE * 3))
        assert tuple(row) == NAMES
        scores = mismatch_scores(row)
        assert set(scores) == {family.name for family in FAMILIES}
        assert {name for name, score in scores.items() if math.isnan(score)} == unread
        assert all(0.0 <= score <= 1.0 for name, score in scores.items() if name not in unread)
    with pytest.raises(UsageError, match="empty"):
        detector.features("")


def test_operating_points_are_the_same_model_at_other_thresholds(detector: Detector, pages: list[Page], alone: list[Verdict]) -> None:
    """high-precision flags no page that default does not, and high-recall no fewer; the probabilities stay."""
    precise, recalling = detector.at("high-precision"), detector.at("high-recall")
    for page, verdict in zip(pages, alone, strict=True):
        strict, lax = precise.classify(page), recalling.classify(page)
        assert (strict.operating_point, lax.operating_point) == ("high-precision", "high-recall")
        if strict.abstained is None and verdict.abstained is None and lax.abstained is None:
            assert bool(strict.flagged) <= bool(verdict.flagged) <= bool(lax.flagged)
            assert strict.probabilities == verdict.probabilities == lax.probabilities
            assert verdict.at(strict.threshold).flagged == strict.flagged


def test_a_threshold_of_ones_own_is_named_custom(small_artefact: Path) -> None:
    """`at_threshold` takes 0 to 1 and nothing else."""
    found = Detector.load(small_artefact)
    verdict = found.at_threshold(0.0).classify(PROSE * 3)
    assert (verdict.operating_point, verdict.threshold, verdict.flagged) == ("custom", 0.0, True)
    for threshold in (-0.1, 1.5, float("nan")):
        with pytest.raises(UsageError, match="0 to 1"):
            found.at_threshold(threshold)


def test_an_unknown_operating_point_is_misuse_and_the_known_ones_are_named(small_artefact: Path) -> None:
    """On loading and later."""
    found = Detector.load(small_artefact, operating_point="high-recall")
    assert (found.operating_points["high-recall"], found.classify(PROSE * 3).threshold) == (0.3, 0.3)
    for wrong in (lambda: found.at("lenient"), lambda: Detector.load(small_artefact, operating_point="lenient")):
        with pytest.raises(UsageError, match=r"high-precision.*default.*high-recall"):
            wrong()


def test_the_semantic_tier_is_one_of_three(small_artefact: Path) -> None:
    """auto, always, never."""
    for tier in ("auto", "always", "never"):
        Detector.load(small_artefact, semantic=tier)
    with pytest.raises(UsageError, match="semantic"):
        Detector.load(small_artefact, semantic="sometimes")
