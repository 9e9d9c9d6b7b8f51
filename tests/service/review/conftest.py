"""The review page in a real browser: one service and one browser for all of its tests, and what they do again and again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.service.conftest import Service, running, scraped

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; apt-get install chromium to run the browser tests")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running("--workers", 1, "--store", tmp_path_factory.mktemp("store") / "store.db") as service:
        yield service


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, service: Service) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=service.url, viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose scripts may not fail."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    assert faults == []


def paste(page: Page, body: str, url: str = "") -> None:
    page.goto("/")
    page.get_by_label("HTML or text").fill(body)
    page.get_by_label("Address of the page").fill(url)
    page.get_by_role("button", name="Check the page").click()
    page.wait_for_selector("#verdict")
    page.wait_for_load_state("load")


def submit(service: Service, count: int, host: str) -> list[str]:
    """Pages for the queue; ids, newest first as the queue has them."""
    with service.client() as client:
        ids = [
            client.post("/v1/classify", json={"text": scraped(), "url": f"https://{host}/{n}"}).json()["verdict_id"] for n in range(count)
        ]
    return ids[::-1]


def decided(service: Service, id: str) -> str | None:
    with service.client() as client:
        label: str | None = client.get(f"/v1/verdicts/{id}").json()["decided"]
        return label
