"""The application, assembled: guard, endpoints, review page, and what ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

# FastAPI: checks and the OpenAPI document come from the same types.
from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

import detector
from detector.service import problems, signin
from detector.service.api import api
from detector.service.context import Context
from detector.service.guard import SCHEMA, Guard
from detector.service.operations import operations
from detector.service.pages import problem_page
from detector.service.review import review

_DESCRIPTION = """Does what a web page says belong to the host that says it? Send a page, get a verdict with its evidence.
Errors are RFC 9457 problem details. Addresses are never fetched. Off loopback every request needs `Authorization: Bearer TOKEN`."""


def create_app(context: Context) -> FastAPI:
    """The application around a context, which it closes when it ends."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        tidying = asyncio.create_task(context.tidy_again())
        try:
            yield
        finally:
            context.draining = True
            tidying.cancel()
            context.close()

    # FastAPI's pages for the schema load scripts from elsewhere; the schema itself is not kept back.
    about = {"title": "detector", "version": detector.__version__, "description": _DESCRIPTION}
    app = FastAPI(**about, lifespan=lifespan, openapi_url=SCHEMA, docs_url=None, redoc_url=None)  # type: ignore[arg-type]
    app.state.context = context
    problems.install(app, problem_page)
    app.include_router(api)
    app.include_router(operations)
    app.include_router(review)
    signin.install(app)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    if not context.access.required:
        _without_token(app)
    app.add_middleware(Guard, settings=context.settings, metrics=context.metrics)
    return app


def _without_token(app: FastAPI) -> None:
    """The OpenAPI document then says so: an empty requirement beside the token makes that one an offer."""
    for path in app.openapi()["paths"].values():
        for operation in path.values():
            if "security" in operation:
                operation["security"].append({})
