"""What coherence, identity and attribution bring: the figures of labelled sets with each family and without it, with intervals.

`python -m tests.benchmarks.ablation SET… [--without coherence identity attribution] [--most 500] [--model DIR]`, each SET as `detector evaluate`
takes it: `tests/pages`, rows of `detector dataset build`, a set of one's own. A family left out is unknown, as training has the trees bear; they
are not fitted anew. Both tiers read every page. Area under the curve, and shares flagged at the model's threshold for `always`, with 95 % intervals;
"less" is what the area loses without the family, its interval over the same resamples. Groups (hosts) are resampled whole; shares of none
or all have exact intervals (`metrics.interval`). Composed and real training pages are none of these sets, for the shipped trees know them;
`metrics.json` has their figures out of fold, with and without coherence (`tiers`).
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detector import Detector, UsageError
from detector.features.registry import FAMILY_COLUMNS
from detector.model.artefact import default_model, load
from detector.training.evaluate import Labelled, read_set
from detector.training.metrics import area_under_curve, interval

FAMILIES = ("coherence", "identity", "attribution")
_RESAMPLES = 400


@dataclass(frozen=True, slots=True)
class Read:
    """Pages of a set that can be read: rows (n, features), which are bad (n,), and their groups."""

    rows: np.ndarray
    bad: np.ndarray
    groups: Sequence[str]


def chosen(pages: Iterable[Labelled], most: int) -> list[Labelled]:
    """At most so many of the bad pages and of the clean ones, the same ones every time."""
    found: dict[bool, list[Labelled]] = {True: [], False: []}
    for page in pages:
        found[page.label == "clean"].append(page)
    for side in found.values():
        random.Random(1).shuffle(side)
    return [page for side in found.values() for page in side[:most]]


def read(pages: Sequence[Labelled], detector: Detector) -> Read:
    rows, bad, groups = [], [], []
    for page in pages:
        try:
            rows.append(detector.row(page.page).values)
        except UsageError:
            continue
        bad.append(page.label != "clean")
        groups.append(page.group)
    return Read(np.stack(rows), np.array(bad), groups)


def without(rows: np.ndarray, families: Iterable[str]) -> np.ndarray:
    """The rows with all values of some families unknown."""
    result = rows.copy()
    for family in families:
        result[:, FAMILY_COLUMNS[family]] = np.nan
    return result


def resampled(groups: Sequence[str], seed: int = 0) -> list[np.ndarray]:
    """Places of the pages of groups that were drawn anew, whole and with repetition."""
    names, index = np.unique(np.array(groups), return_inverse=True)
    members = [np.flatnonzero(index == number) for number in range(len(names))]
    rng = np.random.default_rng(seed)
    return [np.concatenate([members[number] for number in rng.integers(0, len(names), len(names))]) for _ in range(_RESAMPLES)]


def figures(scores: np.ndarray, whole: np.ndarray, found: Read, threshold: float, places: list[np.ndarray]) -> list[str]:
    """Area, bad pages and clean pages flagged, and what the area of `whole` has more, each with its interval."""

    def area(own: np.ndarray, at: np.ndarray) -> float:
        return area_under_curve(own[at], found.bad[at])

    def with_interval(form: str, value: float, others: Sequence[float]) -> str:
        # Resamples for want of a bad or a clean page have no area.
        low, high = np.nanquantile(others, [0.025, 0.975])
        return f"{value:{form}} [{low:{form}}, {high:{form}}]"

    def flagged(side: bool) -> str:
        flags = (scores >= threshold)[found.bad == side]
        low, high = interval(flags, [group for group, bad in zip(found.groups, found.bad, strict=True) if bad == side])
        return f"{flags.mean():.1%} [{low:.1%}, {high:.1%}]"

    every = np.arange(len(found.bad))
    less = [area(whole, at) - area(scores, at) for at in (every, *places)]
    areas = [area(scores, at) for at in (every, *places)]
    return [with_interval(".3f", areas[0], areas[1:]), flagged(True), flagged(False), with_interval("+.3f", less[0], less[1:])]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sets", nargs="+", type=Path, metavar="SET")
    options.add_argument("--without", nargs="+", default=FAMILIES, choices=list(FAMILY_COLUMNS), metavar="FAMILY")
    options.add_argument("--most", type=int, default=500, help="bad pages of a set, and clean ones")
    options.add_argument("--model", type=Path, default=None)
    given = options.parse_args()
    detector = Detector.load(given.model, semantic="always")
    artefact = load(given.model or default_model())
    threshold = detector.operating_points["default"]
    for path in given.sets:
        found = read(chosen(read_set(path), given.most), detector)
        places = resampled(found.groups)
        bad = int(found.bad.sum())
        print(f"{path}: {bad:,} bad and {len(found.bad) - bad:,} clean pages of {len(set(found.groups)):,} groups")
        print(f"  {'':24} {'area':24} {'bad flagged':24} {'clean flagged':24} less")
        whole = 1.0 - artefact.probabilities(found.rows)[:, 0]
        left_out = [(), *((family,) for family in given.without), tuple(given.without)]
        for families in dict.fromkeys(left_out):
            scores = 1.0 - artefact.probabilities(without(found.rows, families))[:, 0]
            name = "all families" if not families else f"without {families[0]}" if len(families) == 1 else "without any of them"
            area, flagged, wrong, less = figures(scores, whole, found, threshold, places)
            print(f"  {name:24} {area:24} {flagged:24} {wrong:24} {less if families else ''}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
