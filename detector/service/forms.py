"""Forms of the review page, read within the request's limits and never spooled to disk: what is submitted is not to be left behind."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request

from detector.service.context import context_of
from detector.service.problems import Problem

_MAX_FIELDS = 12
# The parser's warnings about a form that cannot be read would stand as bare lines among the log's JSON; the answer is a 400 anyhow.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Form:
    """Text fields by name, and the file if there was one."""

    fields: dict[str, str]
    file: bytes = b""
    file_name: str = ""


class _InMemory(MultiPartParser):
    """Parts stay in memory: the request is bounded already."""

    def __init__(self, *arguments: Any, limit: int, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.spool_max_size = limit


async def read_form(request: Request) -> Form:
    """Raises:
    Problem: 400, this is no form.
    """
    limit = context_of(request).settings.max_body
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=_MAX_FIELDS, max_part_size=limit, limit=limit)
            data = await parser.parse()
        elif kind == "application/x-www-form-urlencoded":
            data = await FormParser(request.headers, request.stream()).parse()
        else:
            raise Problem(415, "not-a-form", "send the form of this service's own page")
    except (MultiPartException, KeyError, UnicodeError) as error:
        raise Problem(400, "bad-request", "the form cannot be read") from error
    fields: dict[str, str] = {}
    file, name = b"", ""
    for key, value in data.multi_items():
        if isinstance(value, UploadFile):
            file, name = await value.read(), value.filename or ""
            await value.close()
        else:
            fields[key] = value
    return Form(fields, file, name)
