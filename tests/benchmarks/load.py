"""The service under load on loopback: errors, latency at half of capacity, memory, and what SIGTERM does to those under way.

    python -m tests.benchmarks.load [--seconds 60] [--clients 50] [--workers 2]

First every client asks as fast as it is answered, which finds the capacity; then half of that rate is asked for, evenly spaced; then
SIGTERM comes while all clients ask. Bounded in time and in requests; the service is started and ended here.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx

from tests.service.conftest import Service, running

PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*.html"))[:40]


def bodies() -> list[bytes]:
    return [json.dumps({"html": page.read_text(encoding="utf-8"), "id": page.name}).encode() for page in PAGES]


def memory(service: Service) -> float:
    """Resident megabytes of the service and its workers."""
    pids = [service.process.pid, *service.workers()]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return round(pages * 4096 / 1e6, 1)


async def ask(client: httpx.AsyncClient, body: bytes, codes: Counter[str], times: list[float]) -> None:
    started = time.perf_counter()
    try:
        answer = await client.post("/v1/classify", content=body)
        codes[str(answer.status_code)] += 1
        if answer.status_code == 200:
            times.append(time.perf_counter() - started)
    except httpx.HTTPError as error:
        codes[type(error).__name__] += 1


async def flood(service: Service, clients: int, seconds: float, stop_after: float | None = None) -> dict[str, Any]:
    codes: Counter[str] = Counter()
    times: list[float] = []
    pages = bodies()
    until = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=clients)

    async def one(client: httpx.AsyncClient, number: int) -> None:
        while time.perf_counter() < until and not codes["ConnectError"]:
            await ask(client, pages[number % len(pages)], codes, times)
            number += clients

    async with httpx.AsyncClient(base_url=service.url, timeout=60, limits=limits, headers={"content-type": "application/json"}) as client:
        asking = [asyncio.create_task(one(client, number)) for number in range(clients)]
        if stop_after is not None:
            await asyncio.sleep(stop_after)
            service.process.send_signal(signal.SIGTERM)
        await asyncio.gather(*asking)
    return {"codes": dict(codes), "a second": round(len(times) / seconds, 1), **quantiles(times)}


async def paced(service: Service, rate: float, seconds: float) -> dict[str, Any]:
    codes: Counter[str] = Counter()
    times: list[float] = []
    pages = bodies()
    async with httpx.AsyncClient(base_url=service.url, timeout=60, headers={"content-type": "application/json"}) as client:
        asking = []
        started = time.perf_counter()
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            asking.append(asyncio.create_task(ask(client, pages[number % len(pages)], codes, times)))
        await asyncio.gather(*asking)
    return {"codes": dict(codes), "a second": round(rate, 1), **quantiles(times)}


def quantiles(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return (
        {name: round(1000 * ordered[int(share * (len(ordered) - 1))], 1) for name, share in (("p50 ms", 0.5), ("p99 ms", 0.99))}
        if ordered
        else {}
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running("--workers", asked.workers, "--queue", 32, "--store", f"{folder}/store.db") as service,
    ):
        asyncio.run(flood(service, asked.clients, 3))
        before = memory(service)
        most = asyncio.run(flood(service, asked.clients, asked.seconds))
        print(json.dumps({"as fast as it goes": most}))
        print(json.dumps({"memory MB": [before, memory(service)]}))
        print(json.dumps({"at half of that": asyncio.run(paced(service, most["a second"] / 2, asked.seconds / 2))}))
        print(json.dumps({"SIGTERM under load": asyncio.run(flood(service, asked.clients, 8, stop_after=3))}))
        print(json.dumps({"exit": service.process.wait(60)}))


if __name__ == "__main__":
    main()
