"""The pipeline in a real crawl of a site on this machine."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("scrapy", reason="needs the extra scrapy: pip install 'contentfarm-detector[scrapy]'")

import detector
from detector import Detector, Page

ROOT = Path(detector.__file__).parent.parent
# Pages of one site: an index, a page whose hidden block sells, an honest one, and one without a word.
PROSE = "<p>The council met on Tuesday evening and agreed to repair the old bridge before the winter sets in for good.</p>"
HONEST = f"<html lang=en><title>Bridge to be repaired</title><h1>Bridge to be repaired</h1><article>{PROSE * 8}</article></html>"
SPAM = "".join(f'<a href="https://slot{n}.example/">slot gacor online casino bonus {n}</a> ' for n in range(60))
SITE = {
    "/": '<a href="/honest">1</a> <a href="/hijacked">2</a> <a href="/empty">3</a>',
    "/honest": HONEST,
    "/hijacked": HONEST.replace("</article>", f'</article><div style="display:none">{SPAM}</div>'),
    "/empty": "<html></html>",
}
SPIDER = """
import dataclasses
import scrapy

class Bare(scrapy.Item):
    html, url = scrapy.Field(), scrapy.Field()

class Ready(Bare):
    detector = scrapy.Field()

@dataclasses.dataclass
class Data:
    html: str
    url: str

@dataclasses.dataclass
class ReadyData(Data):
    detector: dict | None = None

@dataclasses.dataclass(frozen=True)
class Frozen:
    html: str
    url: str
    detector: dict | None = None

class Spider(scrapy.Spider):
    name = "local"

    async def start(self):
        yield scrapy.Request(self.address)

    def parse(self, response):
        yield from response.follow_all(css="a", callback=self.page)
        yield {"note": "no page in this item"}

    def page(self, response):
        yield KIND(html=response.text, url=response.url)
"""


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = SITE.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: standard error is the test's."""


@pytest.fixture
def address() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def run(folder: Path, address: str, *settings: str, kind: str = "dict") -> subprocess.CompletedProcess[str]:
    (folder / "spider.py").write_text(SPIDER.replace("KIND", kind))
    command = [sys.executable, "-m", "scrapy", "runspider", "spider.py", "-a", f"address={address}", "-o", "items.jsonl"]
    command += ["-s", 'ITEM_PIPELINES={"detector.integrations.scrapy.DetectorPipeline": 100}', "-s", "TELNETCONSOLE_ENABLED=0"]
    for setting in settings:
        command += ["-s", setting]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=180, check=False)


def crawl(folder: Path, address: str, *settings: str, kind: str = "dict") -> tuple[dict[str, dict[str, object]], str]:
    """(items by the last part of their address, the log)."""
    done = run(folder, address, *settings, kind=kind)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in (folder / "items.jsonl").read_text().splitlines()]
    return {item.get("url", "note").rpartition("/")[2]: item for item in found}, done.stderr


def test_items_get_the_verdict_of_their_page(tmp_path: Path, address: str, detector: Detector) -> None:
    """The verdict of the library, in the item; items without a page pass; the crawl's statistics count labels."""
    items, log = crawl(tmp_path, address)
    assert set(items) == {"honest", "hijacked", "empty", "note"}
    for name in ("honest", "hijacked", "empty"):
        url = f"{address}{name}"
        expected = detector.classify(Page.from_html(SITE[f"/{name}"], url, url)).to_dict()
        assert items[name]["detector"] == expected
    assert "detector" not in items["note"]
    assert "'detector/abstained': 1" in log


def test_labels_that_are_not_wanted_are_dropped(tmp_path: Path, address: str, detector: Detector) -> None:
    """DETECTOR_DROP leaves the rest; Scrapy counts the drop."""
    url = f"{address}hijacked"
    label = detector.classify(Page.from_html(SITE["/hijacked"], url, url)).label
    assert label is not None and label != "clean"
    items, log = crawl(tmp_path, address, f"DETECTOR_DROP={label},abstained")
    assert set(items) == {"honest", "note"}
    assert "'item_dropped_count': 2" in log


@pytest.mark.parametrize(("kind", "kept"), [("Ready", True), ("ReadyData", True), ("Bare", False), ("Data", False), ("Frozen", False)])
def test_items_of_a_class_are_kept_with_or_without_the_field(tmp_path: Path, address: str, kind: str, kept: bool) -> None:
    """Without it the item goes on as it came, and the log says once which class lacks it; labels count and drop all the same."""
    items, log = crawl(tmp_path, address, "DETECTOR_DROP=abstained", kind=kind)
    assert set(items) == {"honest", "hijacked", "note"}
    assert bool(items["honest"].get("detector")) == kept
    assert log.count(f"{kind} has no field 'detector'") == (0 if kept else 1)
    assert ("'detector/not_kept': 2" in log) != kept


@pytest.mark.parametrize(("setting", "words"), [("DETECTOR_DROP=nonsense", "it takes abstained"), ("DETECTOR_MODEL=nowhere", "nowhere")])
def test_a_wrong_setting_ends_the_crawl_before_it_begins(tmp_path: Path, address: str, setting: str, words: str) -> None:
    """Not a crawl that stores what nobody judged: no item, the reason in the log, an exit code."""
    done = run(tmp_path, address, setting)
    assert done.returncode != 0 and words in done.stderr
    assert not (tmp_path / "items.jsonl").exists() or not (tmp_path / "items.jsonl").read_text()
