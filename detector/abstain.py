"""When not to answer: too little text, a login wall. Null is neither yes nor no."""

from __future__ import annotations

from detector.features.languages import script_counts
from detector.features.registry import NAMES, Row
from detector.page.document import Document

# About what a person needs to decide (RUBRIC): characters, fewer where a character is a word.
MIN_CHARACTERS = 200
MIN_CHARACTERS_CJK = 60
# A login wall has little else on it.
_WALL_TEXT = 700
_PATH_SPAM = NAMES.index("address.path_spam")
_HOST_SPAM = NAMES.index("address.host_spam")
_HIDDEN_SPAM = NAMES.index("obfuscation.hidden_spam_terms")


def reasons_to_abstain(document: Document, row: Row) -> tuple[str | None, str | None]:
    """(reason if the page is flagged, reason if it is not), each `too-little-text`, `login-wall` or None.

    A short page flagged on its address or hidden text is still answered, and so is a flagged login wall.
    """
    visible = sum(block.characters for block in document.blocks if block.hidden is None)
    counts = script_counts(document.text[:2000])
    cjk = sum(counts[8:11])
    needed = MIN_CHARACTERS_CJK if cjk > 0.4 * max(1, sum(counts[1:])) else MIN_CHARACTERS
    if visible < needed:
        by_itself = bool(row.values[_PATH_SPAM] > 0 or row.values[_HOST_SPAM] > 0 or row.values[_HIDDEN_SPAM] > 0)
        return (None if by_itself else "too-little-text"), "too-little-text"
    return None, "login-wall" if visible < _WALL_TEXT and _is_wall(document) else None


def _is_wall(document: Document) -> bool:
    """A wall's own words, and no prose besides."""
    prose = sum(block.characters for block in document.blocks if block.role == "body" and block.hidden is None and block.words > 12)
    says = any("loginwall" in hit.meaning.markers for hit in document.hits)
    return says and prose < 350
