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
_DETAILS = {404: "there is nothing at this address; check how it is written", 405: "this address does not take {method}"}


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
        phrase = HTTPStatus(error.status_code).phrase
        detail = str(error.detail)
        if detail == phrase:
            detail = _DETAILS.get(error.status_code, detail).format(method=request.method)
        return _answer(request, Problem(error.status_code, phrase.lower().replace(" ", "-"), detail, error.headers))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return _answer(request, _broken_json(error) or _misfit(error))

    @app.exception_handler(SQLAlchemyError)
    async def _store(request: Request, error: SQLAlchemyError) -> Response:
        print(f"detector: the store failed ({type(error).__name__}: {getattr(error, 'orig', None)})", file=sys.stderr, flush=True)
        detail = "the store does not answer, so nothing was kept; ask again"
        return _answer(request, Problem(503, "store-unavailable", detail, {"retry-after": "5"}))

    @app.exception_handler(Exception)
    async def _fault(_request: Request, _error: Exception) -> Response:
        return Problem(500, "internal", "the service failed; its log says where").response()


def _broken_json(error: RequestValidationError) -> Problem | None:
    """Where the body stops being JSON, if it does."""
    for entry in error.errors():
        if entry["type"] == "json_invalid":
            text, at = str(error.body), int(entry["loc"][-1])
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            detail = f"the body is not JSON: {entry['ctx']['error']} at line {line} column {column}"
            return Problem(400, "broken-json", detail, line=line, column=column)
    return None


def _misfit(error: RequestValidationError) -> Problem:
    """Where and what, never the input itself: a problem is logged by proxies, and the input is a page."""
    errors, details = [], []
    for entry in error.errors()[:_MAX_ERRORS]:
        source, *place = entry["loc"]
        detail = entry["msg"].removeprefix("Value error, ")
        # A JSON Pointer (RFC 6901) leads into the body; "" is all of it. Outside the body a parameter has a name.
        pointer = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)
        errors.append({"pointer": pointer, "detail": detail} if source == "body" else {"parameter": pointer[1:], "detail": detail})
        details.append(f"{(pointer if source == 'body' else pointer[1:]) or 'the body'}: {detail}")
    return Problem(422, "invalid-request", "; ".join(details[:3]) or "the request does not fit the schema", errors=errors)
