"""The review page: paste a page, read its verdict, work through the queue. Rendered here; the scripts only make it quicker."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from detector.page.page import HTML, TEXT, Page, split_front_matter
from detector.service.context import Context, context_of, unknown
from detector.service.forms import read_form
from detector.service.pages import admitted, render
from detector.service.problems import Problem
from detector.service.shown import LABEL_NAMES, Shown, decision, points_of, shown
from detector.store.records import ID_PATTERN, Filter, Stored
from detector.store.store import ABSTAINED

review = APIRouter(include_in_schema=False)
PAGE_SIZE = 25
_NOTE = 2000


def _known(verdict_id: str) -> str:
    """To a person an id that is none is one that nothing is kept under; the API says how an id is written."""
    if re.fullmatch(ID_PATTERN, verdict_id) is None:
        raise unknown(verdict_id)
    return verdict_id


Id = Annotated[str, Depends(_known)]


@review.get("/")
async def start(request: Request) -> Response:
    visitor = admitted(request)
    return render(request, visitor, "start.html", here="start")


@review.post("/")
async def judge(request: Request) -> Response:
    visitor = admitted(request)
    context = context_of(request)
    form = await read_form(request)
    context.access.check_csrf(visitor.visitor, form.fields.get("csrf", ""))
    url = _address(form.fields.get("url", ""))
    page = _submitted(form.file, form.file_name, form.fields.get("body", ""), url)
    if page is None:
        return render(request, visitor, "start.html", 422, here="start", error="Paste a page, or choose a file.", url=url or "")
    ids, answers = await context.judge([page])
    stored = await context.get(ids[0])
    found = shown(stored, points_of(context.pool.about), None, answers[0].text, answers[0].blocks)
    return _verdict(request, visitor, context, found)


def _address(given: str) -> str | None:
    return given.strip().replace("\0", "")[:8192] or None


def _submitted(file: bytes, name: str, body: str, url: str | None) -> Page | None:
    if file:
        content, own = split_front_matter(file)
        suffix = name.lower().rpartition(".")[2]
        media_type = TEXT if suffix == "txt" else HTML if suffix in ("html", "htm", "xhtml") else None
        # As with --url, the address that is given goes before the file's own.
        return Page(content, url or _address(own or ""), name.replace("\0", "")[:200], media_type).with_media_type()
    return Page(body, url).with_media_type() if body.strip() else None


@review.get("/verdicts/{verdict_id}")
async def verdict(request: Request, verdict_id: Id, point: str | None = None) -> Response:
    visitor = admitted(request)
    context = context_of(request)
    return _verdict(request, visitor, context, await _shown(context, await context.get(verdict_id), point))


async def _shown(context: Context, stored: Stored, point: str | None = None) -> Shown:
    kept = await run_in_threadpool(context.store.submission, stored.verdict_id)
    text, blocks = (None, ()) if kept is None else (kept.text, kept.blocks)
    return shown(stored, points_of(context.pool.about), point, text, blocks)


def _verdict(request: Request, visitor: object, context: Context, found: Shown) -> Response:
    points, keeps = points_of(context.pool.about), context.settings.keeps_pages
    return render(request, visitor, "verdict.html", here="verdict", shown=found, points=points, labels=LABEL_NAMES, keeps=keeps)


@review.post("/verdicts/{verdict_id}/feedback")
async def feedback(request: Request, verdict_id: Id) -> Response:
    """Confirm or correct, from a form; a script asks for the changed part alone (`part`)."""
    visitor = admitted(request)
    context = context_of(request)
    form = await read_form(request)
    context.access.check_csrf(visitor.visitor, form.fields.get("csrf", ""))
    label = form.fields.get("label", "")
    if label not in LABEL_NAMES:
        raise Problem(422, "invalid-request", "choose one of the labels")
    note = form.fields.get("note", "").replace("\0", "").strip()[:_NOTE]
    stored = await context.correct(verdict_id, label, note, visitor.visitor.name)
    return _changed(request, visitor, stored, form.fields.get("part", ""))


@review.post("/verdicts/{verdict_id}/undo")
async def undo(request: Request, verdict_id: Id) -> Response:
    visitor = admitted(request)
    context = context_of(request)
    form = await read_form(request)
    context.access.check_csrf(visitor.visitor, form.fields.get("csrf", ""))
    stored = await context.undo(verdict_id, visitor.visitor.name)
    return _changed(request, visitor, stored, form.fields.get("part", ""))


def _changed(request: Request, visitor: object, stored: Stored, part: str) -> Response:
    if part == "decision":
        return render(request, visitor, "decision.html", stored=stored, labels=LABEL_NAMES)
    if part == "row":
        return render(request, visitor, "row.html", row=_row(stored), labels=LABEL_NAMES)
    return RedirectResponse(f"/verdicts/{stored.verdict_id}", 303)


@review.get("/queue")
async def queue(
    request: Request,
    label: str = "",
    host: str = "",
    low: str = "",
    high: str = "",
    state: str = "open",
    before: str = "",
) -> Response:
    """Stored verdicts to go through, newest first; conditions that make no sense are left out."""
    visitor = admitted(request)
    context = context_of(request)
    label = label if label in (*LABEL_NAMES, ABSTAINED) else ""
    state = state if state in ("open", "decided", "all") else "open"
    decided = {"open": False, "decided": True}.get(state)
    host = host.strip().replace("\0", "")[:255]
    first = before if re.fullmatch(ID_PATTERN, before) else None
    which = Filter(label or None, host or None, _share(low), _share(high), decided, first, PAGE_SIZE)
    found = await run_in_threadpool(context.store.find, which)
    asked = {"label": label, "host": host, "low": low if _share(low) is not None else "", "high": high if _share(high) is not None else ""}
    asked["state"] = state
    older = urlencode({**asked, "before": found[-1].verdict_id}) if len(found) == PAGE_SIZE else None
    rows = [_row(stored) for stored in found]
    keeps = context.settings.keeps_pages
    return render(
        request, visitor, "queue.html", here="queue", rows=rows, labels=LABEL_NAMES, asked=asked, older=older, first=first, keeps=keeps
    )


def _share(given: str) -> float | None:
    """A percentage from a form as a probability."""
    try:
        value = float(given) / 100
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _row(stored: Stored) -> dict[str, object]:
    _, label = decision(stored.verdict, stored.verdict["threshold"])
    return {"stored": stored, "label": label}
