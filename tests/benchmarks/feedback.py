"""What 200 corrections are worth: a kind of bad page that the model never saw arrives, people correct it, the model is trained again.

    python -m tests.benchmarks.feedback --corpus DIR [--recipe NAME] [--share 0.33]

Trains twice on the same three folds of pages without that recipe, the second time with corrections out of a real store, and tries both on
the other folds: the recipe's pages there, and every real clean page there. Hosts, articles and banks of the test are in neither training.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from detector.features import coherence
from detector.features.registry import FAMILY_COLUMNS
from detector.page.address import read_address
from detector.store.records import Given, Submission
from detector.store.store import Store
from detector.training import corpus, intruders, joint, rows, tiers, train
from detector.training.corpus import CorpusPage
from detector.training.feedback import read_feedback
from detector.training.pool import WRITTEN, Sample
from detector.training.progress import Lines

CONFIG = Path(__file__).parents[2] / "models" / "default" / "train.toml"
TRAINED, CORRECTIONS = (0, 1, 2), 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--recipe", default="article-in-identity")
    parser.add_argument("--share", type=float, default=0.33, help="of the corpus's pages and of the composed ones")
    parser.add_argument("--weights", type=float, nargs="+", help="of a corrected page; the configuration's if left out")
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    config = train.read_config(CONFIG)
    config = replace(config, bad=int(config.bad * asked.share * 1.5), controls=int(config.controls * asked.share))
    every = corpus.clean_pages

    def some(folder: Path) -> Iterator[CorpusPage]:
        return (page for number, page in enumerate(every(folder)) if number * asked.share % 1 < asked.share)

    corpus.clean_pages = some
    progress = Lines()
    samples, readers = train.gather(config, corpus.require(asked.corpus), asked.workers, progress)
    drifted = [sample for sample in samples if sample.recipe == asked.recipe]
    others = [sample for sample in samples if sample.recipe != asked.recipe]
    known = [sample for sample in others if sample.fold in TRAINED]
    extracted = rows.rows_of(known, readers, asked.workers, progress)
    corrected = [sample for sample in drifted if sample.fold in TRAINED][:CORRECTIONS]
    new = [sample for sample in drifted if sample.fold not in TRAINED]
    clean = [sample for sample in others if sample.fold not in TRAINED and sample.recipe == "real"]
    controls = [
        sample for sample in others if sample.fold not in TRAINED and sample.recipe not in ("real", WRITTEN) and sample.label == "clean"
    ]
    tried = {"drifted": new, "real clean": clean, "controls": controls}
    tests = {name: rows.rows_of(part, readers, asked.workers, progress) for name, part in tried.items()}
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/store.db"
        correct(address, corrected)
        folds = {sample.group: sample.fold for sample in samples}
        weights = asked.weights or [config.settings.feedback_weight]
        said = {
            f"after, weight {weight:g}": read_feedback(address, readers[-1], weight, folds, asked.workers, progress) for weight in weights
        }
    result: dict[str, Any] = {
        "recipe": asked.recipe,
        "corrections": len(corrected),
        "drifted pages": len(new),
        "real clean pages": len(clean),
    }
    for name, more in {"before": None, **said}.items():
        # Fitting fills the columns of the block model and the networks in place.
        trained = train.fit_all(known, replace(extracted, matrix=extracted.matrix.copy()), readers[-1], config, progress, more).fitted
        threshold = trained.operating_points["default"]
        result[name] = {"threshold": round(threshold, 4)}
        for kind, found in tests.items():
            matrix = found.matrix.copy()
            intruders.fill(matrix, list(range(len(matrix))), [block_rows for block_rows, _ in found.suspects], trained.block_estimator)
            networks = trained.matcher.joint_words, trained.matcher.joint_meaning
            assert networks[0] is not None and networks[1] is not None
            joint.fill(matrix, list(range(len(matrix))), found.views, (networks[0], networks[1]))
            both = trained.estimator.predict_proba(matrix)
            matrix[:, FAMILY_COLUMNS[coherence.NAME]] = np.nan
            raw = tiers.mixed(trained.estimator.predict_proba(matrix), both, trained.band)
            scores = 1.0 - trained.calibration.apply(raw)[:, 0]
            result[name][kind] = round(float(np.mean(scores >= threshold)), 4)
    print(json.dumps(result, indent=1))


def correct(address: str, samples: list[Sample]) -> None:
    """Each page with the verdict `clean`, corrected by a person."""
    store = Store(address)
    nothing = {"label": "clean", "flagged": False, "flag_probability": 0.1, "abstained": None, "model": "before", "evidence": []}
    for sample in samples:
        given = Given(
            {"id": sample.id, "url": sample.url, **nothing},
            {},
            read_address(sample.url).host,
            None,
            None,
            Submission(sample.body, sample.is_text),
        )
        store.correct(store.add([given])[0], sample.label, "", "reviewer")
    store.close()


if __name__ == "__main__":
    main()
