"""What the arrays of an artefact must look like, so that a forged one is refused when it is loaded and not when a page is judged."""

from __future__ import annotations

import numpy as np

from detector.features import ngrams, wordvectors
from detector.features.affinity import KINDS
from detector.features.distributions import NONE_TOPIC, TOPICS
from detector.features.joint import inputs
from detector.features.wordvectors import DIMENSIONS
from detector.verdict import LABELS

NETWORKS = ("joint_words", "joint_meaning")


def check_shapes(arrays: dict[str, np.ndarray], encoded: int) -> None:
    """Every array has the type, the length and the finite values that evaluation counts on; `encoded` are the dimensions of the encoder's vectors.

    Raises:
        ValueError: one has not.
        KeyError: one is missing.
    """
    classes, topics = len(LABELS), len(TOPICS) + 1
    wanted: dict[str, tuple[str, tuple[int, ...]]] = {
        "calibration.slope": ("f", (classes,)),
        "calibration.intercept": ("f", (classes,)),
        "topics.weights": ("i", (2**ngrams.BITS, topics)),
        "topics.scale": ("f", (topics,)),
        "topics.bias": ("f", (topics,)),
        "topics.names": ("U", (topics,)),
    }
    wanted |= _wanted_of_matcher(arrays, encoded)
    for kind, sums in (("flag", 1), ("kinds", classes - 1), ("blocks", 1)):
        nodes = len(np.atleast_1d(arrays[f"{kind}.feature"]))
        wanted |= {
            f"{kind}.feature": ("i", (nodes,)),
            f"{kind}.threshold": ("f", (nodes,)),
            f"{kind}.left": ("i", (nodes,)),
            f"{kind}.right": ("i", (nodes,)),
            f"{kind}.missing_left": ("b", (nodes,)),
            f"{kind}.value": ("f", (nodes,)),
            f"{kind}.roots": ("i", (len(np.atleast_1d(arrays[f"{kind}.roots"])), sums)),
            f"{kind}.baseline": ("f", (sums,)),
            f"{kind}.depth": ("i", arrays[f"{kind}.depth"].shape),
        }
    for name, (kind, shape) in wanted.items():
        array = arrays[name]
        if array.dtype.kind != kind or array.shape != shape:
            raise ValueError(f"{name} is {array.dtype} of shape {array.shape}")
        if kind == "f" and not name.endswith(".threshold") and not np.isfinite(array).all():
            raise ValueError(f"{name} holds values that are no numbers")
    if tuple(map(str, arrays["topics.names"])) != (*TOPICS, NONE_TOPIC):
        raise ValueError("topics.names are other topics")
    for kind in ("pairing", "meaning"):
        if not set(KINDS) <= set(map(str, arrays[f"{kind}.names"])):
            raise ValueError(f"{kind}.names lacks some of {', '.join(KINDS)}")
        if np.abs(arrays[f"{kind}.correlation"]).max() >= 1.0:
            raise ValueError(f"{kind}.correlation is none below one")


def _wanted_of_matcher(arrays: dict[str, np.ndarray], encoded: int) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Type and shape of the matcher's arrays: any number of kinds, coordinates and dimensions of the encoder's space that agree."""
    kept = arrays["encoder.basis"].shape[-1]
    wanted: dict[str, tuple[str, tuple[int, ...]]] = {
        "words.weights": ("i", (2**wordvectors.BITS, DIMENSIONS)),
        "words.scale": ("f", (DIMENSIONS,)),
        "words.rarity": ("u", (2**wordvectors.BITS,)),
        "encoder.mean": ("f", (encoded,)),
        "encoder.basis": ("f", (encoded, kept)),
    }
    for kind, size in (("pairing", DIMENSIONS), ("meaning", kept)):
        number, coordinates = len(np.atleast_1d(arrays[f"{kind}.names"])), arrays[f"{kind}.correlation"].shape[-1]
        wanted |= {f"{kind}.names": ("U", (number,)), f"{kind}.correlation": ("f", (number, coordinates))}
        wanted |= {f"{kind}.{name}": ("f", (number, size)) for name in ("left_mean", "right_mean")}
        wanted |= {f"{kind}.{name}": ("f", (number, coordinates, size)) for name in ("left", "right")}
    for kind in NETWORKS:
        size = DIMENSIONS if kind.endswith("_words") else kept
        units = len(np.atleast_1d(arrays[f"{kind}.output"]))
        wanted |= {f"{kind}.hidden": ("f", (inputs(size), units)), f"{kind}.bias": ("f", (1,))}
        wanted |= {f"{kind}.{name}": ("f", (units,)) for name in ("hidden_bias", "output")}
    return wanted
