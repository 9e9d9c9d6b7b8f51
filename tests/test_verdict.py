"""A verdict is a frozen record: another threshold is a comparison, and its JSON form is the interface's."""

from __future__ import annotations

import dataclasses
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detector import Evidence, Label, UsageError, Verdict
from detector.verdict import Asking

PROBABILITIES = {"clean": 0.2, "scraped": 0.1, "hijacked": 0.5, "spam": 0.2}
PIECE = Evidence("identity.owner-is-offer", "text", "copyright", "苹果账号", 5, 9, 0.412345, "the copyright holder sells accounts")


def verdict(**changes: object) -> Verdict:
    base = Verdict(
        "a.html",
        "https://example.org/a",
        Label.HIJACKED,
        True,
        0.8,
        PROBABILITIES,
        (PIECE,),
        None,
        None,
        "default",
        0.62,
        "default@1+sha256:0",
    )
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


ABSTAINING = verdict(label=None, flagged=None, flag_probability=None, probabilities=None, evidence=(), abstained="empty")


def test_the_json_form_has_the_keys_of_the_interface_in_their_order() -> None:
    """One line a page, these keys in this order, nothing else at the top level."""
    assert list(verdict().to_dict()) == [
        "id",
        "url",
        "label",
        "flagged",
        "flag_probability",
        "probabilities",
        "evidence",
        "abstained",
        "partial",
        "operating_point",
        "threshold",
        "model",
    ]
    assert list(verdict().to_dict()["probabilities"]) == ["clean", "scraped", "hijacked", "spam"]
    assert list(verdict().to_dict()["evidence"][0]) == ["code", "source", "role", "quote", "start", "end", "weight", "message"]


def test_the_json_form_is_plain_json_and_whole() -> None:
    """Strings, numbers, null: what is written is what is read, in any script."""
    found = verdict().to_dict()
    assert json.loads(json.dumps(found, ensure_ascii=False)) == found
    assert type(found["label"]) is str
    assert (found["label"], found["flagged"], found["flag_probability"], found["evidence"][0]["weight"]) == ("hijacked", True, 0.8, 0.4123)


def test_an_abstaining_verdict_is_neither_yes_nor_no() -> None:
    """Label, flag and probabilities are null, and stay so at any threshold."""
    found = ABSTAINING.to_dict()
    assert [found[name] for name in ("label", "flagged", "flag_probability", "probabilities")] == [None] * 4
    assert (found["abstained"], found["evidence"]) == ("empty", [])
    again = ABSTAINING.at(0.0)
    assert (again.flagged, again.label, again.threshold, again.operating_point) == (None, None, 0.0, "custom")


def test_another_threshold_is_the_same_answer_asked_again() -> None:
    """Flagged when 1 - p(clean) reaches it; the label is then the likeliest of the bad three, else clean."""
    strict, lax = verdict().at(0.9), verdict(flagged=False, label=Label.CLEAN).at(0.5)
    assert (strict.flagged, strict.label, strict.operating_point, strict.threshold) == (False, Label.CLEAN, "custom", 0.9)
    assert (lax.flagged, lax.label) == (True, Label.HIJACKED)
    assert strict.evidence == verdict().evidence
    assert strict.probabilities == PROBABILITIES


def test_the_threshold_itself_is_flagged() -> None:
    """“Reaches” includes equality."""
    assert (
        verdict(probabilities={"clean": 0.25, "scraped": 0.75, "hijacked": 0.0, "spam": 0.0}, flag_probability=0.75).at(0.75).flagged
        is True
    )


SHORT = verdict(_asking=Asking(None, "too-little-text"))


def test_a_short_page_that_is_no_longer_flagged_abstains() -> None:
    """Too short to be called clean: at a stricter threshold every field of an answer is null, and at the first it is answered again."""
    strict = SHORT.at(0.9, "strict")
    assert (strict.abstained, strict.threshold, strict.operating_point) == ("too-little-text", 0.9, "strict")
    assert (strict.label, strict.flagged, strict.flag_probability, strict.probabilities, strict.evidence) == (None, None, None, None, ())
    assert strict.at(0.95) == SHORT.at(0.95)
    assert strict.at(0.62, "default") == SHORT
    assert strict.at(0.62).evidence == (PIECE,)


def test_what_is_needed_to_ask_again_is_no_part_of_what_is_said() -> None:
    """It is in neither the JSON form nor the repr, does not count in a comparison, and survives pickling."""
    strict = SHORT.at(0.9)
    assert list(strict.to_dict()) == list(verdict().to_dict())
    assert "hijacked" not in repr(strict)
    assert verdict() == SHORT
    assert pickle.loads(pickle.dumps(strict)).at(0.5) == SHORT.at(0.5)  # noqa: S301
    with pytest.raises(dataclasses.FrozenInstanceError):
        strict._asking = None  # type: ignore[misc]


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_threshold_outside_zero_to_one_is_misuse(threshold: float) -> None:
    """A probability is asked for, and the message says so."""
    with pytest.raises(UsageError, match="0 to 1"):
        verdict().at(threshold)


@pytest.mark.parametrize("threshold", ["0.9", None, True, [0.5]])
def test_a_threshold_that_is_no_number_is_misuse(threshold: Any) -> None:
    """The message names the type; True is no probability."""
    with pytest.raises(UsageError, match=type(threshold).__name__):
        verdict().at(threshold)


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4), st.floats(0, 1))
def test_label_and_flag_agree(weights: list[float], threshold: float) -> None:
    """Never a bad label unflagged, never clean flagged, and a higher threshold never flags more."""
    total = sum(weights)
    probabilities = dict(zip(PROBABILITIES, (weight / total for weight in weights), strict=True))
    found = verdict(probabilities=probabilities, flag_probability=1 - probabilities["clean"]).at(threshold)
    assert (found.label == Label.CLEAN) is (not found.flagged)
    assert found.flagged is (1 - probabilities["clean"] >= threshold)
    if found.flagged:
        assert probabilities[str(found.label)] == max(list(probabilities.values())[1:])


def test_records_are_frozen() -> None:
    """Nobody changes a verdict in passing."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict().label = Label.CLEAN  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        PIECE.weight = 1.0  # type: ignore[misc]
