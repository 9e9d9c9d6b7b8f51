"""Large, slow and hostile requests: each is answered, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path

import httpx
import pytest

import detector.detector as front_door
from detector.service.worker import run
from tests.service.conftest import ENVIRONMENT, HONEST, TOKEN, Service, running, scraped


@pytest.fixture(scope="module")
def small() -> Iterator[Service]:
    """A service with room for four pages and a megabyte."""
    with running("--workers", 2, "--queue", 4, "--max-body", 1_000_000, "--page-seconds", 3) as service:
        yield service


def test_a_request_that_says_it_is_too_large_is_refused_unread(small: Service) -> None:
    with small.client() as client:
        answer = client.post("/v1/classify", json={"text": "a" * 1_000_000})
    assert answer.status_code == 413 and answer.json()["type"] == "urn:detector:problem:too-large"


def test_a_request_that_grows_too_large_is_refused_when_it_does(small: Service) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(30):
            yield b"a" * 100_000

    with small.client() as client:
        answer = client.post("/v1/classify", content=parts(), headers={"content-type": "application/json"})
    assert answer.status_code == 413 and answer.json()["type"] == "urn:detector:problem:too-large"


def test_more_pages_than_may_wait_are_told_when_to_come_back(small: Service) -> None:
    async def crowd() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=small.url, timeout=60) as client:
            batch = {"pages": [{"text": scraped()}] * 3}
            return await asyncio.gather(*(client.post("/v1/classify:batch", json=batch) for _ in range(12)))

    answers = asyncio.run(crowd())
    assert {answer.status_code for answer in answers} == {200, 429}
    for answer in answers:
        if answer.status_code == 429:
            assert int(answer.headers["retry-after"]) >= 1 and answer.json()["type"] == "urn:detector:problem:busy"
    with small.client() as client:
        assert "detector_queue_pages 0.0" in client.get("/metrics").text


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
        # The page is in its pipe by now, and not read.
        time.sleep(0.2)
        os.kill(only, signal.SIGKILL)
        assert page.result().json()["label"] == "scraped"


@pytest.mark.parametrize(
    "page",
    [
        "<div " + " ".join(f"a{number}=1" for number in range(60_000)) + ">x</div>",
        "<div>" * 150_000,
        "<select>" + "<option>" * 100_000,
        "<" * 900_000,
        "<p>\0\ufffe\ud83d\ude00" * 30_000,
    ],
    ids=["attributes", "nesting", "options", "brackets", "odd characters"],
)
def test_a_hostile_page_is_answered(small: Service, page: str) -> None:
    with small.client() as client:
        answer = client.post("/v1/classify", content=json.dumps({"html": page}).encode(), headers={"content-type": "application/json"})
        assert answer.status_code == 200
        assert client.post("/v1/classify", json={"html": HONEST}).json()["abstained"] is None


def test_what_was_accepted_is_answered_after_sigterm() -> None:
    async def load(service: Service) -> list[int]:
        async with httpx.AsyncClient(base_url=service.url, timeout=60) as client:

            async def one() -> int:
                return (await client.post("/v1/classify:batch", json={"pages": [{"text": scraped()}] * 4})).status_code

            asked = [asyncio.create_task(one()) for _ in range(20)]
            await asyncio.sleep(0.5)
            service.process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.3)
            async with httpx.AsyncClient(base_url=service.url) as late:
                with pytest.raises(httpx.ConnectError):
                    await late.get("/healthz")
            return list(await asyncio.gather(*asked))

    with running("--workers", 1) as service:
        codes = asyncio.run(load(service))
        assert service.process.wait(60) == 0
    assert codes == [200] * 20


def test_a_kept_connection_is_answered_and_told_before_it_is_closed() -> None:
    """A client with a connection at hand may ask in the moment of SIGTERM; it hears that it must not again."""
    with running("--workers", 1) as service, httpx.Client(base_url=service.url, timeout=60) as client:
        assert "connection" not in client.get("/healthz").headers
        service.process.send_signal(signal.SIGTERM)
        time.sleep(0.4)
        answer = client.get("/healthz")
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        with pytest.raises(httpx.ConnectError):
            client.get("/healthz")
        assert service.process.wait(60) == 0


def test_off_loopback_a_token_is_needed_to_start(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="token-file"), running("--host", "0.0.0.0"):
        pass
    token = tmp_path / "token"
    token.write_text("short")
    token.chmod(0o600)
    with pytest.raises(AssertionError, match="16 or more"), running("--token-file", token):
        pass
    token.write_text(TOKEN)
    token.chmod(0o644)
    with pytest.raises(AssertionError, match="chmod 600"), running("--token-file", token):
        pass


def test_a_port_in_use_and_a_model_that_is_none_are_said_in_a_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match="give another --host or --port"), running("--port", port):
            pass
    with pytest.raises(AssertionError, match="detector train") as caught, running("--model", tmp_path):
        pass
    assert "Traceback" not in str(caught.value)


def test_a_request_that_takes_too_long_to_arrive_is_given_up(tmp_path: Path) -> None:
    with running("--workers", 1, "--body-seconds", 1) as service:
        host, port = service.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as slow:
            slow.sendall(b"POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
            answer = b""
            while part := slow.recv(65536):
                answer += part
        assert answer.startswith(b"HTTP/1.1 408") and b"urn:detector:problem:slow-request" in answer
        with service.client() as client:
            assert client.get("/healthz").status_code == 200


def test_a_store_that_another_program_holds_at_the_start_ends_the_service(tmp_path: Path) -> None:
    """It says why and exits 2, with no worker left behind; it does not hang."""
    with running("--workers", 1, "--store", tmp_path / "store.db") as service:
        with service.client() as client:  # it answers, so it also knows how to stop
            assert client.get("/v1/model").status_code == 200
        assert service.stop() == 0
    other = sqlite3.connect(tmp_path / "store.db")
    other.execute("BEGIN IMMEDIATE")
    command = [sys.executable, "-m", "detector", "serve", "--port", "0", "--workers", "1", "--store", str(tmp_path / "store.db")]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=90)
    other.close()
    assert done.returncode == 2 and "store" in done.stderr and "Traceback" not in done.stderr


def test_a_store_that_does_not_answer_is_said_so_and_no_page_is_logged(tmp_path: Path) -> None:
    with running("--workers", 1, "--store", tmp_path / "store.db") as service, service.client() as client:
        other = sqlite3.connect(tmp_path / "store.db")
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/v1/classify", json={"text": "unmistakable " * 60})
        assert answer.status_code == 503 and answer.json()["type"] == "urn:detector:problem:store-unavailable"
        other.rollback()
        other.close()
        assert client.post("/v1/classify", json={"text": scraped()}).status_code == 200
        log = "".join(service.log)
        assert "the store failed" in log and "unmistakable" not in log
