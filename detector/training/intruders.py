"""The block model's training: blocks of composed pages whose foreign strings are known, and their scores out of fold.

Pages whose foreign part is an honest article say nothing of single blocks and are left out, as are written bad pages whose foreign texts nobody
marked; blocks of doorways and address-only spam count as foreign, or a page that is spam throughout would look blameless. The clean pages, real, composed and written, say what honest blocks look like. A row's own scores come from a block model that saw nothing of its
fold, so the page model learns from scores as unsure as those it will meet.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from detector.disguise import codes_of, is_disguised, undisguised
from detector.features import intrusion
from detector.features.registry import NAMES
from detector.features.suspects import MEASURES
from detector.page.document import Document
from detector.training.corpus import FOLDS
from detector.training.pool import WRITTEN, Sample
from detector.training.validation import is_validation
from detector.verdict import Label

# Recipes whose foreign part is an honest article: it differs from the frame by meaning alone.
_ARTICLES = frozenset(("article-in-shell", "article-in-identity", "publisher-swap", "mirror", "autoblog", "brand-clone"))
_COLUMNS = [(NAMES.index(spec.name), spec.name.split(".", 1)[1]) for spec in intrusion.SPECS if not spec.name.endswith(".mismatch")]
_MISMATCH = NAMES.index(f"{intrusion.NAME}.mismatch")
# Bytes of a span from which on it tells by lying in a foreign string, some four words of a Latin script or eight Chinese characters, and of a foreign
# string from which on a span is foreign for holding it, whatever else it says.
_TELLING, _SENTENCE = 24, 48
# Characters up to which a span is a label ("Previous article: ") and what it leads to, and the share of it that must be foreign; of a longer one half.
_LABELLED, _LABELLED_SHARE = 60, 0.3
# Written pages are few. On 13,463 pages out of fold, by the page's highest block: with marked pages at 4 and the others at 1 the area was .852 on written
# pages and .924 on the second composer's (80 rounds, 16 leaves; without the marked pages .805 and .925); at 8 and 3 with 200 rounds and 24 leaves .885 and .931,
# with 400 rounds and 31 leaves .890 and .935.
_MARKED_WEIGHT, _WRITTEN_WEIGHT = 8.0, 3.0


def foreign_blocks(document: Document, spans: list[tuple[int, int]], strings: tuple[str, ...]) -> np.ndarray:
    """Which spans of the text are one of the foreign strings, hold mostly such or lie in one; bool (spans,). Letters in disguise count as what
    they say. A short span says nothing by lying in a long string: "Home" stands in many a foreign sentence.
    """
    plain = _squeezed if is_disguised(codes_of(document.text)) else _spaced
    wanted = list(dict.fromkeys(plain(string) for string in strings if len(string) >= 3))
    whole, joined = set(wanted), "\x00".join(wanted)
    result = np.zeros(len(spans), dtype=bool)
    for index, (start, end) in enumerate(spans):
        text = plain(document.text[start:end])
        if not wanted or not text:
            continue
        if text in whole or (_size(text) >= _TELLING and text in joined):
            result[index] = True
            continue
        held = [string for string in wanted if string in text]
        share = _LABELLED_SHARE if len(text) <= _LABELLED else 0.5
        result[index] = sum(map(len, held)) >= share * len(text) or any(_size(string) >= _SENTENCE for string in held)
    return result


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _squeezed(text: str) -> str:
    # A word spelt letter by letter has lost the spaces that it had.
    return "".join(undisguised(text).split())


def _tells(sample: Sample) -> bool:
    marked = sample.recipe not in _ARTICLES and (sample.recipe != WRITTEN or sample.label == Label.CLEAN or bool(sample.foreign))
    return marked and not is_validation(sample)


def _weight(sample: Sample, real_weight: float) -> float:
    """Of a page's blocks, where a composed page's weigh one."""
    if sample.recipe == WRITTEN:
        return _MARKED_WEIGHT if sample.foreign else _WRITTEN_WEIGHT
    return real_weight if sample.recipe == "real" else 1.0


def block_estimator(seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(
        max_iter=400, learning_rate=0.08, max_leaf_nodes=31, min_samples_leaf=40, l2_regularization=2.0, max_features=0.3,
        early_stopping=False, random_state=seed,
    )  # fmt: skip


def fit(samples: list[Sample], measured: list[tuple[np.ndarray, np.ndarray]], matrix: np.ndarray, real_weight: float, seed: int) -> Any:
    """Fill the intrusion columns of `matrix` (n, features) out of fold, and return the block estimator fitted on all.

    `measured` holds each sample's suspect rows (blocks, MEASURES) and which of them are foreign (blocks,). The family's mismatch score is the
    noisy-or of what would be quoted, as in `intrusion.extract`.
    """
    taught = [index for index, sample in enumerate(samples) if _tells(sample) and len(measured[index][0])]
    empty = np.zeros((0, len(MEASURES)), dtype=np.float32)
    rows = np.concatenate([empty, *(measured[index][0] for index in taught)])
    foreign = np.concatenate([np.zeros(0, dtype=bool), *(measured[index][1] for index in taught)])
    sizes = [len(measured[index][0]) for index in taught]
    folds = np.repeat([samples[index].fold for index in taught], sizes)
    weights = np.repeat([_weight(samples[index], real_weight) for index in taught], sizes)
    for fold in range(FOLDS):
        others = folds != fold
        model = block_estimator(seed).fit(rows[others], foreign[others], sample_weight=weights[others])
        chosen = [index for index, sample in enumerate(samples) if sample.fold == fold]
        fill(matrix, chosen, [measured[index][0] for index in chosen], model)
    return block_estimator(seed).fit(rows, foreign, sample_weight=weights)


def fill(matrix: np.ndarray, chosen: list[int], rows: list[np.ndarray], model: Any) -> None:
    """Set the intrusion columns of the chosen rows of `matrix` from their suspects' rows, each (blocks, MEASURES)."""
    joined = np.concatenate([np.zeros((0, len(MEASURES)), dtype=np.float32), *rows])
    scores = model.predict_proba(joined)[:, 1] if len(joined) else np.zeros(0)
    place = 0
    for index, own in zip(chosen, rows, strict=True):
        values = intrusion.values_of(own, scores[place : place + len(own)])
        quoted = intrusion.quoted(scores[place : place + len(own)])
        place += len(own)
        for column, name in _COLUMNS:
            matrix[index, column] = values[name]
        matrix[index, _MISMATCH] = 1.0 - float(np.prod(1.0 - quoted))
