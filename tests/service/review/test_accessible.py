"""Everything is done without a mouse, without scripts, with a screen reader and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.service.conftest import Service, scraped
from tests.service.review.conftest import PHONE, decided, needs_chromium, paste, submit

pytestmark = needs_chromium


def test_everything_is_done_without_a_mouse(page: Page, service: Service) -> None:
    page.goto("/")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.innerText"))
        if reached[-1] == "body":
            break
    assert reached[0] == "Skip to the content" and reached[-2:] == ["url", "body"]
    page.keyboard.insert_text(scraped())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict")
    id = str(page.locator("#verdict").get_attribute("data-id"))
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "label":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decided: hijacked")).to_be_visible()
    assert decided(service, id) == "hijacked"


def test_forms_work_where_scripts_do_not(browser: Browser, service: Service) -> None:
    context = browser.new_context(base_url=service.url, java_script_enabled=False)
    page = context.new_page()
    paste(page, scraped(), "https://plain.example/a")
    page.get_by_role("radio", name="clean", exact=True).check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("heading", name="Decided: clean")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^high-precision")).check()
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.locator("#label")).to_have_text("scraped")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(browser: Browser, service: Service, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    (id,) = submit(service, 1, "axe.example")
    with service.client() as client:
        client.post(f"/v1/verdicts/{id}/feedback", json={"label": "clean", "note": "x"})
        short = client.post("/v1/classify", json={"text": "short"}).json()["verdict_id"]
    submit(service, 1, "axe.example")
    context = browser.new_context(base_url=service.url, viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for path in ("/", f"/verdicts/{id}", f"/verdicts/{short}", "/queue?state=all", "/nowhere"):
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_a_phone_has_room_for_all_of_it(browser: Browser, service: Service) -> None:
    context = browser.new_context(base_url=service.url, viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    paste(page, scraped() + "\n" + "x" * 3000, "https://phone.example/" + "long-" * 60)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("radio", name="clean", exact=True).tap()
    page.get_by_role("button", name="Save the decision").tap()
    expect(page.get_by_role("heading", name="Decided: clean")).to_be_visible()
    heights = [box["height"] for box in (one.bounding_box() for one in page.get_by_role("button").all()) if box]
    assert min(heights) >= 24
    context.close()
