"""Text from a stranger's page, made safe to print: no control sequence reaches the terminal."""

from __future__ import annotations

import unicodedata

# Cc: escape sequences; Cf: direction overrides and zero-width signs; Cs: what no encoding can write; Zl, Zp: line breaks.
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: str) -> str:
    """One line: white space becomes a blank, every other control or format character U+FFFD."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if character.isspace() else "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in _UNPRINTABLE else character
        for character in text
    )
