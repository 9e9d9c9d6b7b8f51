"""What the walk does at a node, one look-up each."""

from __future__ import annotations

from detector.page import hints

# Elements without a kind are inline and tell nothing by their name.
INLINE, SKIPPED, IMAGE, BREAK, ANCHOR, BLOCK, TELLING, TEXT, NOTHING = range(9)
_KINDS = (
    dict.fromkeys(hints.KNOWN_TAGS, INLINE)
    | dict.fromkeys(hints.CONTENT_TAGS | frozenset(hints.TAG_ROLES), TELLING)
    | dict.fromkeys(hints.BLOCK_TAGS, BLOCK)
    | dict.fromkeys(hints.SKIPPED_TAGS, SKIPPED)
    | {"img": IMAGE, "br": BREAK, "a": ANCHOR, "-text": TEXT}
)
# Lexbor numbers its own tags from 0; a page's inventions get higher numbers that mean nothing on the next page.
_MAX_TAG_ID = 1_000
KNOWN_IDS: dict[int, tuple[str, int]] = {}


def kind_of(tag: str, tag_id: int) -> tuple[str, int]:
    """(name, kind) of a tag, remembered in `KNOWN_IDS` by its number: Lexbor gives the number at a third of the name's price."""
    kind = _KINDS.get(tag)
    if kind is None:
        kind = NOTHING if not tag or tag[0] in "-_!#" else INLINE
    if tag_id < _MAX_TAG_ID:
        KNOWN_IDS[tag_id] = (tag, kind)
    return tag, kind
