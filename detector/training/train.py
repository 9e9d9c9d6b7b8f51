"""The whole run: corpus and banks to an artefact with manifest, metrics and card."""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from detector.errors import UsageError
from detector.features.drift import reference_of
from detector.features.embedding import EncoderId
from detector.features.registry import NAMES
from detector.training import (
    banks,
    compose,
    corpus,
    crossfit,
    duplicates,
    fit,
    intruders,
    joint,
    matching,
    pool,
    reviews,
    rows,
    tiers,
    topics,
    validation,
    written,
)
from detector.training.embedders import embedder_of
from detector.training.feedback import Feedback, read_feedback
from detector.training.fit import Settings
from detector.training.metrics import summary
from detector.training.pool import WRITTEN, Sample
from detector.training.progress import Lines, Progress
from detector.training.save import Fitted, Trained, save


@dataclass(frozen=True, slots=True)
class Config:
    """`train.toml`, read and checked. Its paths are relative to the folder that it is in, and both are there. `embedder` names another sentence
    encoder than the default one (`embedders`).

    The copy that an artefact keeps is a record: written to another depth, its paths need changing before it is used.
    """

    name: str
    version: str
    seed: int
    banks: Path
    reviews: Path
    bad: int
    controls: int
    settings: Settings
    embedder: str | None = None


def read_config(path: Path) -> Config:
    """Read a `train.toml`.

    Raises:
        UsageError: the file is missing, not TOML, has an unknown or missing key, or names a path or an encoder that is not there.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); models/default/train.toml is an example") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: is not TOML ({error})") from error
    root = path.resolve().parent
    try:
        known = {field.name for field in fields(Settings)}
        unknown = set(data.get("fit", {})) - known
        if unknown:
            raise UsageError(f"{path}: [fit] has unknown keys {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}")
        strange = set(data.get("fit", {}).get("withheld", ())) - set(NAMES)
        if strange:
            raise UsageError(
                f"{path}: [fit] withheld names {', '.join(sorted(strange))}, which are no features; `detector explain` lists them"
            )
        config = Config(
            data["name"],
            data["version"],
            int(data["seed"]),
            root / data["banks"],
            root / data["reviews"],
            int(data["compose"]["bad"]),
            int(data["compose"]["controls"]),
            Settings(**data.get("fit", {})),
            str(data["embedder"]) if "embedder" in data else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: {error} is missing or of the wrong type; models/default/train.toml is an example") from error
    for key, there in (("banks", config.banks.is_dir()), ("reviews", config.reviews.is_file())):
        if not there:
            missing = Path(os.path.normpath(getattr(config, key)))
            raise UsageError(f"{path}: {key} = {data[key]!r} is {missing}, which is not there; give a path relative to {root}")
    if config.embedder is not None:
        try:
            dimensions = embedder_of(config.embedder).dimensions
        except UsageError as error:
            raise UsageError(f"{path}: {error}") from error
        if dimensions < matching.KEPT:
            raise UsageError(f"{path}: embedder {config.embedder!r} has {dimensions} dimensions; give one of {matching.KEPT} or more")
    return config


def run(
    config: Path,
    corpus_folder: Path | None,
    output: Path,
    workers: int = 2,
    progress: Progress | None = None,
    validation_set: Path | None = None,
    feedback_store: str | None = None,
) -> dict[str, Any]:
    """Train and write an artefact; returns its metrics. Stages are lines on standard error unless `progress` shows them otherwise.

    `validation_set` is a file of `detector dataset build`: its pages are scored out of fold and reported apart; probabilities are calibrated on them, no tree
    learns from them. What people decided in
    `feedback_store` trains too, and is measured on nowhere.

    Raises:
        UsageError, InputError, CorpusError, OutputError: as their names say; nothing is written then.
    """
    progress = progress or Lines()
    settings = read_config(config)
    folder = corpus.require(corpus_folder)
    progress.say("reading the corpus")
    samples, readers = gather(settings, folder, workers, progress)
    samples += validation.load(validation_set) if validation_set is not None else []
    extracted = rows.rows_of(samples, readers, workers, progress)
    said = None
    if feedback_store is not None:
        folds = {sample.group: sample.fold for sample in samples}
        said = read_feedback(feedback_store, readers[-1], settings.settings.feedback_weight, folds, workers, progress)
    trained = fit_all(samples, extracted, readers[-1], settings, progress, said, workers)
    metrics = {**trained.metrics, "corpus_digest": corpus.digest(folder)}
    save(output, trained, settings.name, settings.version, metrics, config.read_text(encoding="utf-8"))
    progress.say(f"wrote {output}")
    return metrics


def gather(config: Config, folder: Path, workers: int, progress: Progress) -> tuple[list[Sample], list[rows.Readers]]:
    """Real and composed samples, and topic models and matchers: for each fold those that saw none of its bank entries and pages, then those
    of all that are shipped.

    A passage that the topic model was fitted on is a loud one, a page that the matcher was fitted on fits too well; read so, they
    would teach the trees to wait for that certainty.
    """
    relabelled = reviews.load(config.reviews)
    pages = [page for page in corpus.clean_pages(folder) if relabelled.get(page.id, "clean") == "clean"]
    bank = banks.load(config.banks)
    progress.say(
        f"{len(pages):,} real pages, {len(bank.passages)} passages, {len(bank.identities)} identities; fitting {corpus.FOLDS + 1} topic models"
    )
    held_out = [pool.without_fold(bank, fold) for fold in range(corpus.FOLDS)]
    topic_models = topics.fit_each([*held_out, bank], config.seed, workers)
    articles, shells = rows.taken_apart(pages, workers, progress)
    folds = duplicates.folds_of_groups(articles)
    pages, articles, shells = duplicates.refold(pages, articles, shells, folds)
    progress.say(f"{len(folds)} groups hold copies of another group's articles and share its fold")
    matchers = matching.fit_each(
        matching.collect(pages, topic_models[-1], workers, progress, config.embedder),
        banks.glosses(config.banks),
        workers,
        progress,
        config.embedder,
    )
    templates = config.banks / "templates"
    samples: list[Sample] = []
    parts = pool.make_pools(bank, templates, articles, shells, config.seed)
    told = f"composing {config.bad:,} bad pages and {config.controls:,} controls in {corpus.FOLDS} folds"
    for part in progress.track(parts, told, len(parts)):
        samples += compose.compose(part, templates, config.bad // corpus.FOLDS, config.controls // corpus.FOLDS)
    for page in pages:
        samples += compose.real_samples(page, config.seed)
    samples += written.load(config.banks, config.seed)
    return samples, [rows.Readers(*pair, config.embedder) for pair in zip(topic_models, matchers, strict=True)]


def fit_all(
    samples: list[Sample],
    extracted: rows.Extracted,
    readers: rows.Readers,
    config: Config,
    progress: Progress,
    said: Feedback | None = None,
    workers: int = 1,
) -> Trained:
    """Block model, out-of-fold probabilities, band, calibration and operating points on all of them, then the final estimator on everything.

    The metrics are those of both tiers as `auto` has them, and cross-fitted (`crossfit`): no row is counted with a calibration or threshold
    that it had a say in.
    """
    readable = ~np.isnan(extracted.matrix).all(axis=1)
    samples = [sample for sample, keep in zip(samples, readable, strict=True) if keep]
    extracted = extracted.part(readable)
    matrix, suspects = extracted.matrix, extracted.suspects
    settings = config.settings
    progress.say(f"fitting the block model on {sum(len(found) for found, _ in suspects):,} blocks")
    block_estimator = intruders.fit(samples, suspects, matrix, settings.real_weight, config.seed)
    targets = fit.codes([sample.label for sample in samples])
    folds = np.array([sample.fold for sample in samples])
    real = np.array([sample.recipe == "real" for sample in samples])
    news = np.array([sample.choices.get("kind") == "news" for sample in samples])
    by_source = {"real": settings.real_weight, WRITTEN: settings.written_weight}
    weights = np.array([by_source.get(sample.recipe, settings.composed_weight) for sample in samples])
    weights *= np.where(real & news, settings.news_weight, 1.0)
    weights *= [settings.recipe_weights.get(sample.recipe, 1.0) for sample in samples]
    taught = ~np.array([validation.is_validation(sample) for sample in samples])
    of_training = [sample for sample, kept in zip(samples, taught, strict=True) if kept]
    weights[taught] = fit.language_balance(targets[taught], weights[taught], [sample.language.split("-")[0] for sample in of_training])
    weights[~taught] = 0.0
    progress.say(f"fitting the joint reading of {len(samples):,} pages")
    networks = joint.fit(extracted.views, matrix, targets > 0, weights, folds, config.seed, workers)
    more = None if said is None else said.filled(block_estimator, networks).outside
    first, both = fit.out_of_fold(matrix, targets, weights, folds, settings, config.seed, progress, more)
    progress.say(f"choosing band, calibration and thresholds on {len(samples):,} rows")
    scored = crossfit.out_of_fold(samples, both, targets, weights)
    band = tiers.choose_band(first[taught], both[taught], targets[taught], scored.original[taught])
    scored = replace(scored, raw=tiers.mixed(first, both, band))
    probabilities, flags = crossfit.cross_fitted(scored)
    choice = crossfit.choose(scored)
    alone = {
        "always": crossfit.points(replace(scored, raw=both).part(taught), choice.calibration),
        "never": crossfit.points(replace(scored, raw=first).part(taught), choice.calibration),
    }
    progress.say(f"fitting the model on {len(samples):,} rows")
    final = fit.fitted(*fit.with_more(matrix[taught], targets[taught], weights[taught], more, None), settings, config.seed)
    metrics = summary(of_training, probabilities[taught], {name: flag[taught] for name, flag in flags.items()})
    metrics["tiers"] = tiers.summary(scored.part(taught), first[taught], both[taught], band, choice, alone)
    if scored.apart.any():
        metrics["calibrated_on"] = "validation"
        metrics["calibration_digest"] = compose.digest_of([sample for sample, own in zip(samples, scored.apart, strict=True) if own])
    if not taught.all():
        held = [sample for sample, kept in zip(samples, taught, strict=True) if not kept]
        metrics["validation"] = validation.summary(held, probabilities[~taught], {name: flag[~taught] for name, flag in flags.items()})
    metrics["training_digest"] = compose.digest_of(of_training)
    if said is not None:
        metrics["feedback"] = said.facts
    described = json.loads(json.dumps(fit.describe(settings)))
    assert readers.matcher is not None
    matcher = replace(readers.matcher, joint_words=networks[0], joint_meaning=networks[1])
    fitted = Fitted(
        final,
        block_estimator,
        choice.calibration,
        readers.topics,
        matcher,
        choice.points,
        alone,
        band,
        EncoderId.of(embedder_of(config.embedder)),
    )
    return Trained(fitted, metrics, described, matrix[taught][:200], reference_of(matrix[real]))
