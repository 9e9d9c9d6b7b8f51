"""The service as its users run it: a process of its own, on a port of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

import detector
from tests.databases import emptied, postgresql

DEMO = Path(__file__).parents[1] / "pages" / "demo"
TOKEN = "a-token-of-forty-characters-for-the-tests"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(detector.__file__).parent.parent)}
# Long enough to be judged.
HONEST = "<!doctype html><html lang=en><title>Council approves bridge</title><h1>Council approves bridge</h1><p>" + (
    "The town council approved the construction of a second bridge on Tuesday after three years of debate about its cost. " * 6
)


def scraped() -> str:
    """A page that the shipped model flags, with evidence in its text."""
    return (DEMO / "scraped-en-embassy-interview.txt").read_text(encoding="utf-8").split("---", 2)[2]


@dataclass
class Service:
    """A running service. `log` grows while it runs."""

    process: subprocess.Popen[str]
    url: str = ""
    log: list[str] = field(default_factory=list)

    def client(self, token: str | None = None, **more: object) -> httpx.Client:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **more)  # type: ignore[arg-type]

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        listed = subprocess.run(["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(90)


@contextmanager
def running(*arguments: object) -> Iterator[Service]:
    command = [sys.executable, "-m", "detector", "serve", "--port", "0", *map(str, arguments)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    service = Service(process)
    try:
        assert process.stderr is not None
        for line in process.stderr:
            service.log.append(line)
            found = re.search(r"serving on (http://\S+)", line)
            if found:
                service.url = found[1]
                break
        assert service.url, "".join(service.log)
        threading.Thread(target=lambda: service.log.extend(process.stderr or []), daemon=True).start()
        yield service
    finally:
        if process.poll() is None:
            service.stop()


@pytest.fixture(scope="session")
def start() -> Callable[..., object]:
    """start("--workers", 1, …) as a context manager."""
    return running


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(scope="module", params=["sqlite", "memory", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service a module and database."""
    store: tuple[str, ...] = ("--store", str(tmp_path_factory.mktemp("store") / "store.db"))
    if request.param == "postgresql":
        store = ("--store", emptied(request.getfixturevalue("server")))
    with running("--workers", 1, *(store if request.param != "memory" else ())) as service:
        yield service


@pytest.fixture
def client(service: Service) -> Iterator[httpx.Client]:
    with service.client() as client:
        yield client


@pytest.fixture(scope="module")
def small() -> Iterator[Service]:
    """A service with room for four pages and a megabyte."""
    with running("--workers", 2, "--queue", 4, "--max-body", 1_000_000, "--page-seconds", 3) as service:
        yield service
