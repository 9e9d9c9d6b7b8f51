"""The queue is filtered, and worked through by keys."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.service.conftest import HONEST, Service
from tests.service.review.conftest import decided, needs_chromium, submit

pytestmark = needs_chromium


def test_the_queue_is_worked_through_by_keys(page: Page, service: Service) -> None:
    third, second, first = ids = submit(service, 3, "queue.example")
    page.goto("/queue?host=queue.example")
    expect(page.locator(".row")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.locator(f"#v{third}")).to_be_focused()
    page.keyboard.press("s")
    expect(page.locator(f"#v{second}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#v{third}")).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(f"#v{second}")).to_be_focused()
    assert decided(service, third) == "scraped"
    page.keyboard.press("c")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("a shop of its own: jackass")
    page.keyboard.press("Enter")
    expect(page.locator(f"#v{first}")).to_be_focused()
    assert decided(service, second) == "hijacked"
    page.keyboard.press("u")
    expect(page.locator(f"#v{second}")).to_be_focused()
    assert [decided(service, id) for id in ids] == ["scraped", None, None]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/verdicts/{second}")


def test_keys_can_be_turned_off(page: Page, service: Service) -> None:
    (id,) = submit(service, 1, "keys.example")
    page.goto("/queue?host=keys.example")
    page.get_by_label("Keys are on").uncheck()
    page.locator(f"#v{id}").focus()
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert decided(service, id) is None


def test_the_queue_is_filtered_by_label_host_probability_and_state(page: Page, service: Service) -> None:
    submit(service, 2, "filter.example")
    with service.client() as client:
        client.post("/v1/classify", json={"html": HONEST, "url": "https://www.filter.example/honest"})
    page.goto("/queue")
    page.get_by_label("Host").fill("filter.example")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator(".row")).to_have_count(3)
    page.get_by_label("Label").select_option("scraped")
    page.get_by_label("From %").fill("90")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.locator(".row")).to_have_count(2)
    page.get_by_label("Show").select_option("decided")
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_text("No verdict fits.")).to_be_visible()


def test_the_queue_says_what_its_percentages_are_of(page: Page, service: Service) -> None:
    """A page may be called clean and be likelier not to be: a bare number beside the label would be read the other way round."""
    submit(service, 1, "percent.example")
    page.goto("/queue?host=percent.example")
    expect(page.locator(".row .line")).to_contain_text(re.compile(r"\d %\s+likely not to be clean"))
    for name in ("Not clean, from %", "Not clean, to %"):
        expect(page.get_by_label(name)).to_be_visible()


def test_a_key_that_cannot_act_says_which_one_can(page: Page, service: Service) -> None:
    with service.client() as client:
        client.post("/v1/classify", json={"text": "short", "url": "https://said.example/a"})
    page.goto("/queue?host=said.example")
    said = page.get_by_role("status")
    page.keyboard.press("c")
    expect(said).to_contain_text("press j", ignore_case=True)
    page.keyboard.press("u")
    expect(said).to_contain_text("Nothing to undo")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(said).to_contain_text("press c")
    page.keyboard.press("c")
    page.locator(".row").get_by_role("button", name="Save").click()
    expect(said).to_contain_text("Saved")
    for key in ("a", "c"):
        expect(page.locator(".row")).to_be_focused()
        page.keyboard.press(key)
        expect(said).to_contain_text("press u")
        page.keyboard.press("u")
        expect(said).to_contain_text("Taken back")
        page.keyboard.press("c")
        page.locator(".row").get_by_role("button", name="Save").click()
        expect(said).to_contain_text("Saved")
