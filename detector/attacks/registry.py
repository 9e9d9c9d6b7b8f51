"""All attacks in order. A new one is a new file and a line here."""

from __future__ import annotations

from detector.attacks import (
    buried,
    domain_words,
    hidden_honest,
    homoglyphs,
    images,
    json_ld,
    letter_spacing,
    no_footer,
    scripted,
    site_name,
    split_blocks,
    stuffing,
    translated,
    zero_width,
)
from detector.attacks.base import Attack
from detector.attacks.honest import TOOLS

ATTACKS: tuple[Attack, ...] = tuple(
    module.ATTACK
    for module in (
        homoglyphs,
        zero_width,
        letter_spacing,
        images,
        hidden_honest,
        stuffing,
        split_blocks,
        translated,
        no_footer,
        json_ld,
        site_name,
        domain_words,
        buried,
        scripted,
    )
)
# Those that a model may be trained on; the other half is for measuring only.
FOR_TRAINING: tuple[Attack, ...] = tuple(attack for attack in ATTACKS if attack.training)
TOOLS_FOR_TRAINING: tuple[Attack, ...] = tuple(tool for tool in TOOLS if tool.training)

__all__ = ["ATTACKS", "FOR_TRAINING", "TOOLS", "TOOLS_FOR_TRAINING"]
