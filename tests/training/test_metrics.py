"""Figures and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from detector.training.metrics import interval, rate


@pytest.mark.parametrize(
    ("flagged", "groups", "low", "high"), [(0, 10, 0.0, 0.3085), (1, 10, 0.6915, 1.0), (0, 1, 0.0, 0.975), (0, 158, 0.0, 0.0231)]
)
def test_none_or_all_flagged_leaves_an_interval(flagged: int, groups: int, low: float, high: float) -> None:
    """0 of n and n of n are no certainty: Clopper and Pearson's tabled limits, one trial a group however many pages it has."""
    values = np.full(groups * 3, flagged, dtype=bool)
    names = [f"host{number % groups}" for number in range(len(values))]
    assert interval(values, names) == pytest.approx((low, high), abs=1e-4)


def test_groups_that_are_all_alike_leave_an_interval() -> None:
    """Half of each host's pages: the resamples agree, and yet four hosts do not settle it."""
    low, high = interval(np.array([True, False] * 4), ["a", "a", "b", "b", "c", "c", "d", "d"])
    assert low < 0.1 and high > 0.9


def test_an_interval_of_many_hosts_holds_the_share() -> None:
    """Where hosts differ it is bootstrapped, the same on every run, and wider when pages of a host are alike."""
    flags = np.arange(400) % 20 == 0
    alone = interval(flags, [str(number) for number in range(400)])
    assert alone[0] < 0.05 < alone[1]
    assert interval(flags, [str(number) for number in range(400)]) == alone
    alike = interval(np.repeat(flags[:40], 10), [str(number // 10) for number in range(400)])
    assert alike[1] - alike[0] > alone[1] - alone[0]


def test_no_pages_have_no_rate() -> None:
    """Nothing is said of an empty slice."""
    assert all(map(math.isnan, interval(np.zeros(0), [])))
    assert rate(np.zeros(0, dtype=bool), []) == {"pages": 0, "groups": 0, "flagged": 0, "rate": None, "interval": [None, None]}
