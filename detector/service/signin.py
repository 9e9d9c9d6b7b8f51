"""Signing in and out: a form for people, where a token is needed."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from detector.service.access import MAX_NAME, cookie_name
from detector.service.context import context_of
from detector.service.forms import read_form
from detector.service.pages import SignInFirst, admitted, render

signin = APIRouter(include_in_schema=False)
# A wrong token costs this much patience; the token is long, so guessing is hopeless anyhow.
_WAIT = 0.5


@signin.get("/sign-in")
async def form(request: Request, back: str = "/") -> Response:
    if not context_of(request).access.required:
        return RedirectResponse("/", 303)
    return render(request, None, "signin.html", here="sign-in", back=_own(back), error="", name="")


@signin.post("/sign-in")
async def sign_in(request: Request) -> Response:
    access = context_of(request).access
    given = await read_form(request)
    name = " ".join(given.fields.get("name", "").replace("\0", "").split())[:MAX_NAME]
    back = _own(given.fields.get("back", "/"))
    if not name or not access.token_fits(given.fields.get("token", "").strip()):
        await asyncio.sleep(_WAIT)
        error = "Give your name; corrections carry it." if not name else "That is not the token of this service."
        return render(request, None, "signin.html", 403, here="sign-in", back=back, error=error, name=name)
    response = RedirectResponse(back, 303)
    access.sign_in(request, response, name)
    return response


@signin.post("/sign-out")
async def sign_out(request: Request) -> Response:
    who = admitted(request)
    given = await read_form(request)
    context_of(request).access.check_csrf(who.visitor, given.fields.get("csrf", ""))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(request), path="/")
    return response


def install(app: FastAPI) -> None:
    app.include_router(signin)

    @app.exception_handler(SignInFirst)
    async def _first(request: Request, _error: SignInFirst) -> Response:
        if request.method != "GET":
            return render(
                request, None, "signin.html", 403, here="sign-in", back="/", error="Your session is over; sign in again.", name=""
            )
        return RedirectResponse("/sign-in?" + urlencode({"back": request.url.path}), 303)


def _own(back: str) -> str:
    """Only ever an address of this service: `//evil.example` is none."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/"
