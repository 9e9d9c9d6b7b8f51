"""Written pages in figures and card: apart from composed ones, and the prior that probabilities have."""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.training import card, intruders, metrics
from detector.training.pool import WRITTEN, Sample


def sample(number: int, recipe: str, label: str) -> Sample:
    choices = {"kind": "spun" if label == "spam" else "plain", "rendering": "html+url"}
    return Sample(f"s{number}", "", False, None, label, f"g{number}", number % 5, recipe, "en", choices)


def summarised() -> dict[str, Any]:
    samples = [
        *(sample(number, WRITTEN, "spam" if number < 20 else "clean") for number in range(40)),
        *(sample(number, "doorway", "spam") for number in range(40, 50)),
        *(sample(number, "real", "clean") for number in range(50, 70)),
    ]
    flags = np.array([number < 15 or 40 <= number < 42 for number in range(70)])
    scores = np.where(flags, 0.9, 0.1)
    probabilities = np.stack([1 - scores, scores * 0, scores * 0, scores], axis=1)
    return metrics.summary(samples, probabilities, {"default": flags})


def test_written_pages_are_counted_apart_from_composed_ones() -> None:
    found = summarised()
    assert found["written"]["bad"]["rate"] == 0.75 and found["written"]["clean"]["flagged"] == 0
    assert found["written"]["bad_by_kind"]["spun"]["pages"] == 20
    assert found["operating_points"]["default"]["recall_composed"] == 0.2 and set(found["composed_by_recipe"]) == {"doorway"}
    assert found["pages"] == {"written spam": 20, "written clean": 20, "composed spam": 10, "real clean": 20}


def test_the_card_shows_them_and_names_the_prior() -> None:
    found = summarised()
    shown = "\n".join(card._written(found["written"]))
    assert "## Pages written whole" in shown and "| spun | 20 |" in shown and card._written(None) == []
    assert "of this mixture" in card._prior(found)
    rates = {"default": {"pages": 30}}, {"default": {"pages": 10}}
    apart = {**found, "calibrated_on": "validation", "validation": {"recall": rates[0], "false_positives": rates[1]}}
    assert "75.00 % are bad" in card._prior(apart)


def test_blocks_of_written_bad_pages_teach_the_block_model_nothing() -> None:
    """Nobody marked which of them are foreign; those of written clean pages are honest."""
    assert intruders._tells(sample(0, WRITTEN, "clean")) and not intruders._tells(sample(1, WRITTEN, "spam"))
    assert intruders._tells(sample(2, "doorway", "spam")) and not intruders._tells(sample(3, "mirror", "scraped"))
