"""The whole run: corpus and banks to an artefact with manifest, metrics and card."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from detector.errors import UsageError
from detector.features.drift import reference_of
from detector.features.ngrams import TopicModel
from detector.training import banks, compose, corpus, duplicates, fit, pool, reviews, rows, topics
from detector.training.feedback import Feedback, read_feedback
from detector.training.fit import RATES, Settings
from detector.training.metrics import summary
from detector.training.pool import Sample
from detector.training.save import Trained, save


@dataclass(frozen=True, slots=True)
class Config:
    """`train.toml`, read and checked. Paths are relative to the folder above `models/`."""

    name: str
    version: str
    seed: int
    banks: Path
    reviews: Path
    bad: int
    controls: int
    settings: Settings


def read_config(path: Path) -> Config:
    """Read a `train.toml`.

    Raises:
        UsageError: the file is missing, not TOML, or has an unknown or missing key.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); models/default/train.toml is an example") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not TOML ({error})") from error
    root = path.resolve().parent.parent.parent
    try:
        known = {field.name for field in fields(Settings)}
        unknown = set(data.get("fit", {})) - known
        if unknown:
            raise UsageError(f"{path}: [fit] has unknown keys {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
        return Config(
            data["name"],
            data["version"],
            int(data["seed"]),
            root / data["banks"],
            root / data["reviews"],
            int(data["compose"]["bad"]),
            int(data["compose"]["controls"]),
            Settings(**data.get("fit", {})),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: {error} is missing or of the wrong type; models/default/train.toml is an example") from error


def run(
    config: Path,
    corpus_folder: Path | None,
    output: Path,
    workers: int = 2,
    say: Callable[[str], None] | None = None,
    feedback_store: str | None = None,
) -> dict[str, Any]:
    """Train and write an artefact; returns its metrics. What people decided in `feedback_store` trains too, and is measured on nowhere.

    Raises:
        UsageError, CorpusError, OutputError: as their names say; nothing is written then.
    """
    say = say or (lambda message: print(message, file=sys.stderr, flush=True))
    settings = read_config(config)
    folder = corpus.require(corpus_folder)
    say("reading the corpus")
    samples, topic_model = gather(settings, folder, workers, say)
    say(f"extracting {len(samples):,} rows")
    matrix = rows.rows_of(samples, topic_model, workers)
    said = None
    if feedback_store is not None:
        folds = {sample.group: sample.fold for sample in samples}
        said = read_feedback(feedback_store, topic_model, settings.settings.feedback_weight, folds, workers, say)
    say("fitting, fold by fold")
    trained = fit_all(samples, matrix, topic_model, settings, said)
    metrics = {**trained.metrics, "corpus_digest": corpus.digest(folder)}
    save(output, trained, settings.name, settings.version, metrics, config.read_text(encoding="utf-8"))
    say(f"wrote {output}")
    return metrics


def gather(config: Config, folder: Path, workers: int, say: Callable[[str], None]) -> tuple[list[Sample], TopicModel]:
    """Real and composed samples, and the topic model they are read with."""
    relabelled = reviews.load(config.reviews)
    pages = [page for page in corpus.clean_pages(folder) if relabelled.get(page.id, "clean") == "clean"]
    bank = banks.load(config.banks)
    say(f"{len(pages):,} real pages, {len(bank.passages)} passages, {len(bank.identities)} identities; fitting the topic model")
    topic_model = topics.fit(bank, config.seed)
    say("taking pages apart")
    articles, shells = rows.taken_apart(pages, workers)
    folds = duplicates.folds_of_groups(articles)
    pages, articles, shells = duplicates.refold(pages, articles, shells, folds)
    say(f"{len(folds)} groups hold copies of another group's articles and share its fold")
    templates = config.banks / "templates"
    samples: list[Sample] = []
    for part in pool.make_pools(bank, templates, articles, shells, config.seed):
        say(f"composing fold {part.fold + 1} of {corpus.FOLDS}")
        samples += compose.compose(part, templates, config.bad // corpus.FOLDS, config.controls // corpus.FOLDS)
    for page in pages:
        samples += compose.real_samples(page, config.seed)
    return samples, topic_model


def fit_all(samples: list[Sample], matrix: np.ndarray, topic_model: TopicModel, config: Config, said: Feedback | None = None) -> Trained:
    """Out-of-fold probabilities, calibration and operating points on them, then the final estimator on everything."""
    readable = ~np.isnan(matrix).all(axis=1)
    samples = [sample for sample, keep in zip(samples, readable, strict=True) if keep]
    matrix = matrix[readable]
    targets = fit.codes([sample.label for sample in samples])
    folds = np.array([sample.fold for sample in samples])
    real = np.array([sample.recipe == "real" for sample in samples])
    news = np.array([sample.choices.get("kind") == "news" for sample in samples])
    weights = np.where(real, config.settings.real_weight, 1.0) * np.where(real & news, config.settings.news_weight, 1.0)
    more = None if said is None else said.outside
    raw = fit.out_of_fold(matrix, targets, weights, folds, config.settings, config.seed, more)
    calibration = fit.calibrate(raw, targets, weights)
    probabilities = calibration.apply(raw)
    original = np.array(
        [sample.recipe == "real" and sample.choices.get("rendering") in ("html+url", "text") and "-" not in sample.id for sample in samples]
    )
    scores = 1.0 - probabilities[:, 0]
    points = {name: fit.threshold_for(scores[original], rate) for name, rate in RATES.items()}
    # News is held to its own limit, as a language is: it is what most positives are made from.
    kinds = [sample.choices.get("kind") == "news" for sample in samples]
    spoken = [sample.language.split("-")[0] for sample in samples]
    chosen = np.flatnonzero(original)
    guarded = fit.threshold_by_language(scores[chosen], [spoken[index] for index in chosen], points["default"])
    points["default"] = fit.threshold_by_language(scores[chosen], ["news" if kinds[index] else "other" for index in chosen], guarded)
    points["high-precision"] = max(points["high-precision"], points["default"])
    final = fit.fitted(*fit.with_more(matrix, targets, weights, more, None), config.settings, config.seed)
    metrics = summary(samples, probabilities, points)
    metrics["training_digest"] = compose.digest_of(samples)
    if said is not None:
        metrics["feedback"] = said.facts
    described = json.loads(json.dumps(fit.describe(config.settings)))
    return Trained(final, calibration, topic_model, points, metrics, described, matrix[:200], reference_of(matrix[real]))
