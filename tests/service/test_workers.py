"""Worker processes that stall, die, load or are slow: what becomes of their page, and of the next."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path

import httpx
import pytest

import detector.detector as front_door
from detector.service.worker import run
from tests.service.conftest import HONEST, Service, running, scraped


def test_a_worker_has_read_meaning_before_it_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the first page that the second tier reads waits for its encoder."""
    read: list[object] = []
    read_meaning = front_door.read_meaning
    monkeypatch.setattr(front_door, "read_meaning", lambda *given: read.append(given) or read_meaning(*given))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    mine, theirs = Pipe()
    with ThreadPoolExecutor(1) as working, mine:
        done = working.submit(run, theirs, None, "default")
        assert mine.poll(300) and mine.recv().error is None
        assert read
        mine.close()
        done.result(20)


def test_a_stalled_worker_is_replaced_and_the_others_go_on(small: Service) -> None:
    before = small.workers()
    assert len(before) == 2
    # A process that answers nothing any more, as one inside a parser that never returns.
    os.kill(before[0], signal.SIGSTOP)

    async def crowd() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=small.url, timeout=60) as client:
            return await asyncio.gather(*(client.post("/v1/classify", json={"text": scraped(), "id": str(number)}) for number in range(4)))

    answers = [answer.json() for answer in asyncio.run(crowd())]
    assert sorted(answer["id"] for answer in answers) == ["0", "1", "2", "3"]
    assert [answer["abstained"] for answer in answers].count("timed-out") == 1
    assert [answer["label"] for answer in answers].count("scraped") == 3
    with small.client() as client:
        for _ in range(200):
            if client.get("/readyz").json().get("workers") == 2 and before[0] not in small.workers():
                break
            time.sleep(0.1)
        assert client.get("/readyz").json()["workers"] == 2
        assert client.post("/v1/classify", json={"text": scraped()}).json()["label"] == "scraped"


def test_a_worker_that_still_loads_is_not_counted() -> None:
    with running("--workers", 1, "--page-seconds", 60) as service, service.client() as client, ThreadPoolExecutor(1) as asking:
        assert client.get("/readyz").json() == {"status": "ready", "workers": 1}
        [gone] = service.workers()
        os.kill(gone, signal.SIGKILL)
        page = asking.submit(service.client().post, "/v1/classify", json={"text": scraped()})
        fresh = loading(service, gone)
        # Held while it loads; it takes seconds, this takes a moment.
        os.kill(fresh, signal.SIGSTOP)
        answer = client.get("/readyz")
        counted = client.get("/metrics").text
        os.kill(fresh, signal.SIGCONT)
        assert answer.status_code == 503 and "model" in answer.json()["detail"]
        assert "detector_workers 0.0" in counted
        assert page.result().json()["label"] == "scraped"
        assert client.get("/readyz").json()["workers"] == 1 and "detector_workers 1.0" in client.get("/metrics").text


def loading(service: Service, gone: int) -> int:
    """The process that takes the place of another."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if fresh := [worker for worker in service.workers() if worker != gone]:
            return fresh[0]
        time.sleep(0.02)
    raise AssertionError("no worker was started anew")


def test_a_request_is_answered_in_its_time_and_its_worker_kept() -> None:
    """Pages that wait, and the one that is being judged, are given up together; a worker that is only slow goes on."""
    with running("--workers", 1, "--request-seconds", 2) as service, service.client() as client:
        [only] = service.workers()
        os.kill(only, signal.SIGSTOP)
        started = time.monotonic()
        found = client.post("/v1/classify:batch", json={"pages": [{"text": scraped(), "id": str(number)} for number in range(3)]}).json()
        took = time.monotonic() - started
        os.kill(only, signal.SIGCONT)
        assert [(verdict["id"], verdict["abstained"], verdict["label"]) for verdict in found["verdicts"]] == [
            (str(number), "timed-out", None) for number in range(3)
        ]
        assert 2 <= took < 10
        assert client.post("/v1/classify", json={"text": scraped()}).json()["label"] == "scraped"
        assert service.workers() == [only]
        counted = client.get("/metrics").text
        assert 'detector_abstentions_total{reason="timed-out"} 3.0' in counted and "detector_page_seconds_count 2.0" in counted


def test_workers_that_die_while_idle_cost_no_page(small: Service) -> None:
    for worker in small.workers():
        os.kill(worker, signal.SIGKILL)
    with small.client() as client:
        assert [client.post("/v1/classify", json={"text": scraped()}).json()["label"] for _ in range(3)] == ["scraped"] * 3


def test_a_worker_that_dies_before_it_takes_a_page_costs_it_nothing() -> None:
    with running("--workers", 1) as service, ThreadPoolExecutor(1) as asking:
        [only] = service.workers()
        os.kill(only, signal.SIGSTOP)
        page = asking.submit(service.client().post, "/v1/classify", json={"text": scraped()})
        with service.client() as client:
            until = time.monotonic() + 20
            while "detector_queue_pages 1.0" not in client.get("/metrics").text and time.monotonic() < until:
                time.sleep(0.02)
            assert "detector_queue_pages 1.0" in client.get("/metrics").text
        # The page is in its pipe by now, or will find it broken: it is not read either way.
        os.kill(only, signal.SIGKILL)
        assert page.result().json()["label"] == "scraped"


def test_a_page_whose_worker_dies_while_it_is_judged_costs_no_second_worker() -> None:
    with running("--workers", 1) as service, ThreadPoolExecutor(1) as asking, service.client() as client:
        [only] = service.workers()
        before = processor_seconds(only)
        # Some seconds of work for one core.
        page = asking.submit(service.client().post, "/v1/classify", json={"html": "".join(f"<p>{scraped()} {n}" for n in range(1_500))})
        until = time.monotonic() + 20
        while processor_seconds(only) < before + 0.1 and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(only, signal.SIGKILL)
        assert page.result().json()["abstained"] == "timed-out"
        assert client.post("/v1/classify", json={"text": scraped()}).json()["label"] == "scraped"
        assert "detector_workers_replaced_total 1.0" in client.get("/metrics").text


def test_a_worker_that_does_not_take_a_large_page_is_replaced() -> None:
    """The page does not fit into its pipe; the next worker judges it."""
    with running("--workers", 1, "--page-seconds", 2) as service, service.client() as client:
        [only] = service.workers()
        os.kill(only, signal.SIGSTOP)
        large = HONEST + "<!--" + "x" * 2_000_000 + "-->"
        assert client.post("/v1/classify", json={"html": large}).json()["label"] == "clean"
        assert only not in service.workers()


def processor_seconds(process: int) -> float:
    """What a process has used so far."""
    after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
