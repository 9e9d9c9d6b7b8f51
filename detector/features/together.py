"""What the network over all parts rests on where no part stands out alone: the part without which it would think best of the page.

It is asked once a page that somebody is shown, never for the row: the trees know what the network says (`affinity.joint`).
"""

from __future__ import annotations

import numpy as np

from detector.features.affinity import NAME, PARTS, home_of, placed, spoken
from detector.features.base import Witness
from detector.features.joint import views_of
from detector.features.meanings import OUTBOUND
from detector.features.reading import Reading
from detector.features.wording import both_sides, first_words
from detector.features.wordvectors import DIMENSIONS

_NAMED = {
    "site": "site name", "domain": "domain's name", "owner": "copyright holder", "nav": "navigation", "breadcrumb": "breadcrumb", "footer": "footer",
    "tags": "tag list", "related": "list of related links", "products": "product list", "previous": "previous link", "next": "next link",
    "hidden": "hidden text",
}  # fmt: skip
# As other parts that only a network or an encoder finds strange (`coherence`).
_STRENGTH = 0.3


def least_fitting(reading: Reading) -> Witness | None:
    """The part that speaks most against the page in the eyes of the network over all parts, one that can be quoted from the text before
    others; None where it has no main text, or no part beside it.
    """
    matcher = reading.matcher
    if matcher is None or matcher.joint_words is None:
        return None
    found, vectors = reading.once(spoken), reading.once(placed)
    names = [name for name in PARTS if name in vectors.parts]
    if vectors.content is None or not names:
        return None
    fewer = [{name: vector for name, vector in vectors.parts.items() if name != gone} for gone in names]
    views = [views_of(parts, home_of(parts), vectors.content, OUTBOUND, DIMENSIONS) for parts in fewer]
    without = matcher.joint_words.odds(np.stack(views)).tolist()
    name, _ = min(zip(names, without, strict=True), key=lambda left: (found.said[left[0]].source != "text", left[1]))
    saying = found.said[name]
    own, page = both_sides(reading, saying.text)
    told = f"of all parts the {_NAMED[name]} {first_words(saying.text)}{f', which {own},' if own else ''} goes least with the page, which {page}"
    quote = saying.quote if saying.source == "text" else saying.quote[:200]
    return Witness(f"{NAME}.least-fitting", saying.source, saying.role, quote, saying.start, saying.end, _STRENGTH, told)
