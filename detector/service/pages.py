"""Rendering with Jinja2, and who may see what is rendered."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Jinja2: autoescape is what keeps a submitted page text.
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from detector.reports import direction
from detector.reports.writing import percentage
from detector.service.access import LOCAL, Visitor
from detector.service.context import context_of
from detector.service.problems import Problem
from detector.service.shown import meanings

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=direction.plain,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["percentage"] = percentage
_templates.filters["marked"] = direction.marked
_templates.globals["meanings"] = meanings()


class SignInFirst(Exception):
    """Nobody has signed in; the answer is the sign-in form."""


@dataclass(slots=True)
class Admitted:
    """A visitor with a CSRF token, and the cookie that must be set for it, if any."""

    visitor: Visitor
    cookie: str | None = None


def admitted(request: Request) -> Admitted:
    """Who looks at the page.

    Raises:
        SignInFirst: a token is needed.
    """
    access = context_of(request).access
    visitor = access.visitor(request)
    if visitor is None:
        raise SignInFirst
    if visitor.csrf is not None:
        return Admitted(visitor)
    # Nobody has to sign in on loopback, but forms need a session to hang their token on.
    carrier = Response()
    csrf = access.sign_in(request, carrier, LOCAL if not access.required else visitor.name)
    return Admitted(Visitor(visitor.name, csrf), carrier.headers["set-cookie"])


def render(request: Request, who: Any, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one."""
    visitor = who.visitor if isinstance(who, Admitted) else None
    required = context_of(request).access.required
    common = {
        "csrf": visitor.csrf if visitor else "",
        "who": visitor.name if visitor else "",
        "signed_in": required and visitor is not None,
    }
    response = HTMLResponse(_templates.get_template(template).render(**common, **values), status)
    if isinstance(who, Admitted) and who.cookie is not None:
        response.headers["set-cookie"] = who.cookie
    return response


def problem_page(request: Request, problem: Problem) -> Response:
    """A problem as a person reads it."""
    return render(request, None, "problem.html", problem.status, here="problem", problem=problem.body())
