"""What Prometheus is told: pages, labels, latency, abstentions, queue, requests. Names end in their unit."""

from __future__ import annotations

from typing import Any

# The reference client: the exposition format and its escaping are its business.
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_PAGE_SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


class Metrics:
    """One registry an application, so that two in a process do not share counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        r = self._registry
        self._pages = Counter("detector_pages", "Pages answered, by label; `none` when abstained.", ["label"], registry=r)
        self._abstained = Counter("detector_abstentions", "Pages abstained on, by reason.", ["reason"], registry=r)
        self.page_seconds = Histogram("detector_page_seconds", "Seconds a worker spent on a page.", registry=r, buckets=_PAGE_SECONDS)
        self._requests = Counter("detector_requests", "Requests, by route and status.", ["method", "route", "status"], registry=r)
        self._request_seconds = Histogram("detector_request_seconds", "Seconds from request to answer.", ["route"], registry=r)
        self._corrections = Counter(
            "detector_corrections", "What people said, by the verdict's label and theirs.", ["was", "label"], registry=r
        )
        self.undone = Counter("detector_corrections_undone", "Corrections taken back.", registry=r)
        self.replaced = Counter("detector_workers_replaced", "Workers that stalled or died.", registry=r)
        self.workers = Gauge("detector_workers", "Worker processes whose model is loaded.", registry=r)
        self.queue = Gauge("detector_queue_pages", "Pages waiting or being judged.", registry=r)

    def judged(self, verdict: dict[str, Any]) -> None:
        self._pages.labels(verdict["label"] or "none").inc()
        if verdict["abstained"]:
            self._abstained.labels(verdict["abstained"]).inc()

    def requested(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def corrected(self, was: str | None, label: str) -> None:
        self._corrections.labels(was or "none", label).inc()

    def text(self) -> bytes:
        return generate_latest(self._registry)
