"""Fitting the matcher: the encoder's student over words, and what of honest pages' parts goes with their content.

The student is ridge regression from hashed words to the encoder's vectors, on strings of real pages, on frequent words of each of the
encoder's languages, and on terms of languages that the encoder does not know, by the vector of what they mean in English. The pairings are canonical correlations between a part's vector and the content's, over real pages; a host with many
pages counts less for each. Everything is fitted without the pages of a fold for that fold's rows, as the topic model is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detector.features.affinity import BLOCK, BLOCK_HOME, CHUNKED, HOME, HOME_PARTS, KINDS, OUTWARD, PARTS, home_of, rests, spoken
from detector.features.matcher import Matcher, Pairing
from detector.features.meanings import CHUNK, OUTBOUND, sayings
from detector.features.ngrams import TopicModel
from detector.features.reading import Reading
from detector.features.wordvectors import BITS, DIMENSIONS, RARITY_UNIT, WordVectors, buckets, words_of
from detector.page.read import Unreadable, read
from detector.terms import languages_of, read_table
from detector.training.corpus import FOLDS, CorpusPage
from detector.training.embedders import embedder_of, in_company
from detector.training.pool import Sample
from detector.training.progress import Progress

_BATCH = 40
# Strings that the encoder reads at once: a fixed number, in a fixed order, so that a run is repeatable.
_TOGETHER = 64
# Frequent words of each language, and what one counts beside a string of a page: of 0.3, 0.5, 0.7 and 1, more told written hosts of sixteen
# languages apart better (mean area .73, .76, .77, .79) and real pages, which are English for the most part, worse (.89, .88, .87, .87).
_FREQUENT, _WORD_WEIGHT = 25_000, 0.7
_RIDGE, _STEPS = 0.1, 25
# Dimensions of the encoder's space that are kept, coordinates of a pairing, and the share of a round covariance mixed into each side's:
# a student's vectors are smooth already, the encoder's need more.
KEPT, _COORDINATES = 96, 48
_SHRUNK_WORDS, _SHRUNK_MEANING = 0.05, 0.1
_MIN_PAIRS = 100
_LARGEST = 0.97
_BLOCKS = ("related", "products", "previous", "next", "tags", "footer", "nav")


@dataclass(frozen=True, slots=True)
class Told:
    """What one page says: `strings` by part for the encoder, `words` by part, of the content and of its paragraphs."""

    group: str
    fold: int
    strings: dict[str, str]
    words: dict[str, list[str]]
    content: list[str]
    chunks: list[list[str]]


def collect(
    pages: Sequence[CorpusPage], topic_model: TopicModel, workers: int, progress: Progress, embedder: str | None = None
) -> list[Told]:
    """The parts of real pages, read in worker processes; pages that cannot be read are left out. `embedder` is as `train.toml` names it."""
    from joblib import Parallel, delayed

    batches = [pages[start : start + _BATCH] for start in range(0, len(pages), _BATCH)]
    answers = Parallel(n_jobs=workers, batch_size=1, return_as="generator")(
        delayed(_told)(batch, topic_model, embedder) for batch in batches
    )
    return [told for part in progress.track(answers, f"reading the parts of {len(pages):,} pages", len(batches)) for told in part]


def _told(pages: Sequence[CorpusPage], topic_model: TopicModel, embedder: str | None) -> list[Told]:
    from detector.training.rows import page_of

    found = []
    for page in pages:
        sample = Sample(page.id, page.body, page.is_text, page.url, page.label, page.group, page.fold, "real", page.language)
        try:
            reading = Reading(read(page_of(sample)), topic_model)
        except Unreadable:
            continue
        known = sayings(reading, embedder_of(embedder).languages)
        said = reading.once(spoken)
        strings = {name: saying.text for name, saying in known.items()}
        found.append(Told(page.group, page.fold, strings, said.words, said.content, said.chunks))
    return found


def fit_each(
    told: Sequence[Told], glosses: Sequence[tuple[str, str]], workers: int, progress: Progress, embedder: str | None = None
) -> list[Matcher]:
    """For each fold a matcher that saw nothing of it, then the one of all. `glosses` pair terms of languages that the encoder does not know with
    what they mean in English (`banks.glosses`): the student reads the term and learns the encoder's vector of the English.
    """
    from joblib import Parallel, delayed

    strings = sorted({text for page in told for text in page.strings.values()}, key=lambda text: (len(text), text))
    words = _frequent(_FREQUENT, embedder_of(embedder).languages)
    english = sorted({meant for _, meant in glosses}, key=lambda text: (len(text), text))
    batches = [*_parted(strings), *_parted(words), *_parted(english)]
    answers = Parallel(n_jobs=workers, batch_size=4, return_as="generator")(delayed(in_company)(batch, embedder) for batch in batches)
    encoded = progress.track(answers, f"encoding {len(strings) + len(words) + len(english):,} strings", len(batches))
    vectors = np.concatenate(list(encoded))
    meanings = dict(zip(strings, vectors[: len(strings)], strict=True))
    place = {text: len(strings) + len(words) + number for number, text in enumerate(english)}
    terms = [(term, place[meant]) for term, meant in glosses if words_of(term)]
    chosen = [*range(len(strings), len(strings) + len(words)), *(number for _, number in terms)]
    of_words = ([*words, *(term for term, _ in terms)], vectors[chosen])
    parts = [[page for page in told if page.fold != fold] for fold in range(FOLDS)]
    progress.say(f"fitting {FOLDS + 1} matchers on {len(told):,} pages")
    fitted: list[Matcher] = Parallel(n_jobs=workers)(delayed(fit)(part, meanings, of_words) for part in [*parts, told])
    return fitted


def _parted(strings: list[str]) -> list[list[str]]:
    return [strings[start : start + _TOGETHER] for start in range(0, len(strings), _TOGETHER)]


def _frequent(number: int, known: frozenset[str]) -> list[str]:
    """Frequent words and the terms of the topic tables, in the languages `known` to the encoder."""
    import wordfreq

    languages = sorted(known & set(wordfreq.available_languages()))
    found = dict.fromkeys(
        word for language in languages for word in wordfreq.top_n_list(language, number) if any(map(str.isalpha, word)) and words_of(word)
    )
    tables = [language for language in languages_of("topics") if language.split("-")[0] in known]
    found |= dict.fromkeys(term for language in tables for _, term in read_table(f"topics/{language}.tsv") if words_of(term))
    return sorted(found, key=lambda word: (len(word), word))


def fit(told: Sequence[Told], meanings: dict[str, np.ndarray], of_words: tuple[list[str], np.ndarray]) -> Matcher:
    """Student, rarities and both pairings from some pages. One BLAS thread, so that any number of workers gives the same bits."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        strings = sorted({text for page in told for text in page.strings.values()})
        vectors = np.stack([meanings[text] for text in strings]).astype(np.float32)
        mean = vectors.mean(axis=0)
        basis = _principal(vectors - mean, KEPT)
        words = _student(strings, (vectors - mean) @ basis[:, :DIMENSIONS], of_words, mean, basis, _rarities(told))
        student = _pairing(told, [_student_views(page, words) for page in told], DIMENSIONS, _SHRUNK_WORDS)
        turned = {text: _unit((vector.astype(np.float32) - mean) @ basis) for text, vector in meanings.items()}
        meaning = _pairing(told, [_meaning_views(page, turned) for page in told], KEPT, _SHRUNK_MEANING)
        return Matcher(words, student, mean, basis, meaning)


def _principal(centred: np.ndarray, dimensions: int) -> np.ndarray:
    _, turned = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    result: np.ndarray = turned[:, ::-1][:, :dimensions].astype(np.float32)
    return result


def _unit(vector: np.ndarray) -> np.ndarray:
    result: np.ndarray = vector / max(1e-9, float(np.linalg.norm(vector)))
    return result


def _rarities(told: Sequence[Told]) -> np.ndarray:
    pages = np.zeros(2**BITS)
    for page in told:
        own = {word for words in (page.content, *page.words.values()) for word in words}
        pages[list({int(buckets([word])[0]) for word in own})] += 1
    rarity = np.log((len(told) + 1) / (pages + 1))
    result: np.ndarray = np.minimum(255, np.round(np.maximum(0, rarity) * RARITY_UNIT)).astype(np.uint8)
    return result


def _student(
    strings: list[str], targets: np.ndarray, of_words: tuple[list[str], np.ndarray], mean: np.ndarray, basis: np.ndarray, rarity: np.ndarray
) -> WordVectors:
    from scipy.sparse import vstack

    words, vectors = of_words
    rows = [_hashed([words_of(text) for text in strings])]
    if words:
        rows.append(_hashed([words_of(word) for word in words]) * np.float32(_WORD_WEIGHT))
        more = (vectors.astype(np.float32) - mean) @ basis[:, :DIMENSIONS] * np.float32(_WORD_WEIGHT)
        targets = np.concatenate([targets, more])
    weights = _ridge(vstack(rows).tocsr(), targets.astype(np.float32))
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    return WordVectors(np.round(weights / scale).astype(np.int8), scale.astype(np.float32), rarity)


def _hashed(texts: list[list[str]]) -> Any:
    from scipy.sparse import csr_matrix

    places = [buckets(words) for words in texts]
    values = np.concatenate([np.full(len(own), 1.0 / np.sqrt(max(1, len(own))), dtype=np.float32) for own in places])
    starts = np.concatenate([[0], np.cumsum([len(own) for own in places])])
    joined = np.concatenate(places).astype(np.int32)
    return csr_matrix((values, joined, starts), shape=(len(texts), 2**BITS))


def _ridge(rows: Any, targets: np.ndarray) -> np.ndarray:
    """Weights of (X'X + ridge) W = X'Y by conjugate gradients, all columns at once."""
    turned = rows.T.tocsr()
    weights = np.zeros((rows.shape[1], targets.shape[1]), dtype=np.float32)
    residual = turned @ targets
    direction = residual.copy()
    before = (residual * residual).sum(axis=0)
    for _ in range(_STEPS):
        image = turned @ (rows @ direction) + np.float32(_RIDGE) * direction
        step = before / np.maximum(1e-12, (direction * image).sum(axis=0))
        weights += step * direction
        residual -= step * image
        after = (residual * residual).sum(axis=0)
        direction = residual + after / np.maximum(before, 1e-12) * direction
        before = after
    return weights


# A page's vectors by kind: each a list of (left, right).
Views = dict[str, list[tuple[np.ndarray, np.ndarray]]]


def _student_views(page: Told, words: WordVectors) -> Views:
    names = [name for name, said in page.words.items() if said]
    found = words.vectors([*(page.words[name] for name in names), page.content, *page.chunks])
    parts = {name: vector for name, vector in zip(names, found, strict=False) if not np.isnan(vector[0])}
    chunks = found[len(names) + 1 :]
    return _views(parts, found[len(names)], chunks[~np.isnan(chunks[:, 0])])


def _meaning_views(page: Told, turned: dict[str, np.ndarray]) -> Views:
    vectors = {name: turned[text] for name, text in page.strings.items()}
    chunks = [vector for name, vector in vectors.items() if name == "lead" or name.startswith(CHUNK)]
    own = [*([vectors["headline"]] if "headline" in vectors else []), *chunks]
    content = _unit(np.sum(own, axis=0)) if chunks else np.full(KEPT, np.nan, dtype=np.float32)
    return _views(vectors, content, np.array(chunks).reshape(-1, KEPT))


def _views(parts: dict[str, np.ndarray], content: np.ndarray, chunks: np.ndarray) -> Views:
    found: Views = {}
    if np.isnan(content[0]):
        return found
    home = home_of(parts)
    for name in (*PARTS, "title"):
        if name in parts:
            found[name] = [(parts[name], content)]
    if home is not None:
        found[HOME] = [(home, content)]
    found[OUTWARD] = [(vector, content) for name, vector in parts.items() if name.startswith(OUTBOUND)]
    others = rests(chunks) if len(chunks) > 2 else chunks[:0]
    found[CHUNKED] = list(zip(chunks, others, strict=False))
    blocks = [parts[name] for name in _BLOCKS if name in parts]
    found[BLOCK] = [*((block, content) for block in blocks), *found[CHUNKED], *found[OUTWARD]]
    if home is not None:
        left = [block for name, block in parts.items() if name in _BLOCKS and name not in HOME_PARTS]
        found[BLOCK_HOME] = [(block, home) for block in (*left, *chunks)]
    return found


def _pairing(told: Sequence[Told], views: list[Views], dimensions: int, shrunk: float) -> Pairing:
    pages = Counter(page.group for page in told)
    coordinates = min(_COORDINATES, dimensions)
    shape = (len(KINDS), coordinates, dimensions)
    means = np.zeros((2, len(KINDS), dimensions), dtype=np.float32)
    left, right = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    correlation = np.zeros(shape[:2], dtype=np.float32)
    for index, kind in enumerate(KINDS):
        pairs = [(x, y, page.group, len(own)) for page, view in zip(told, views, strict=True) if (own := view.get(kind)) for x, y in own]
        if len(pairs) < _MIN_PAIRS:
            continue
        x, y = np.stack([pair[0] for pair in pairs]).astype(np.float64), np.stack([pair[1] for pair in pairs]).astype(np.float64)
        weights = np.array([1.0 / np.sqrt(pages[group]) / number for _, _, group, number in pairs])
        weights /= weights.sum()
        means[0, index], means[1, index] = weights @ x, weights @ y
        left[index], right[index], correlation[index] = _canonical(x - weights @ x, y - weights @ y, weights, coordinates, shrunk)
    return Pairing(KINDS, means[0], means[1], left, right, correlation)


def _canonical(
    x: np.ndarray, y: np.ndarray, weights: np.ndarray, coordinates: int, shrunk: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Directions (coordinates, dimensions) of both sides and their correlations, of centred rows under weights that sum to one."""

    def whitening(rows: np.ndarray) -> np.ndarray:
        covariance = (rows * weights[:, None]).T @ rows
        size = len(covariance)
        covariance = (1 - shrunk) * covariance + shrunk * np.trace(covariance) / size * np.eye(size)
        result: np.ndarray = np.linalg.inv(np.linalg.cholesky(covariance))
        return result

    of_x, of_y = whitening(x), whitening(y)
    u, correlation, v = np.linalg.svd(of_x @ ((x * weights[:, None]).T @ y) @ of_y.T)
    return u[:, :coordinates].T @ of_x, v[:coordinates] @ of_y, np.minimum(correlation[:coordinates], _LARGEST)
