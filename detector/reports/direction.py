"""Bidirectional control characters of a stranger's page, shown instead of obeyed: they would have evidence read backwards."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

_NAMES = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
_PLAIN = {ord(control): f"[{name}]" for control, name in _NAMES.items()}
# Isolated, and so without a say in which way the page's own words run.
_MARKED = {ord(control): f'<bdi class="control">[{name}]</bdi>' for control, name in _NAMES.items()}


def plain(value: Any) -> Any:
    """The value with `[RLO]` for U+202E and so on, if it is a string: for titles and attributes, which hold no elements."""
    return value.translate(_PLAIN) if isinstance(value, str) else value


def marked(text: str) -> Markup:
    """The page's words as HTML, each control an element of its own; nothing else of them is markup."""
    # What translate puts in is not escaped again: the words were escaped before.
    return Markup(str(escape(text)).translate(_MARKED))
