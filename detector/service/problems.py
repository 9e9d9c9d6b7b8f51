"""Errors as RFC 9457 problem details, and the one way to raise them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_MAX_ERRORS = 20


class Problem(Exception):
    """An answer that is an error. `name` is the last part of its type and never changes; `detail` is for people."""

    def __init__(self, status: int, name: str, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.name = name
        self.detail = detail
        self.headers = headers or {}
        self.more = more

    def body(self) -> dict[str, Any]:
        title = HTTPStatus(self.status).phrase
        return {"type": f"urn:detector:problem:{self.name}", "title": title, "status": self.status, "detail": self.detail, **self.more}

    def response(self) -> Response:
        return Response(json.dumps(self.body()), self.status, dict(self.headers), MEDIA_TYPE)


Page = Callable[[Request, Problem], Response]


def install(app: FastAPI, page: Page) -> None:
    """Every error of the application becomes a problem; `page` shows it to a browser."""

    def _answer(request: Request, error: Problem) -> Response:
        browser = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")
        return page(request, error) if browser else error.response()

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return _answer(request, error)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        name = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return _answer(request, Problem(error.status_code, name, str(error.detail), error.headers))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        # Where and what, never the input itself: a problem is logged by proxies, and the input is a page.
        errors = [{"pointer": "/" + "/".join(map(str, entry["loc"])), "detail": entry["msg"]} for entry in error.errors()[:_MAX_ERRORS]]
        detail = "; ".join(f"{entry['pointer']}: {entry['detail']}" for entry in errors[:3])
        return _answer(request, Problem(422, "invalid-request", detail or "the request does not fit the schema", errors=errors))

    @app.exception_handler(SQLAlchemyError)
    async def _store(request: Request, error: SQLAlchemyError) -> Response:
        print(f"detector: the store failed ({type(error).__name__}: {getattr(error, 'orig', None)})", file=sys.stderr, flush=True)
        detail = "the store does not answer, so nothing was kept; ask again"
        return _answer(request, Problem(503, "store-unavailable", detail, {"retry-after": "5"}))

    @app.exception_handler(Exception)
    async def _fault(_request: Request, _error: Exception) -> Response:
        return Problem(500, "internal", "the service failed; its log says where").response()
