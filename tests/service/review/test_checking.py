"""A page is checked and decided on: its verdict, its evidence where it stands, a correction with its note."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, BrowserContext, Page, expect

from detector import Detector
from tests.conftest import PAGES
from tests.service.conftest import Service, running, scraped
from tests.service.review.conftest import PHONE, decided, needs_chromium, paste

pytestmark = needs_chromium


def test_a_pasted_page_gets_its_verdict_and_its_evidence_marked_where_it_stands(page: Page) -> None:
    paste(page, scraped(), "https://embassy.example/a")
    expect(page.locator("#label")).to_have_text("scraped")
    expect(page.get_by_text("likely not to be clean")).to_be_visible()
    marks = page.locator(".words mark")
    assert marks.count() >= 3
    assert "谷歌邮箱老号批发" in "".join(marks.all_inner_texts())
    # A number beside the mark leads to the sentence that explains it, and back.
    page.locator(".words a.number-badge").first.click()
    expect(page.locator(".evidence li:target")).to_be_visible()
    page.locator(".evidence li:target").get_by_role("link").click()
    expect(page.locator("mark:target")).to_be_visible()
    assert page.locator(".families tr").count() >= 3


def test_a_file_is_dropped_and_checked(page: Page) -> None:
    page.goto("/")
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "page.txt", {type: "text/plain"}));
            document.getElementById("check").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        scraped(),
    )
    page.get_by_role("button", name="Check the page").click()
    expect(page.locator("#label")).to_have_text("scraped")
    expect(page.locator(".address")).to_have_text("page.txt")


def test_nothing_pasted_is_said_so(page: Page, context: BrowserContext) -> None:
    plain = context.new_page()
    plain.goto("/")
    plain.get_by_role("button", name="Check the page").click()
    expect(plain.get_by_role("alert")).to_contain_text("Paste a page")


def undecided(low: float, high: float) -> str:
    """The first hand-written page whose probability lies between two thresholds, whatever the shipped model is."""
    detector = Detector.load()
    for path in sorted(PAGES.glob("*.html")):
        html = path.read_text(encoding="utf-8").split("---", 2)[2]
        verdict = detector.classify(html)
        if verdict.flag_probability is not None and low < verdict.flag_probability < high:
            return html
    raise AssertionError("no page lies between the operating points")


def test_another_operating_point_decides_again_without_asking_the_server(page: Page, service: Service) -> None:
    with service.client() as client:
        points = client.get("/v1/model").json()["operating_points"]
    paste(page, undecided(points["high-recall"]["threshold"], points["high-precision"]["threshold"]))
    chance = float(page.locator("#verdict").get_attribute("data-flag") or 0)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    outcomes = set()
    for name, point in points.items():
        page.get_by_role("radio", name=re.compile(f"^{name}")).check()
        label = page.locator("#label").inner_text()
        outcomes.add(label == "clean")
        assert (label != "clean") == (chance >= point["threshold"])
    assert outcomes == {True, False}, "the page was to lie between two operating points"
    assert asked == []


def test_a_correction_is_saved_with_its_note_and_taken_back(page: Page, service: Service) -> None:
    paste(page, scraped(), "https://correct.example/a")
    id = str(page.locator("#verdict").get_attribute("data-id"))
    page.get_by_role("radio", name="clean", exact=True).check()
    page.get_by_label("Note").fill("syndicated with permission")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.get_by_role("heading", name="Decided: clean")).to_be_visible()
    expect(page.locator(".history")).to_contain_text("syndicated with permission")
    assert decided(service, id) == "clean"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    expect(page.locator(".history")).to_contain_text("taken back by local")
    assert decided(service, id) is None
    page.reload()
    expect(page.locator(".history")).to_contain_text("taken back by local")


def test_front_matter_of_a_file_is_no_part_of_the_page_and_names_its_address(page: Page) -> None:
    """As `detector classify` reads the same file; an address that is typed goes before the file's own."""
    file = {
        "name": "page.txt",
        "mimeType": "text/plain",
        "buffer": f"---\nlabel: spam\nurl: https://own.example/a\n---\n{scraped()}".encode(),
    }
    for typed, told in (("", "https://own.example/a"), ("https://typed.example/a", "https://typed.example/a")):
        page.goto("/")
        page.get_by_label("Address of the page").fill(typed)
        page.get_by_label("Or a file").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Check the page").click()
        expect(page.locator(".address")).to_have_text(told)
        expect(page.locator(".text")).not_to_contain_text("label: spam")


def test_evidence_after_the_fifth_piece_is_folded_and_unfolds_without_a_script(browser: Browser, service: Service) -> None:
    """On a phone the marked text stands below the evidence."""
    for script in (True, False):
        context = browser.new_context(base_url=service.url, viewport=PHONE, java_script_enabled=script)  # type: ignore[arg-type]
        page = context.new_page()
        paste(page, scraped(), "https://fold.example/a")
        pieces = page.locator(".evidence li")
        assert pieces.count() > 5, "the page was to have more evidence"
        expect(pieces.nth(4)).to_be_visible()
        expect(pieces.nth(5)).not_to_be_visible()
        page.locator("summary", has_text="of evidence").focus()
        page.keyboard.press("Enter")
        expect(pieces.nth(5)).to_be_visible()
        page.keyboard.press("Enter")
        expect(pieces.nth(5)).not_to_be_visible()
        page.emulate_media(media="print")
        expect(pieces.nth(5)).to_be_visible()
        page.emulate_media(media="screen")
        # A number in the text leads into the fold.
        page.locator(".words a.number-badge[href='#e6']").click()
        expect(pieces.nth(5)).to_be_visible()
        context.close()


def test_a_page_that_was_not_kept_says_how_to_keep_it(browser: Browser) -> None:
    with running("--workers", 1) as service:
        context = browser.new_context(base_url=service.url)
        page = context.new_page()
        paste(page, scraped())
        page.reload()
        expect(page.locator(".text")).to_contain_text("Start the service with --store")
        # Of what could not be read there was no text to keep.
        page.goto("/")
        page.get_by_label("Or a file").set_input_files(
            {"name": "a.html", "mimeType": "text/html", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(400)}
        )
        page.get_by_role("button", name="Check the page").click()
        expect(page.locator(".text")).to_contain_text("There is no text to show")
        context.close()
