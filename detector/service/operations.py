"""For whoever runs the service: is it alive, may it get work, what has it done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from detector.service.api import Shared, problems, program
from detector.service.problems import Problem

operations = APIRouter()
_TEXT = "text/plain; version=0.0.4; charset=utf-8"


@operations.head("/healthz", include_in_schema=False)
@operations.get("/healthz", summary="The process answers")
async def healthz() -> dict[str, str]:
    """Whether to restart it: anything but an answer says so."""
    return {"status": "ok"}


@operations.head("/readyz", include_in_schema=False)
@operations.get("/readyz", summary="It can judge and keep", responses={503: problems()[401]})
async def readyz(shared: Shared) -> dict[str, str | int]:
    """Whether to send it work: 503 while it drains, without a worker that can judge, or without its store."""
    if shared.draining or not shared.pool.able:
        raise Problem(503, "not-ready", "the service is ending" if shared.draining else "no worker has its model loaded")
    try:
        await run_in_threadpool(shared.store.check)
    except SQLAlchemyError as error:
        raise Problem(503, "not-ready", "the store does not answer") from error
    return {"status": "ready", "workers": shared.pool.able}


@operations.get("/metrics", summary="Counts for Prometheus", response_class=Response, responses=problems())
async def metrics(shared: Shared, _who: Annotated[object, Depends(program)]) -> Response:
    """The text format; needs the token where one is set."""
    return Response(shared.metrics.text(), media_type=_TEXT)
