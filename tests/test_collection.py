"""The collector rests while pages are read, and is left as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from detector import Detector
from detector.collection import put_off


@pytest.fixture(autouse=True)
def _on_again() -> Iterator[None]:
    yield
    gc.enable()


def test_collection_is_off_inside_and_on_again_afterwards_even_after_an_error() -> None:
    with pytest.raises(KeyError), put_off():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_who_has_switched_collection_off_finds_it_off() -> None:
    gc.disable()
    with put_off():
        assert not gc.isenabled()
    assert not gc.isenabled()


def test_judging_a_page_leaves_collection_on() -> None:
    assert Detector.load().classify("").abstained == "empty"
    assert gc.isenabled()
