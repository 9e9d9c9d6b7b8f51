"""A row to a Page, the same for JSONL, CSV and Parquet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from detector.errors import InputError
from detector.page.page import Page
from detector.sources.item import Failure, Item, Options

_BODY = ("html", "text")
# What may stand in each column: Parquet and Spark have binary columns where the writer gave no encoding, and keys that are no text.
_TYPES: dict[str, tuple[type, ...]] = {
    "id": (str, bytes, int, float, date, Decimal),
    "url": (str, bytes),
    "html": (str, bytes),
    "text": (str, bytes),
}
# Said of a file with nothing in it: most likely it is the wrong one, as an empty directory is.
NO_ROWS = "holds no rows"
# Columns that a message names.
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row as its file has it: values by column, and where it stands, for people (``line 7``) and as a number."""

    source: str
    place: str
    number: int
    values: Mapping[str, Any]


def pages(rows: Iterable[Row | Failure], options: Options) -> Iterator[Item]:
    """The page of each row; a row that could not be read stays a Failure."""
    for row in rows:
        yield row if isinstance(row, Failure) else row_page(row.values, row.source, row.place, row.number, options)


def has_pages(names: Iterable[str], options: Options) -> bool:
    """Whether one of these columns holds pages."""
    return not {options.column(name) for name in _BODY}.isdisjoint(names)


def check_columns(names: Collection[str], source: str, options: Options) -> None:
    """Raises:
    InputError: a table has no column for pages, or not the one that `--column` names for id or url; without it every row would lack it.
    """
    if not names:
        raise InputError(f"{source}: {NO_ROWS}")
    if not has_pages(names, options):
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        raise InputError(f"{source}: {no_pages(options)}; it has {', '.join(map(repr, list(names)[:_NAMED]))}{more}")
    missing = [f"{name}={theirs}" for name, theirs in options.columns.items() if name in ("id", "url") and theirs not in names]
    if missing:
        raise InputError(f"{source}: has no such column: --column {', '.join(missing)}; it has {', '.join(map(repr, names))}")


def no_pages(options: Options) -> str:
    """What to say where none does."""
    names = " nor ".join(repr(options.column(name)) for name in _BODY)
    return f"has neither {names}; name the column with --column html=COLUMN or text=COLUMN"


def row_page(row: Mapping[str, Any], source: str, place: str, number: int, options: Options) -> Item:
    """The page of a row: `html` if it has any, else `text`. Its id defaults to the row's number; an empty page is a page.

    Returns:
        A Failure naming the place when there is neither, or when a value has a type that no page has.
    """
    values = {name: row.get(options.column(name)) for name in _TYPES}
    for name, types in _TYPES.items():
        if values[name] is not None and (not isinstance(values[name], types) or isinstance(values[name], bool)):
            return Failure(source, place, f"{options.column(name)!r} holds a value of type {type(values[name]).__name__}, not text")
    html, text = values["html"], values["text"]
    if html is None and text is None:
        return Failure(source, place, no_pages(options))
    id = str(number) if values["id"] is None else _sound(_text(values["id"]))
    url = _sound(_text(values["url"])) if values["url"] else None
    if html or not text:
        return Page.from_html(_sound(html or ""), url, id) if html is not None else Page.from_text("", url, id)
    return Page.from_text(_sound(text), url, id)


def _text(value: Any) -> str:
    """Bytes that are not UTF-8 stand as escapes, as in file names."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _sound(value: Any) -> Any:
    """The same text without lone surrogates, which JSON can spell and no encoding can write."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value
