"""Large, slow and hostile requests: each is answered, and nobody else waits for it."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.conftest import ENVIRONMENT, HONEST, TOKEN, Service, running, scraped


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
