"""The endpoints for programs, under /v1."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from detector.service.access import Visitor
from detector.service.context import Context, context_of
from detector.service.pool import page_of
from detector.service.problems import MEDIA_TYPE, Problem
from detector.service.schemas import (
    FEEDBACK,
    PAGE,
    BatchIn,
    BatchOut,
    FeedbackIn,
    Line,
    ListOut,
    ModelOut,
    PageIn,
    ProblemOut,
    StoredOut,
    VerdictOut,
)
from detector.store.records import ID_PATTERN, Filter
from detector.verdict import LABELS


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    about = {"description": "Problem details (RFC 9457)", "content": {MEDIA_TYPE: {"schema": ProblemOut.model_json_schema()}}}
    later = {"Retry-After": {"description": "Seconds until it is worth asking again.", "schema": {"type": "integer", "minimum": 1}}}
    return {status: {**about, "headers": later} if status in (429, 503) else about for status in (401, 403, 421, 503, *statuses)}


def _json_only(request: Request) -> None:
    """A form of another site can send text/plain without asking; it cannot send JSON."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "not-json", "send JSON: Content-Type: application/json")


# Only described here: `Access` reads the header, and takes a session's cookie in its place.
_bearer = HTTPBearer(auto_error=False, description="The service's token; without --token-file (loopback only) none is needed.")


def program(request: Request, _given: Annotated[object, Security(_bearer)]) -> Visitor:
    return context_of(request).access.program(request)


Shared = Annotated[Context, Depends(context_of)]
Who = Annotated[Visitor, Depends(program)]
Id = Annotated[str, Path(pattern=ID_PATTERN, examples=["0193a5b7c2d14e8fa09b7c6d5e4f3a2b"])]
LabelFilter = Annotated[str | None, Query(pattern="^(clean|scraped|hijacked|spam|abstained)$")]
# The token is asked for before a body is looked at.
api = APIRouter(prefix="/v1", dependencies=[Depends(program)])


@api.post("/classify", dependencies=[Depends(_json_only)], responses=problems(400, 408, 413, 415, 422, 429), summary="Judge a page")
async def classify(shared: Shared, page: Annotated[PageIn, Body(examples=[PAGE])]) -> VerdictOut:
    """Judges `html` or `text`; `url` is the page's address, it is never fetched. What cannot be judged abstains with a reason."""
    ids, answers = await shared.judge([page_of(page.html, page.text, page.url, page.id)])
    return VerdictOut(verdict_id=ids[0], **answers[0].verdict)


@api.post(
    "/classify:batch", dependencies=[Depends(_json_only)], responses=problems(400, 408, 413, 415, 422, 429), summary="Judge up to 64 pages"
)
async def classify_batch(shared: Shared, batch: Annotated[BatchIn, Body(examples=[{"pages": [PAGE]}])]) -> BatchOut:
    """All pages are judged and kept, or the whole batch is refused; verdicts come in the order of the pages."""
    ids, answers = await shared.judge([page_of(page.html, page.text, page.url, page.id) for page in batch.pages])
    return BatchOut(verdicts=[VerdictOut(verdict_id=id, **answer.verdict) for id, answer in zip(ids, answers, strict=True)])


@api.get("/verdicts", responses=problems(422), summary="List verdicts, newest first")
async def verdicts(
    shared: Shared,
    label: LabelFilter = None,
    host: Annotated[str | None, Line, Query(max_length=255, description="A host; its subdomains are listed too.")] = None,
    min_probability: Annotated[float | None, Query(ge=0, le=1)] = None,
    max_probability: Annotated[float | None, Query(ge=0, le=1)] = None,
    decided: Annotated[bool | None, Query(description="Whether a person has decided.")] = None,
    before: Annotated[str | None, Query(pattern=ID_PATTERN, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ListOut:
    """Verdicts that fit every condition given."""
    which = Filter(label, host, min_probability, max_probability, decided, before, limit)
    found = await run_in_threadpool(shared.store.find, which)
    rows = [StoredOut(**row.to_dict()) for row in found]
    return ListOut(verdicts=rows, next=found[-1].verdict_id if len(found) == limit else None)


@api.get("/verdicts/{verdict_id}", responses=problems(404, 422), summary="One verdict and what was said of it")
async def verdict(shared: Shared, verdict_id: Id) -> StoredOut:
    """With every correction, those taken back too."""
    return StoredOut(**(await shared.get(verdict_id)).to_dict())


@api.post(
    "/verdicts/{verdict_id}/feedback",
    dependencies=[Depends(_json_only)],
    responses=problems(400, 404, 408, 413, 415, 422),
    summary="Confirm or correct a verdict",
)
async def feedback(shared: Shared, who: Who, verdict_id: Id, said: Annotated[FeedbackIn, Body(examples=[FEEDBACK])]) -> StoredOut:
    """Adds what a person says the page is; the newest counts, the older stay in the history."""
    return StoredOut(**(await shared.correct(verdict_id, said.label, said.note, who.name)).to_dict())


@api.delete("/verdicts/{verdict_id}/feedback", responses=problems(404, 422), summary="Take the newest feedback back")
async def undo(shared: Shared, who: Who, verdict_id: Id) -> StoredOut:
    """The one before counts again; what was taken back stays in the history."""
    return StoredOut(**(await shared.undo(verdict_id, who.name)).to_dict())


@api.get("/model", responses=problems(), summary="The model that answers")
async def model(shared: Shared) -> ModelOut:
    """Its name, operating points with their measured rates, and what it was made from."""
    about = shared.pool.about
    manifest = about.manifest
    points: dict[str, Any] = {
        name: {**manifest["operating_points"].get(name, {}), "threshold": at} for name, at in about.operating_points.items()
    }
    return ModelOut(
        model=about.model,
        operating_point=shared.settings.operating_point,
        operating_points=points,
        labels=[str(label) for label in LABELS],
        features=len(manifest["schema"]),
        training_digest=manifest.get("training_digest"),
        corpus_digest=manifest.get("corpus_digest"),
        libraries=manifest.get("libraries") or {},
        settings=manifest.get("settings") or {},
    )
