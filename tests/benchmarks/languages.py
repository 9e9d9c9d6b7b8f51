"""Do both tiers know a host's own matter from a stranger's, language by language? On hosts that the project wrote, which neither reading was fitted on.

`python -m tests.benchmarks.languages [--model DIR]`. Each host's menu and products are held against its own article and against those of all
others of its language: the area under the curve of the first tier's likelihood ratio (word vectors) and of the second's (sentence
encoder). One half is chance. Hosts of `datasets/banks`, and of `datasets/second` in languages that only that has.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from detector import Detector, Page
from detector.features.affinity import HOME
from detector.features.coherence import turn
from detector.features.embedding import default_embedder
from detector.features.matcher import Matcher
from detector.features.wordvectors import words_of
from detector.training import banks
from detector.training.metrics import area_under_curve
from detector.validation import bank as second

DATASETS = Path(__file__).parents[2] / "datasets"
# As much of a string as the second tier reads of a part.
CLIP = 200


@dataclass(frozen=True, slots=True)
class Host:
    """What a host lists and what it writes, by paragraph."""

    listed: tuple[str, str]
    written: Sequence[str]


def hosts() -> dict[str, list[Host]]:
    found: dict[str, list[Host]] = {}
    for identity in banks.load(DATASETS / "banks").identities:
        host = Host((" ".join(identity.nav), " ".join(identity.products)), identity.article.split("\n\n"))
        found.setdefault(identity.language, []).append(host)
    known = set(found)
    for other in second.load(DATASETS / "second").identities:
        if other.language not in known:
            found.setdefault(other.language, []).append(Host((" ".join(other.nav), " ".join(other.products)), other.about))
    return found


def area(homes: np.ndarray, contents: np.ndarray, matcher: Matcher, tier: int) -> float:
    """Own article above strangers'."""
    pairing = (matcher.pairing, matcher.meaning)[tier]
    scores = np.stack([pairing.fit(HOME, np.repeat(home[None], len(contents), axis=0), contents) for home in homes])
    return float(area_under_curve(np.nan_to_num(scores, nan=0.0).ravel(), np.eye(len(homes), dtype=bool).ravel()))


def unit(vectors: np.ndarray) -> np.ndarray:
    total: np.ndarray = vectors.sum(axis=0)
    return total / max(1e-9, float(np.linalg.norm(total)))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--model", type=Path, default=None)
    given = options.parse_args()
    reading = Detector.load(given.model).reading(Page.from_text("The council met on Tuesday evening. " * 9))
    matcher, encoder = reading.matcher, default_embedder()
    assert matcher is not None
    areas: dict[str, tuple[float, float]] = {}
    print(f"{'language':9} {'hosts':>5} {'words':>6} {'encoder':>8}")
    for language, found in sorted(hosts().items()):
        words = [
            matcher.words.vectors([words_of(" ".join(texts)) for texts in side])
            for side in ([h.listed for h in found], [h.written for h in found])
        ]

        def meant(texts: Sequence[str]) -> np.ndarray:
            return unit(turn(matcher, encoder.encode([text[:CLIP] for text in texts]).astype(np.float64)))

        sentences = [np.stack([meant(texts) for texts in side]) for side in ([h.listed for h in found], [h.written[:5] for h in found])]
        areas[language] = (area(*words, matcher, 0), area(*sentences, matcher, 1))
        known = language.split("-")[0] in encoder.languages
        print(
            f"{language:9} {len(found):5} {areas[language][0]:6.3f} {areas[language][1]:8.3f}{'' if known else '  (does not know it: not asked)'}"
        )
    for name, chosen in (("known to the encoder", True), ("others", False)):
        rows = [value for language, value in areas.items() if (language.split("-")[0] in encoder.languages) == chosen]
        print(
            f"{name}: mean {np.mean([row[0] for row in rows]):.3f} and {np.mean([row[1] for row in rows]):.3f} over {len(rows)} languages"
        )


if __name__ == "__main__":
    main()
