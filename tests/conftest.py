"""Parts that several test folders share. All are real: hand-written pages, the checkout's banks, a small fitted model."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from detector import Detector, Page
from detector.features.affinity import KINDS
from detector.features.embedding import ENCODED, Cached, EncoderId, default_embedder
from detector.features.joint import Joint, inputs
from detector.features.matcher import Matcher, Pairing
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.features.registry import NAMES, SCHEMA
from detector.features.suspects import MEASURES
from detector.features.wordvectors import BITS, DIMENSIONS, WordVectors
from detector.model.artefact import Band
from detector.model.blocks import BlockTrees
from detector.model.trees import from_estimator
from detector.page.document import Document
from detector.page.read import read
from detector.training.banks import Bank
from detector.training.staged import StagedClassifier

# Small fits on a busy machine: threads that wait for each other cost a hundred times the work. Read when scikit-learn is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

PAGES = Path(__file__).parent / "pages"
ROOT = Path(__file__).parent.parent

PROSE = (
    "The town council agreed on Tuesday evening to repair the old bridge over the river Wend, "
    "which has been closed to lorries since the flood of last winter. "
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 20

# The same examples on every run, so that a red check is red again; `--hypothesis-profile=long` looks further.
settings.register_profile("check", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("check")


def hand_written() -> list[Path]:
    """Every hand-written page, in order of its name; README and other notes are none."""
    return sorted(path for path in PAGES.rglob("*") if path.suffix in (".html", ".txt"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `hand_written_page` runs for every such page; `hand_written_html` for those that are HTML."""
    for name, suffixes in (("hand_written_page", (".html", ".txt")), ("hand_written_html", (".html",))):
        if name in metafunc.fixturenames:
            paths = [path for path in hand_written() if path.suffix in suffixes]
            metafunc.parametrize(name, paths, ids=[path.relative_to(PAGES).as_posix() for path in paths])


@pytest.fixture(scope="session")
def banks_folder() -> Path:
    return ROOT / "datasets" / "banks"


@pytest.fixture(scope="session")
def bank(banks_folder: Path) -> Bank:
    """A third of what the project wrote: enough of every language, quick to fit."""
    from detector.training import banks

    whole = banks.load(banks_folder)
    return Bank(whole.passages[::3], whole.identities[::3])


@pytest.fixture(scope="session")
def topic_model(bank: Bank) -> TopicModel:
    """A topic model fitted on that in two passes instead of the shipped model's fourteen."""
    from detector.training import topics

    return topics.fit(bank, 7, epochs=2)


@pytest.fixture(scope="session")
def block_estimator() -> Any:
    """A small two-class estimator of scikit-learn over rows of a block's measures: what holds spam terms or another script is foreign."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng = np.random.default_rng(11)
    rows = rng.uniform(0.0, 1.0, size=(500, len(MEASURES)))
    foreign = rows[:, MEASURES.index("spam_hits")] + rows[:, MEASURES.index("foreign_script")] > 0.6
    return HistGradientBoostingClassifier(max_iter=10, max_leaf_nodes=6, min_samples_leaf=5, random_state=5).fit(rows, foreign)


@pytest.fixture(scope="session")
def block_model(block_estimator: Any) -> BlockTrees:
    """The same as arrays."""
    return BlockTrees(from_estimator(block_estimator))


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    """A matcher of drawn numbers: whatever is measured with it is as wide as anything a fitted one could say."""
    rng = np.random.default_rng(17)
    words = WordVectors(
        np.tile(
            rng.integers(-127, 128, size=(2**8, DIMENSIONS), dtype=np.int8), (2 ** (BITS - 8), 1)
        ),  # repeats, so that it is soon packed
        np.full(DIMENSIONS, 0.01, dtype=np.float32),
        rng.integers(0, 140, size=2**BITS, dtype=np.uint8),
    )

    def pairing(dimensions: int) -> Pairing:
        means = rng.normal(size=(2, len(KINDS), dimensions)).astype(np.float32) * np.float32(0.1)
        sides = rng.normal(size=(2, len(KINDS), 8, dimensions)).astype(np.float32)
        return Pairing(KINDS, means[0], means[1], sides[0], sides[1], rng.uniform(0.1, 0.9, size=(len(KINDS), 8)).astype(np.float32))

    basis = np.linalg.qr(rng.normal(size=(ENCODED, 16)))[0].astype(np.float32)

    def network(dimensions: int) -> Joint:
        return Joint(
            rng.normal(size=(inputs(dimensions), 4)).astype(np.float32), *(rng.normal(size=size).astype(np.float32) for size in (4, 4, 1))
        )

    return Matcher(words, pairing(DIMENSIONS), np.zeros(ENCODED, dtype=np.float32), basis, pairing(16), network(DIMENSIONS), network(16))


@pytest.fixture(scope="session")
def embedder() -> Cached:
    """The encoder that is shipped, as detectors share it."""
    return default_embedder()


@pytest.fixture(scope="session")
def reading(topic_model: TopicModel, block_model: BlockTrees, embedder: Cached, matcher: Matcher) -> Callable[..., Reading]:
    """Reads a page, given as HTML (or as text with `text=True`) and address, for the families; with all that they may ask."""

    def read_page(body: str | bytes, url: str | None = None, *, text: bool = False) -> Reading:
        document = read(Page.from_text(body, url) if text else Page.from_html(body, url))
        return Reading(document, topic_model, block_model, embedder, matcher)

    return read_page


@pytest.fixture(scope="session")
def documents() -> list[tuple[str, Document]]:
    """The hand-written pages as read, with their names."""
    return [(path.name, read(Page.from_file(path))) for path in hand_written()]


@pytest.fixture(scope="session")
def detector() -> Detector:
    """The shipped model."""
    return Detector.load()


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Every hand-written page, and some that have no answer in between."""
    found = [Page.from_file(path) for path in hand_written()]
    return [*found[:5], Page(b"", id="nothing"), *found[5:], Page(JPEG, id="picture"), Page("short", id="short")]


@pytest.fixture(scope="session")
def estimator_and_rows() -> tuple[StagedClassifier, np.ndarray]:
    """A small staged estimator of scikit-learn over rows of the real schema, a tenth of the values unknown.

    It asks for characters and blocks near the middle of the hand-written pages, so that it parts them too.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng = np.random.default_rng(5)
    low, high = (np.array([getattr(spec, side) for spec in SCHEMA]) for side in ("low", "high"))
    rows = rng.uniform(low, high, size=(700, len(SCHEMA)))
    characters, blocks = (rows[:, NAMES.index(f"structure.{name}")] for name in ("characters", "blocks"))
    targets = (characters > 3.1) * 2 + (blocks + rng.random(700) > 1.8)
    rows[rng.random(rows.shape) < 0.1] = np.nan
    flag, kinds = (HistGradientBoostingClassifier(max_iter=12, max_leaf_nodes=9, min_samples_leaf=5, random_state=5) for _ in range(2))
    return StagedClassifier(flag, kinds).fit(rows, targets, np.ones(len(rows))), rows


@pytest.fixture(scope="session")
def small_artefact(
    tmp_path_factory: pytest.TempPathFactory,
    estimator_and_rows: tuple[StagedClassifier, np.ndarray],
    topic_model: TopicModel,
    block_estimator: Any,
    matcher: Matcher,
) -> Path:
    """A folder with a complete artefact of a small model, written by the code that writes the shipped one."""
    from detector.model.calibration import Calibration
    from detector.training.save import Fitted, Trained, save

    model, rows = estimator_and_rows
    rated = {"pages": 10, "groups": 5, "flagged": 0, "rate": 0.0, "interval": [0.0, 0.1]}
    metrics = {
        "operating_points": {},
        "pages": {"real clean": 10},
        "real_clean": rated,
        **{
            name: {"en": rated}
            for name in (
                "real_clean_by_language",
                "real_clean_by_kind",
                "real_clean_other_renderings",
                "composed_by_recipe",
                "composed_bad_by_rendering",
            )
        },
        "composed": {"auc": 0.5, "average_precision": 0.5, "calibration_error": 0.5},
        "label_right_among_flagged": 0.5,
    }
    fitted = Fitted(
        model,
        block_estimator,
        Calibration(np.array([1.1, 0.9, 1.0, 1.2]), np.array([0.1, -0.2, 0.0, 0.3])),
        topic_model,
        matcher,
        {"high-precision": 0.9, "default": 0.6, "high-recall": 0.3},
        {
            "always": {"high-precision": 0.91, "default": 0.61, "high-recall": 0.31},
            "never": {"high-precision": 0.89, "default": 0.59, "high-recall": 0.29},
        },
        Band(0.2, 0.95),
        EncoderId.of(default_embedder()),
    )
    trained = Trained(fitted, metrics, {}, rows[:100])
    folder = tmp_path_factory.mktemp("artefact")
    save(folder, trained, "small", "0", metrics, "# made by tests/conftest.py\n")
    return folder
