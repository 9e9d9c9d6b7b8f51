"""What every request passes before and after its endpoint: Host and Origin, size and time of the body, security headers, access log.

Plain ASGI: a middleware that sees the body's parts as they arrive can refuse them before they are in memory.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from detector.service.metrics import Metrics
from detector.service.problems import Problem
from detector.service.settings import Settings

# Nothing but the service's own files; no frame around it, no form to elsewhere, no base to bend its links.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    # Not no-referrer: a browser would then give `null` as the Origin of this service's own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Where the OpenAPI document is.
SCHEMA = "/openapi.json"
_UNSAFE = frozenset(("POST", "PUT", "PATCH", "DELETE"))


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._names = settings.host_names()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        sent = 0

        body = _Body(receive, self._settings)

        async def tell(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if "cache-control" not in headers:
                    # Pages are people's business; the service's own files are asked after, and not sent again.
                    headers["cache-control"] = "no-cache" if scope["path"].startswith("/static/") else "no-store"
                if scope["app"].state.context.draining:
                    headers["connection"] = "close"
            else:
                sent += len(message.get("body", b""))
            await send(message)

        async def answer(message: Message) -> None:
            if body.problem is None:
                await tell(message)
            elif message["type"] == "http.response.start":
                # Whatever the endpoint made of the missing rest: why it is missing is the answer.
                await body.problem.response()(scope, receive, tell)

        try:
            refusal = self._refusal(scope)
            if refusal is not None:
                await refusal.response()(scope, receive, tell)
            else:
                await self._app(scope, body.receive, answer)
        finally:
            self._note(scope, status, started, body.received, sent)

    def _refusal(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._names:
            return Problem(421, "wrong-host", "this service does not answer under that name; start it with --allow-host NAME")
        if scope["method"] in _UNSAFE:
            origin = headers.get("origin")
            if headers.get("sec-fetch-site") == "cross-site" or (origin is not None and urlsplit(origin).netloc.lower() != host.lower()):
                return Problem(
                    403, "cross-site", "requests that change something are taken from this service's own pages and from programs only"
                )
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._settings.max_body:
            return _too_large(self._settings.max_body)
        return None

    def _note(self, scope: Scope, status: int, started: float, received: int, sent: int) -> None:
        seconds = time.perf_counter() - started
        route = _route(scope)
        self._metrics.requested(scope["method"] if scope["method"] in _UNSAFE | {"GET", "HEAD"} else "other", route, status, seconds)
        # The route, not the address: that may hold what somebody searches for.
        line: dict[str, Any] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": (scope.get("client") or ("-",))[0],
            "method": scope["method"],
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "received": received,
            "sent": sent,
            "who": scope.get("state", {}).get("who", "-"),
        }
        print(json.dumps(line), file=sys.stderr, flush=True)


class _Body:
    """Counts what arrives and how long it takes.

    Raises:
        Problem: 413 or 408, from within the endpoint that reads.
    """

    def __init__(self, receive: Receive, settings: Settings) -> None:
        self._receive = receive
        self._settings = settings
        self._until = time.monotonic() + settings.body_seconds
        self._whole = False
        self.received = 0
        self.problem: Problem | None = None

    async def receive(self) -> Message:
        # After the body there is only the client's leaving to wait for.
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout(max(0.0, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError:
            seconds = self._settings.body_seconds
            detail = f"the request took more than {seconds:g} seconds to arrive"
            self.problem = Problem(408, "slow-request", detail, {"connection": "close"})
            raise self.problem from None
        self.received += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self.received > self._settings.max_body:
            self.problem = _too_large(self._settings.max_body)
            raise self.problem
        return message


def _route(scope: Scope) -> str:
    """The route's pattern; FastAPI notes it for its own endpoints only."""
    noted: str | None = getattr(scope.get("route"), "path", None)
    if noted is not None:
        return noted
    path: str = scope["path"]
    if path == SCHEMA:
        return path
    return "/static" if path.startswith("/static/") else "unknown"


def _too_large(limit: int) -> Problem:
    return Problem(
        413, "too-large", f"the request is larger than {limit:,} bytes; send fewer pages, or a part of the page", {"connection": "close"}
    )


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]
