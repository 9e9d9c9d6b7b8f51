"""Fit the n-gram topic model on what the project wrote: term tables, spam passages, host identities. No corpus page is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from detector.features.distributions import NONE_TOPIC, TOPICS
from detector.features.ngrams import BITS, TopicModel, hashed
from detector.terms import languages_of, read_table
from detector.training.banks import Bank

_KIND_TOPIC = {"casino": "gambling", "betting": "gambling", "lottery": "gambling", "streaming": "piracy"}
# Markers that are plain boilerplate: the null class.
_PLAIN = frozenset(
    [
        "home",
        "about",
        "contact",
        "news",
        "login",
        "register",
        "sitemap",
        "search",
        "share",
        "comments",
        "related",
        "hot",
        "tags",
        "category",
        "copyright",
        "byline",
        "dateline",
        "source",
        "photo",
        "breadcrumb",
        "readmore",
        "previous",
        "next",
        "cookie",
        "products",
    ]
)
_REGULARISATION = 3e-6
_EPOCHS = 14
_CAPTION = re.compile(r"[.!?。！？]\s*")


def examples(bank: Bank) -> Iterator[tuple[str, str]]:
    """(text, topic) pairs."""
    for language in languages_of("topics"):
        for topic, term in read_table(f"topics/{language}.tsv"):
            yield term, topic
    for language in languages_of("domains"):
        for topic, word in read_table(f"domains/{language}.tsv"):
            yield word, topic
    for term, topic in read_table("brands.tsv"):
        yield term, topic
    for language in languages_of("markers"):
        for category, term in read_table(f"markers/{language}.tsv"):
            if category in _PLAIN:
                yield term, NONE_TOPIC
    for passage in bank.passages:
        topic = _KIND_TOPIC.get(passage.kind, passage.kind)
        if topic not in TOPICS:
            continue
        yield passage.title, topic
        yield passage.owner, topic
        yield " ".join(passage.anchors), topic
        for anchor in passage.anchors:
            yield anchor, topic
        for piece in _pieces(passage.text):
            yield piece, topic
    for identity in bank.identities:
        if identity.topic not in TOPICS or identity.is_press:
            continue
        yield identity.name, identity.topic
        yield identity.tagline, identity.topic
        yield " ".join(identity.products), identity.topic
        for product in (*identity.products, *identity.headlines):
            yield product, identity.topic
        for piece in _pieces(f"{identity.about}\n\n{identity.article}"):
            yield piece, identity.topic
        for label in identity.nav:
            yield label, NONE_TOPIC
        yield " ".join(identity.nav), NONE_TOPIC


def _pieces(text: str) -> Iterator[str]:
    for paragraph in text.split("\n"):
        if len(paragraph.strip()) >= 20:
            yield paragraph
            for sentence in _CAPTION.split(paragraph):
                if len(sentence) >= 25:
                    yield sentence


def fit(bank: Bank, seed: int, epochs: int) -> TopicModel:
    """One-against-rest logistic regression by stochastic gradient descent, quantised to int8 a topic."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    names = (*TOPICS, NONE_TOPIC)
    pairs = [(text, topic) for text, topic in examples(bank) if topic in names and text.strip()]
    labels = np.array([names.index(topic) for _, topic in pairs])
    buckets, lengths = hashed([text for text, _ in pairs])
    owner = np.repeat(np.tile(np.arange(len(pairs)), len(lengths)), lengths.reshape(-1))
    counts = np.bincount(owner, minlength=len(pairs))
    values = 1.0 / np.sqrt(np.maximum(counts, 1))[owner]
    matrix = csr_matrix((values, (owner, buckets)), shape=(len(pairs), 2**BITS))
    model = SGDClassifier(
        loss="log_loss", alpha=_REGULARISATION, max_iter=epochs, tol=None, random_state=seed, average=True, class_weight="balanced"
    )
    model.fit(matrix, labels)
    full = np.zeros((len(names), 2**BITS))
    bias = np.full(len(names), -6.0)
    full[model.classes_], bias[model.classes_] = model.coef_, model.intercept_
    scale = np.maximum(np.abs(full).max(axis=1), 1e-9) / 127
    weights = np.round(full / scale[:, None]).astype(np.int8).T.copy()
    return TopicModel(names, weights, scale, bias)


def fit_each(banks: Sequence[Bank], seed: int, workers: int) -> list[TopicModel]:
    """A model for each bank, in worker processes."""
    from joblib import Parallel, delayed

    models: list[TopicModel] = Parallel(n_jobs=workers)(delayed(fit)(bank, seed, _EPOCHS) for bank in banks)
    return models
