"""All families in order, and the row they make. A new family is a new file and a line here."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from detector.features import (
    address,
    affinity,
    attribution,
    coherence,
    generation,
    identity,
    intrusion,
    language,
    links,
    obfuscation,
    solicitation,
    structure,
    topics,
    voice,
)
from detector.features.base import Family, FeatureSpec, Witness
from detector.features.embedding import Embedder
from detector.features.reading import Reading

FAMILIES: tuple[Family, ...] = tuple(
    Family(module.NAME, module.SPECS, module.extract)
    for module in (
        structure,
        language,
        address,
        identity,
        topics,
        links,
        attribution,
        solicitation,
        obfuscation,
        generation,
        voice,
        affinity,
        intrusion,
        coherence,
    )
)
SCHEMA: tuple[FeatureSpec, ...] = tuple(spec for family in FAMILIES for spec in family.specs)
NAMES: tuple[str, ...] = tuple(spec.name for spec in SCHEMA)
FAMILY_COLUMNS: dict[str, np.ndarray] = {
    family.name: np.array([index for index, name in enumerate(NAMES) if name.split(".", 1)[0] == family.name]) for family in FAMILIES
}
# Counts have no end on a hostile page (ten thousand picture credits): beyond its spec's range a count in decades stands at the range's end.
_MOST = np.array([spec.high if spec.unit == "log10" else np.inf for spec in SCHEMA])
# A family's values in the order of its specs, in one look-up.
_IN_ORDER = {family.name: itemgetter(*(spec.name for spec in family.specs)) for family in FAMILIES}


@dataclass(frozen=True, slots=True)
class Row:
    """`values` float64 (features,) in the order of SCHEMA, NaN where unknown; `witnesses` of all families."""

    values: np.ndarray
    witnesses: tuple[Witness, ...]


def extract_row(reading: Reading) -> Row:
    """Run every family over a document. What the reading has no encoder or block model for is NaN."""
    reading.foresee([*reading.part_strings.values(), *reading.once(identity.topic_strings), *reading.once(links.topic_strings)])
    values: list[float] = []
    witnesses: list[Witness] = []
    for family in FAMILIES:
        result = family.extract(reading)
        values += _IN_ORDER[family.name](result.values)
        witnesses.extend(result.witnesses)
    return Row(np.minimum(np.array(values, dtype=np.float64), _MOST), tuple(witnesses))


def read_meaning(row: Row, reading: Reading, embedder: Embedder) -> Row:
    """The row with the second tier's family, `coherence`, read with the encoder; the other families stay as they are."""
    reading.embedder = embedder
    result = coherence.extract(reading)
    values = row.values.copy()
    values[FAMILY_COLUMNS[coherence.NAME]] = _IN_ORDER[coherence.NAME](result.values)
    return Row(values, row.witnesses + result.witnesses)
