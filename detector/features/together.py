"""What the network over all parts rests on where no passage decides alone: the part without which the parts would go together better.

It is asked at the verdict, of pages that some operating point would flag, and never for the row: the trees know what the network says
(`affinity.joint`).
"""

from __future__ import annotations

import numpy as np

from detector.features.affinity import NAME, PARTS, home_of, placed, spoken
from detector.features.base import Witness
from detector.features.joint import views_of
from detector.features.meanings import OUTBOUND
from detector.features.names import PART_NAMES
from detector.features.reading import Reading
from detector.features.wording import both_sides, first_words
from detector.features.wordvectors import DIMENSIONS

# As other parts that only a network or an encoder finds strange (`coherence`).
_STRENGTH = 0.3
# Nats. A tenth moves a probability by 2.5 points at the most.
_TELLS = 0.1


def least_fitting(reading: Reading) -> Witness | None:
    """The part whose absence lets the network over all parts think most better of the page, one in the text if there is such a one. None where
    no part's absence does noticeably, or where the page has no main text.
    """
    matcher = reading.matcher
    if matcher is None or matcher.joint_words is None:
        return None
    found, vectors = reading.once(spoken), reading.once(placed)
    names = [name for name in PARTS if name in vectors.parts]
    if vectors.content is None or not names:
        return None
    fewer = [{name: vector for name, vector in vectors.parts.items() if name != gone} for gone in (None, *names)]
    views = [views_of(parts, home_of(parts), vectors.content, OUTBOUND, DIMENSIONS) for parts in fewer]
    whole, *without = matcher.joint_words.odds(np.stack(views)).tolist()
    better = [(found.said[name].source != "text", odds, name) for name, odds in zip(names, without, strict=True) if odds < whole - _TELLS]
    if not better:
        return None
    *_, name = min(better)
    saying = found.said[name]
    own, page = both_sides(reading, saying.text)
    told = f"the {PART_NAMES[name]} {first_words(saying.named)}{f', which {own}' if own else ''}; the page {page}"
    message = f"no passage decides alone; the parts would go together better without {told}"
    return Witness(f"{NAME}.least-fitting", saying.source, saying.role, saying.shown, saying.start, saying.end, _STRENGTH, message)
