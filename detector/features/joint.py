"""All parts of a page read at once: a small neural network over their vectors.

A likelihood ratio (`matcher`) says of each part alone how well it goes with the main text. That an interview does not belong to a house that
sells tiles, and does to one that prints a magazine, needs both sides and what each of them is: the network sees the vectors of identity,
menu, lists, title, main text, hidden text and outbound links, and their products with the main text. Fitted by `detector.training.joint`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

# What is read, and of which parts each is the mean; `home` and `content` are given whole.
PLACES = ("home", "menu", "lists", "title", "content", "hidden", "outward", "name")
_PARTS = {
    "menu": ("nav", "breadcrumb"), "lists": ("related", "products", "previous", "next", "tags"), "title": ("title",), "hidden": ("hidden",),
    "name": ("site", "domain", "owner"),
}  # fmt: skip
_WITH_CONTENT = tuple(PLACES.index(name) for name in ("home", "menu", "lists", "title", "name"))
_CONTENT = PLACES.index("content")
# A unit vector's coordinates are near an eighth; the network learns fastest from inputs near one. A product of two such is halved for the same end.
_SCALE, _HALF = 8.0, 0.5
# Log-odds beyond which more says no more.
MOST = 20.0


def views_of(
    parts: Mapping[str, np.ndarray], home: np.ndarray | None, content: np.ndarray | None, outward: str, dimensions: int
) -> np.ndarray:
    """Unit vectors by place, float32 (PLACES, dimensions), NaN where a page has nothing there; `outward` is how the names of links that leave begin."""
    result = np.full((len(PLACES), dimensions), np.nan, dtype=np.float32)
    found = {name: [parts[part] for part in own if part in parts] for name, own in _PARTS.items()}
    found["outward"] = [vector for name, vector in parts.items() if name.startswith(outward)]
    for place, name in enumerate(PLACES):
        whole = {"home": home, "content": content}.get(name)
        vectors = [whole] if whole is not None else found.get(name, [])
        if vectors:
            total = np.sum(vectors, axis=0)
            result[place] = total / max(1e-9, float(np.linalg.norm(total)))
    return result


def inputs_of(views: np.ndarray) -> np.ndarray:
    """What the network is given for views (n, PLACES, dimensions): coordinates, products with the main text, what is missing; float32 (n, inputs)."""
    missing = np.isnan(views[:, :, 0]).astype(np.float32)
    known = np.nan_to_num(views.astype(np.float32)) * np.float32(_SCALE)
    products = known[:, _WITH_CONTENT] * known[:, _CONTENT, None] * np.float32(_HALF)
    return np.concatenate([known.reshape(len(views), -1), products.reshape(len(views), -1), missing], axis=1)


def inputs(dimensions: int) -> int:
    """How many numbers `inputs_of` makes of one page."""
    return (len(PLACES) + len(_WITH_CONTENT)) * dimensions + len(PLACES)


@dataclass(frozen=True, slots=True)
class Joint:
    """One hidden layer of rectified units: `hidden` (inputs, units), `hidden_bias` (units,), `output` (units,), `bias` (1,), float32 of half precision's values."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    bias: np.ndarray

    def odds(self, views: np.ndarray) -> np.ndarray:
        """Log-odds that the page is bad, float64 (n,), for views (n, PLACES, dimensions); NaN without a main text."""
        rows = inputs_of(views)
        units = np.maximum(0.0, rows @ self.hidden + self.hidden_bias)
        result: np.ndarray = np.clip((units @ self.output + self.bias[0]).astype(np.float64), -MOST, MOST)
        result[np.isnan(views[:, _CONTENT, 0])] = np.nan
        return result
