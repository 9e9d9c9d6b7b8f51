"""Who asks: a token in a header for programs; for people a sign-in form, a signed SameSite cookie, and a CSRF token.

Without a token (loopback only) everyone is `local`; a cookie is still set, since the CSRF token hangs on it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from detector.service.problems import Problem
from detector.service.settings import Settings

_COOKIE = "detector_session"
CSRF_HEADER = "x-csrf-token"
LOCAL = "local"
PROGRAM = "api"
SESSION_SECONDS = 12 * 3600
MAX_NAME = 60


def cookie_name(request: Request) -> str:
    """The session's cookie. Browsers send a host's cookies to all of its ports, so the port is in the name: two services on one host would end each
    other's sessions. It is the port that the browser asked for, which a proxy or port 0 leaves unknown to the settings.
    """
    port = request.headers.get("host", "").rpartition(":")[2]
    return f"{_COOKIE}_{port}" if port.isascii() and port.isdecimal() else _COOKIE


@dataclass(frozen=True, slots=True)
class Visitor:
    """`name` is what corrections carry; `csrf` is None for a program."""

    name: str
    csrf: str | None


class Access:
    """Signs and checks. Sessions outlive a restart as long as the token does; without a token they end with the process."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.token
        self._key = hashlib.sha256(b"detector session\0" + (settings.token or secrets.token_hex(32)).encode()).digest()

    @property
    def required(self) -> bool:
        return self._token is not None

    def token_fits(self, given: str) -> bool:
        return self._token is not None and hmac.compare_digest(given.encode("utf-8", "replace"), self._token.encode())

    def visitor(self, request: Request) -> Visitor | None:
        """Who this is, or None when nobody that may come in."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.token_fits(given.strip()):
            return self._noted(request, Visitor(PROGRAM, None))
        session = request.cookies.get(cookie_name(request), "")
        name = self._name(session)
        if name is not None:
            return self._noted(request, Visitor(name, self._csrf(session)))
        # A header that is wrong is an error even where none is needed.
        if self.required or scheme:
            return None
        return self._noted(request, Visitor(LOCAL, None))

    def program(self, request: Request) -> Visitor:
        """The visitor of an API request.

        Raises:
            Problem: 401 without a token, 403 when a browser's request that changes something lacks its CSRF token.
        """
        visitor = self.visitor(request)
        if visitor is None:
            raise Problem(401, "unauthorized", "give the service's token: Authorization: Bearer TOKEN", {"www-authenticate": "Bearer"})
        if visitor.csrf is not None and request.method not in ("GET", "HEAD"):
            self.check_csrf(visitor, request.headers.get(CSRF_HEADER, ""))
        return visitor

    def check_csrf(self, visitor: Visitor | None, given: str) -> None:
        """Raises:
        Problem: 403, the form is of another session or none.
        """
        if visitor is None or visitor.csrf is None or not hmac.compare_digest(visitor.csrf.encode(), given.encode("utf-8", "replace")):
            raise Problem(403, "stale-form", "this form is of an older session; go back, reload the page and send it again")

    def sign_in(self, request: Request, response: Response, name: str) -> str:
        """Sets a session cookie for `name`; returns its CSRF token."""
        until = int(time.time()) + SESSION_SECONDS
        payload = urlsafe_b64encode(f"{until}:{secrets.token_hex(8)}:{name}".encode()).decode().rstrip("=")
        session = f"{payload}.{self._signature(payload)}"
        secure = request.url.scheme == "https"
        response.set_cookie(
            cookie_name(request), session, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=secure, path="/"
        )
        return self._csrf(session)

    def _name(self, session: str) -> str | None:
        payload, _, signature = session.partition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(payload).encode()):
            return None
        until, _, name = urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode().split(":", 2)
        return name if int(until) > time.time() else None

    def _signature(self, payload: str) -> str:
        return hmac.new(self._key, payload.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _csrf(self, session: str) -> str:
        return hmac.new(self._key, b"csrf\0" + session.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    @staticmethod
    def _noted(request: Request, visitor: Visitor) -> Visitor:
        request.state.who = visitor.name
        return visitor
