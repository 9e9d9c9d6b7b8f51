"""What goes into the store and comes out of it: frozen records, no database in sight."""

from __future__ import annotations

import base64
import json
import os
import time
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Submission:
    """A page as submitted, and as read.

    Attributes:
        body: the page; bytes keep their own charset.
        is_text: plain text, not HTML.
        text: the text that evidence points into.
        blocks: (start, end, role, why it is hidden or None) of each block, in the order of the page.
    """

    body: str | bytes
    is_text: bool
    text: str = ""
    blocks: tuple[tuple[int, int, str, str | None], ...] = ()

    def packed(self) -> bytes:
        raw = isinstance(self.body, bytes)
        body = base64.b85encode(self.body).decode() if isinstance(self.body, bytes) else self.body
        content = {"body": body, "raw": raw, "is_text": self.is_text, "text": self.text, "blocks": self.blocks}
        # Lone surrogates are escaped by JSON, so any str survives.
        return zlib.compress(json.dumps(content).encode(), 3)

    @classmethod
    def unpacked(cls, packed: bytes) -> Submission:
        content = json.loads(zlib.decompress(packed))
        body = base64.b85decode(content["body"]) if content["raw"] else content["body"]
        return cls(body, content["is_text"], content["text"], tuple((a, b, role, hidden) for a, b, role, hidden in content["blocks"]))


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict to be kept. `features` are float32 bytes of the row under `schema_digest`; None where the page could not be read."""

    verdict: dict[str, Any]
    shares: dict[str, float]
    host: str
    features: bytes | None = None
    schema_digest: str | None = None
    submission: Submission | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said; `undone_at` is set when it was taken back."""

    label: str
    note: str
    reviewer: str
    created_at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "note": self.note,
            "reviewer": self.reviewer,
            "created_at": self.created_at.isoformat(),
            "undone_at": None if self.undone_at is None else self.undone_at.isoformat(),
            "undone_by": self.undone_by,
        }


@dataclass(frozen=True, slots=True)
class Stored:
    """A verdict as kept, with everything said of it, oldest first."""

    verdict_id: str
    created_at: datetime
    host: str
    verdict: dict[str, Any]
    shares: dict[str, float]
    decided: str | None
    corrections: tuple[Correction, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "verdict_id": self.verdict_id,
            "created_at": self.created_at.isoformat(),
            "decided": self.decided,
            **self.verdict,
            "feedback": [correction.to_dict() for correction in self.corrections],
        }


@dataclass(frozen=True, slots=True)
class Filter:
    """Which verdicts to list, newest first; None leaves a condition out.

    `label` is a label or `abstained`; `host` matches its subdomains too; `decided` asks whether a person has decided; `before` is the id
    that the page before ended with.
    """

    label: str | None = None
    host: str | None = None
    min_probability: float | None = None
    max_probability: float | None = None
    decided: bool | None = None
    before: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Decided:
    """A verdict that a person decided, with what training needs of it."""

    verdict_id: str
    created_at: datetime
    host: str
    url: str | None
    label: str
    features: bytes | None = field(repr=False)
    schema_digest: str | None
    submission: Submission | None = field(repr=False)


# What new_id gives.
ID_PATTERN = r"^[0-9a-f]{32}$"


def new_id() -> str:
    """32 hexadecimal digits: milliseconds since 1970, then chance; ids sort by time."""
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"
