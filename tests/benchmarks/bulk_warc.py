"""A large WARC through `detector classify`: the peak memory of the program and its workers must not grow with the archive.

`python -m tests.benchmarks.bulk_warc [--corpus DIR] [--megabytes 2000] [--workers 2] [--folder DIR]`. The archive, gzip a record, is made of
the corpus's pages, over and over, until the file has its size. Peaks (VmHWM of Linux) are read when 10, 50 and 100 % of the rows are written.
Exit 1 if a process grew by more than `GROWTH` after a tenth of the run, or the rows are not as many as the pages.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from detector.training import corpus
from detector.training.corpus import CorpusPage
from tests.memory import peak

MARKS = (0.1, 0.5, 1.0)
# Caches of strings are bounded but not full after a tenth of a small run, and an unusually large page may come late; a leak of one page
# in ten would double a process within a 2 GB archive.
GROWTH = 1.25
POLL_SECONDS = 0.2


def record(page: CorpusPage, number: int) -> bytes:
    """A response record, a gzip member of its own."""
    body = page.body if isinstance(page.body, bytes) else page.body.encode()
    charset = b"" if isinstance(page.body, bytes) else b"; charset=utf-8"
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html" + charset + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        f"WARC-Date: 2026-01-01T00:00:00Z\r\nWARC-Target-URI: {page.url or 'https://example.org/'}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + http + b"\r\n\r\n", 6, mtime=0)


def make(path: Path, folder: str | None, size: int) -> int:
    """Write the archive; the number of its pages. From the second time round, records are copied as they are."""
    pages = (page for page in corpus.clean_pages(corpus.require(folder)) if not page.is_text)
    records: list[tuple[int, int]] = []
    with path.open("w+b") as stream:
        for number, page in enumerate(pages):
            packed = record(page, number)
            records.append((stream.tell(), len(packed)))
            stream.write(packed)
            if stream.tell() >= size:
                return len(records)
        stream.flush()
        with path.open("rb") as again:
            for count in itertools.count(len(records)):
                start, length = records[count % len(records)]
                again.seek(start)
                stream.write(again.read(length))
                if stream.tell() >= size:
                    return count + 1
    raise AssertionError("unreachable")


def peaks(pid: int) -> dict[str, float]:
    """Peak resident megabytes of the process and its children, by name; without those that are gone."""
    found = {}
    # A child stands under the thread that started it.
    pids = sorted({int(child) for thread in Path(f"/proc/{pid}/task").glob("*/children") for child in read(thread).split()})
    for name, process in [("program", pid), *((f"worker {number}", child) for number, child in enumerate(pids, 1))]:
        if held := peak(process):
            found[name] = held / 2**20
    return found


def read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


class Rows:
    """Counts lines of a file that is being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = self.count = 0

    def look(self) -> int:
        if self._path.exists():
            with self._path.open("rb") as stream:
                stream.seek(self._at)
                while more := stream.read(1 << 20):
                    self._at += len(more)
                    self.count += more.count(b"\n")
        return self.count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus")
    parser.add_argument("--megabytes", type=int, default=2000, help="of the packed archive")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", help="where the archive is made; a temporary folder if left out")
    arguments = parser.parse_args()
    if arguments.folder:
        Path(arguments.folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        archive, out = Path(folder) / "crawl.warc.gz", Path(folder) / "verdicts.jsonl"
        count = make(archive, arguments.corpus, arguments.megabytes * 1_000_000)
        print(f"{archive.stat().st_size / 1e6:,.0f} MB packed, {count:,} pages, {arguments.workers} workers", flush=True)
        command = [sys.executable, "-m", "detector", "classify", str(archive), "-o", str(out), "--workers", str(arguments.workers)]
        begun = time.perf_counter()
        process = subprocess.Popen(command)
        rows, last, seen = Rows(Path(f"{out}.part")), dict[str, float](), list[dict[str, float]]()
        while process.poll() is None:
            # Once all rows are written the workers end: what was seen last is the peak.
            last |= peaks(process.pid)
            while len(seen) < len(MARKS) - 1 and rows.look() >= MARKS[len(seen)] * count:
                seen.append(tell(MARKS[len(seen)], last))
            time.sleep(POLL_SECONDS)
        seen.append(tell(MARKS[-1], last))
        written = sum(1 for _ in out.open("rb")) if out.exists() else 0
        took = time.perf_counter() - begun
        print(f"{written:,} rows in {took:,.0f} s, {written / took:,.1f} pages a second, exit {process.returncode}")
        grown = max(seen[-1][name] / held for name, held in seen[0].items())
        print(f"from 10 % to the end the largest growth of a process is {grown:.2f} times")
        sys.exit(process.returncode or int(grown > GROWTH or written != count))


def tell(mark: float, held: dict[str, float]) -> dict[str, float]:
    print(f"{mark:4.0%}: " + ", ".join(f"{name} {megabytes:,.0f} MB" for name, megabytes in held.items()), flush=True)
    return dict(held)


if __name__ == "__main__":
    main()
