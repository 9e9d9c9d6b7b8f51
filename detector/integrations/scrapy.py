"""Scrapy: an item pipeline that judges what a spider scraped. The extra is `scrapy`.

    ITEM_PIPELINES = {"detector.integrations.scrapy.DetectorPipeline": 100}
    DETECTOR_DROP = ["scraped", "hijacked", "spam"]   # labels that are dropped; none by default

An item has the page in `html` (str or bytes, such as `response.text`) or `text`, and its address in `url`; it gets the verdict, as in a row
of `detector classify`, in `detector`; an item class needs a field of that name. Items without a page pass through.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.threads import deferToThread

from detector.detector import Detector
from detector.errors import UsageError
from detector.page.page import Page
from detector.verdict import LABELS, Verdict

_LOG = logging.getLogger(__name__)


class DetectorPipeline:
    """Settings: `DETECTOR_MODEL` (a folder), `DETECTOR_OPERATING_POINT`, `DETECTOR_DROP` (labels, and `abstained`)."""

    def __init__(self, detector: Detector, drop: Sequence[str], stats: Any) -> None:
        self._detector, self._drop, self._stats = detector, frozenset(drop), stats
        self._warned: set[type] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DetectorPipeline:
        """The crawl does not begin where this raises: one without the pipeline would store what was to be judged, or dropped.

        Raises:
            UsageError, ModelError: a setting is wrong.
        """
        settings = crawler.settings
        drop = settings.getlist("DETECTOR_DROP")
        known = {*map(str, LABELS), "abstained"}
        if not known.issuperset(drop):
            raise UsageError(f"DETECTOR_DROP has {', '.join(sorted(set(drop) - known))}; it takes {', '.join(sorted(known))}")
        detector = Detector.load(settings.get("DETECTOR_MODEL"), operating_point=settings.get("DETECTOR_OPERATING_POINT", "default"))
        return cls(detector, drop, crawler.stats)

    async def process_item(self, item: Any, spider: Any = None) -> Any:
        """The item with its verdict.

        Raises:
            DropItem: its label is one of those that are dropped.
        """
        adapter = ItemAdapter(item)
        page = _page(adapter)
        if page is None:
            return item
        # In a thread: the crawl goes on meanwhile.
        verdict: Verdict = await maybe_deferred_to_future(deferToThread(self._detector.classify, page))
        found = "abstained" if verdict.label is None else str(verdict.label)
        self._stats.inc_value(f"detector/{found}")
        if found in self._drop:
            why = verdict.abstained or (verdict.evidence[0].message if verdict.evidence else "")
            raise DropItem(f"{found}: {verdict.url} ({why})")
        try:
            adapter["detector"] = verdict.to_dict()
        except (KeyError, AttributeError):
            # The class has no such field, or is frozen: the item matters more than its verdict.
            self._stats.inc_value("detector/not_kept")
            self._warn(type(item))
        return item

    def _warn(self, kind: type) -> None:
        if kind not in self._warned:
            self._warned.add(kind)
            _LOG.warning(
                "%s has no field 'detector' that can be set: its items go on without their verdict; add the field", kind.__qualname__
            )


def _page(adapter: ItemAdapter) -> Page | None:
    url = adapter.get("url")
    if adapter.get("html") is not None:
        return Page.from_html(adapter["html"], url, url or "")
    if adapter.get("text") is not None:
        return Page.from_text(adapter["text"], url, url or "")
    return None
