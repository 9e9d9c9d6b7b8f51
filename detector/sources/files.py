"""Files that hold one page: .html, .htm, .txt and the browser's .mhtml (or .mht), each also .gz."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from detector.errors import InputError
from detector.page.page import HTML, MAX_UNPACKED, TEXT, Page
from detector.sources.heads import message_of
from detector.sources.item import Item, Options, reason


def read_page_file(path: Path, options: Options) -> Iterator[Item]:
    """The one page of an HTML or text file.

    Raises:
        InputError: the file cannot be read, or is larger than any page.
    """
    _refuse_giant(path)
    try:
        yield Page.from_file(path, options.url)
    except zlib.error as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error


def read_mhtml(path: Path, options: Options) -> Iterator[Item]:
    """The page that a browser saved with its parts; its address is the one it was saved from.

    Raises:
        InputError: the file cannot be read, or no part of it is a page.
    """
    _refuse_giant(path)
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            body = stream.read(MAX_UNPACKED + 1)
        if len(body) > MAX_UNPACKED:
            raise InputError(f"{path}: unpacks to more than {MAX_UNPACKED:,} bytes")
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error
    yield saved_page(body, str(path), options)


def saved_page(body: bytes, source: str, options: Options) -> Page:
    """The page in the bytes of an .mhtml file.

    Raises:
        InputError: no part of it is a page.
    """
    try:
        message = message_of(body)
        part = _main_part(message)
        payload = None if part is None else part.get_payload(decode=True)
    except (RecursionError, ValueError, LookupError) as error:
        raise InputError(f"{source}: is not MHTML ({reason(error)})") from error
    if part is None or not isinstance(payload, bytes):
        raise InputError(f"{source}: has no HTML or text part; is it a page saved by a browser?")
    url = options.url or _address(message, part)
    media_type = HTML if part.get_content_type() == HTML else TEXT
    return Page(payload, url, source, media_type, part.get_content_charset())


def _main_part(message: Message) -> Message | None:
    """The first HTML part, else the first text part: a browser writes the page itself before its frames and pictures."""
    # Without a MIME header the email package takes any file for a text message.
    if "content-type" not in message:
        return None
    parts = list(message.walk())
    for kind in (HTML, "application/xhtml+xml", TEXT):
        for part in parts:
            if part.get_content_type() == kind:
                return part
    return None


def _address(message: Message, part: Message) -> str | None:
    for value in (message.get("Snapshot-Content-Location"), part.get("Content-Location"), message.get("Content-Location")):
        if value and str(value).strip().lower().startswith(("http://", "https://")):
            return "".join(str(value).split())
    return None


def _refuse_giant(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({reason(error)})") from error
    if size > MAX_UNPACKED:
        raise InputError(f"{path}: {size:,} bytes are more than any page has (at most {MAX_UNPACKED:,})")
