"""What the API takes and gives, as types; the OpenAPI document and its examples come from here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

BATCH = 64
# No database keeps a NUL in its text; nobody's address or note has one.
Line = StringConstraints(pattern=r"^[^\x00]*$")
Bad = Literal["scraped", "hijacked", "spam"]
LabelName = Literal["clean", "scraped", "hijacked", "spam"]

PAGE: dict[str, Any] = {
    "id": "article-17",
    "url": "https://herald.example/news/bridge",
    "html": "<!doctype html><title>Council approves bridge</title><article><h1>Council approves bridge</h1><p>The town council …</p></article>",
}
EVIDENCE: dict[str, Any] = {
    "code": "identity.owner-unrelated",
    "source": "text",
    "role": "copyright",
    "quote": "Buy Gmail accounts",
    "start": 5120,
    "end": 5138,
    "weight": 0.41,
    "message": "the copyright holder is an offer for sale",
}
VERDICT: dict[str, Any] = {
    "verdict_id": "0193a5b7c2d14e8fa09b7c6d5e4f3a2b",
    "id": "article-17",
    "url": "https://herald.example/news/bridge",
    "label": "scraped",
    "flagged": True,
    "flag_probability": 0.993,
    "probabilities": {"clean": 0.007, "scraped": 0.981, "hijacked": 0.004, "spam": 0.008},
    "evidence": [EVIDENCE],
    "abstained": None,
    "partial": None,
    "operating_point": "default",
    "threshold": 0.62,
    "model": "default@2026.11+sha256:0123456789ab",
}
FEEDBACK: dict[str, Any] = {"label": "clean", "note": "the paper's own advertising"}


class PageIn(BaseModel):
    """A page: exactly one of `html` and `text`. `url` is never fetched."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PAGE]})

    html: str | None = None
    text: str | None = None
    url: Annotated[str, Line] | None = Field(None, max_length=8192)
    id: Annotated[str, Line] = Field("", max_length=1024)

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.html is None) == (self.text is None):
            raise ValueError("give exactly one of html and text")
        return self


class BatchIn(BaseModel):
    """Up to 64 pages; all are answered, in order."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"pages": [PAGE]}]})

    pages: list[PageIn] = Field(min_length=1, max_length=BATCH)


class FeedbackIn(BaseModel):
    """What a person says the page is; the verdict's own label confirms it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [FEEDBACK]})

    label: LabelName
    note: Annotated[str, Line] = Field("", max_length=2000)


class EvidenceOut(BaseModel):
    """One observation; `start` and `end` are code points into the page's text, null unless `source` is `text`."""

    code: str
    source: Literal["text", "address", "head", "attribute"]
    role: str
    quote: str
    start: int | None
    end: int | None
    weight: float
    message: str


class VerdictOut(BaseModel):
    """The answer for one page; null label and probabilities when abstained: neither yes nor no."""

    model_config = ConfigDict(json_schema_extra={"examples": [VERDICT]})

    verdict_id: str
    id: str
    url: str | None
    label: LabelName | None
    flagged: bool | None
    flag_probability: float | None = Field(ge=0, le=1)
    probabilities: dict[str, float] | None
    evidence: list[EvidenceOut]
    abstained: str | None
    partial: str | None
    operating_point: str
    threshold: float
    model: str


class BatchOut(BaseModel):
    verdicts: list[VerdictOut]


class FeedbackOut(BaseModel):
    """What a person said, and whether it was taken back."""

    label: LabelName
    note: str
    reviewer: str
    created_at: datetime
    undone_at: datetime | None
    undone_by: str | None


class StoredOut(VerdictOut):
    """A verdict as kept; `decided` is the label that a person gave, null while nobody has."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**VERDICT, "created_at": "2026-11-23T12:00:00Z", "decided": None, "feedback": []}]}
    )

    created_at: datetime
    decided: LabelName | None
    feedback: list[FeedbackOut]


class ListOut(BaseModel):
    """Newest first; `next` goes into `before` for the page after, null on the last."""

    verdicts: list[StoredOut]
    next: str | None


class PointOut(BaseModel):
    """An operating point: its threshold, and the rates measured on validation pages where the model's card has them."""

    model_config = ConfigDict(extra="allow")

    threshold: float


class ModelOut(BaseModel):
    """The model that answers."""

    model: str
    operating_point: str
    operating_points: dict[str, PointOut]
    labels: list[str]
    features: int
    training_digest: str | None
    corpus_digest: str | None
    libraries: dict[str, str | None]
    settings: dict[str, Any]


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
