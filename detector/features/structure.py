"""How is the page built? Shares of text and links by role. Nothing that tells age, generator or storage (scripts, depth)."""

from __future__ import annotations

from collections import Counter

from detector.features.base import MISMATCH, FamilyResult, Witness, log_count, mismatch, ratio, specs
from detector.features.reading import Reading

NAME = "structure"
_SHARED_ROLES = ("body", "nav", "footer", "related", "products", "comments", "other", "form", "ads", "tags")
SPECS = specs(
    NAME,
    [
        ("characters", "log10", 0, 8, "visible text, in code points"),
        ("blocks", "log10", 0, 6, "visible blocks"),
        ("links", "log10", 0, 6, "links with text"),
        ("link_density", "share", 0, 1, "linked characters of all visible ones"),
        ("body_link_density", "share", 0, 1, "linked characters of the main text"),
        ("body_blocks", "log10", 0, 6, "blocks of the main text"),
        ("body_block_length", "log10", 0, 7, "mean length of a block of the main text"),
        ("repeated_blocks", "share", 0, 1, "blocks of 20 characters or more whose text stands there before"),
        ("empty_elements", "share", 0, 1, "elements without content of all elements; HTML only"),
        ("images_per_paragraph", "log10", 0, 6, "images for each paragraph; HTML only"),
        ("has_headline", "flag", 0, 1, "a headline block was found"),
        ("has_title", "flag", 0, 1, "the head has a title; HTML only"),
        ("has_copyright", "flag", 0, 1, "a copyright line was found"),
        ("has_prevnext", "flag", 0, 1, "previous or next links were found"),
        ("is_text", "flag", 0, 1, "plain text, no markup"),
        *((f"{role}_share", "share", 0, 1, f"characters in role {role} of all visible ones") for role in _SHARED_ROLES),
        MISMATCH,
    ],
)


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    visible = reading.visible
    by_role: Counter[str] = Counter()
    linked = body_linked = body_blocks = counted = 0
    seen: set[str] = set()
    repeated = []
    for block in visible:
        start, end, role, _, _, _, block_linked, _ = block
        characters = end - start
        by_role[role] += characters
        linked += block_linked
        if role == "body":
            body_blocks += 1
            body_linked += block_linked
        if characters >= 20:
            counted += 1
            text = document.text[start:end]
            if text in seen:
                repeated.append(block)
            seen.add(text)
    total = by_role.total()
    body_characters = by_role["body"]
    is_html = document.kind == "html"
    build = document.build
    values = {
        "characters": log_count(total),
        "blocks": log_count(len(visible)),
        "links": log_count(len(document.links)),
        "link_density": ratio(linked, total),
        "body_link_density": ratio(body_linked, body_characters),
        "body_blocks": log_count(body_blocks),
        "body_block_length": log_count(body_characters / body_blocks) if body_blocks else float("nan"),
        "repeated_blocks": ratio(len(repeated), counted),
        "empty_elements": ratio(build.empty_elements, build.elements) if is_html else float("nan"),
        "images_per_paragraph": log_count(build.images / max(1, build.paragraphs)) if is_html else float("nan"),
        "has_headline": float(by_role["headline"] > 0),
        "has_title": float(bool(document.head.title)) if is_html else float("nan"),
        "has_copyright": float(by_role["copyright"] > 0),
        "has_prevnext": float(by_role["prevnext"] > 0),
        "is_text": float(not is_html),
    }
    for role in _SHARED_ROLES:
        values[f"{role}_share"] = ratio(by_role[role] + (by_role["copyright"] if role == "footer" else 0), total)
    witnesses = tuple(
        Witness(
            "structure.repeated-block", "text", block.role, document.quote(block)[:200], block.start, min(block.end, block.start + 200),
            min(0.3, block.characters / 2000), "the same block stands on the page twice",
        )
        for block in repeated[:3]
        if block.role == "body" and block.characters > 80
    )  # fmt: skip
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, witnesses)
