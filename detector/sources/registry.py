"""One registry by suffix, and the walk over everything that a caller names."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from detector.errors import InputError
from detector.sources import stdin
from detector.sources.csvfile import read_csv
from detector.sources.files import read_mhtml, read_page_file
from detector.sources.folder import walk
from detector.sources.item import Failure, Item, Options, Reader, reason
from detector.sources.jsonl import read_jsonl
from detector.sources.kinds import kind_of, unreadable
from detector.sources.parquet import read_parquet
from detector.sources.warc import read_warc

ONE_PAGE: dict[str, Reader] = {
    suffix + packed: reader
    for suffix, reader in (
        *((name, read_page_file) for name in (".html", ".htm", ".txt")),
        *((name, read_mhtml) for name in (".mhtml", ".mht")),
    )
    for packed in ("", ".gz")
}
ROWS: dict[str, Reader] = {
    **dict.fromkeys((".jsonl", ".jsonl.gz", ".jsonl.zst"), read_jsonl),
    ".csv": read_csv,
    ".parquet": read_parquet,
    **{suffix + packed: read_warc for suffix in (".warc", ".wet") for packed in ("", ".gz", ".zst")},
}
READERS: dict[str, Reader] = {**ONE_PAGE, **ROWS}
_PACKED = (".gz", ".zst")


def suffix_of(name: str) -> str:
    """The suffix that decides, lower case, with its packing: ``.jsonl.gz``."""
    path = Path(name.lower())
    return path.with_suffix("").suffix + path.suffix if path.suffix in _PACKED else path.suffix


def is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def may_pause(source: str) -> bool:
    """Whether its pages come when their sender has them: standard input, a named pipe, an address."""
    # The longest addresses are no names that a file system would look for.
    return is_url(source) or not (Path(source).is_file() or Path(source).is_dir())


def holds_one_page(source: str) -> bool:
    """Whether a source is one page that does not know its address: what `--url` may be the address of."""
    return source == stdin.NAME or (suffix_of(source) in ONE_PAGE and (is_url(source) or not Path(source).is_dir()))


def open_pages(sources: Iterable[str], options: Options) -> Iterator[Item]:
    """Pages of all sources, lazily and in order; whatever cannot be read is a Failure, and the next is read."""
    for source in sources:
        if source == stdin.NAME:
            yield from _guarded(source, stdin.read_stdin(stdin.standard_input(), options))
        elif is_url(source):
            yield from _guarded(source, _fetched(source, options))
        elif Path(source).is_dir():
            yield from _folder(Path(source), options)
        else:
            yield from _file(Path(source), source, options)


def _fetched(source: str, options: Options) -> Iterator[Item]:
    # http.client and ssl take a while to import and most runs fetch nothing.
    from detector.sources.fetch import fetch

    page = fetch(source, allow_private=options.allow_private)
    start = page.body if isinstance(page.body, bytes) else b""
    if (why := unreadable(start)) is not None:
        raise InputError(f"{source}: {why.partition(';')[0]}, which is no page; download it and give the file")
    kind = kind_of(start.lstrip().partition(b"\n")[0], options)
    if kind is not None:
        raise InputError(f"{source}: is {kind}, not a page; download it and give the file")
    yield page


def _folder(folder: Path, options: Options) -> Iterator[Item]:
    found = False
    for entry in walk(folder, lambda name: suffix_of(name) in READERS):
        if options.passed_over and isinstance(entry, Path) and entry.resolve() in options.passed_over:
            continue
        found = True
        if isinstance(entry, Failure):
            yield entry
        else:
            yield from _file(entry, str(entry), options)
    if not found:
        yield Failure(str(folder), None, f"holds no pages; looked for {', '.join(READERS)}")


def _file(path: Path, source: str, options: Options) -> Iterator[Item]:
    if not path.exists():
        scheme, colon, _ = source.partition("://")
        hint = f"{scheme}: is no scheme that is fetched; give http or https" if colon else "no such file"
        yield Failure(source, None, hint)
        return
    reader = READERS.get(suffix_of(path.name))
    if reader is None:
        yield Failure(source, None, f"has no known suffix ({', '.join(READERS)}); a page under another name can be piped in: - < FILE")
        return
    if options.meter is not None:
        options.meter.begin(path)
    yield from _guarded(source, reader(path, options))
    if options.meter is not None:
        options.meter.end()


def _guarded(source: str, items: Iterator[Item]) -> Iterator[Item]:
    """The items until the reader fails, then a Failure in its place."""
    try:
        yield from items
    except InputError as error:
        yield Failure(source, None, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield Failure(source, None, f"cannot be read ({reason(error)})")
