"""The review page in a real browser: what a moderator does, with and without a mouse, on a desk and on a phone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from detector import Detector
from tests.service.conftest import HONEST, TOKEN, Service, running, scraped

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; apt-get install chromium to run the browser tests")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running("--workers", 1, "--store", tmp_path_factory.mktemp("store") / "store.db") as service:
        yield service


@pytest.fixture(scope="module")
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
    for path in sorted((Path(__file__).parents[1] / "pages").glob("*.html")):
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


class _Trap(BaseHTTPRequestHandler):
    """Writes down whoever comes."""

    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


def test_a_hostile_page_runs_nothing_and_loads_nothing(browser: Browser, service: Service) -> None:
    seen: list[str] = []
    trap = ThreadingHTTPServer(("127.0.0.1", 0), type("Trap", (_Trap,), {"seen": seen}))
    Thread(target=trap.serve_forever, daemon=True).start()
    evil = f"http://127.0.0.1:{trap.server_port}"
    hostile = f"""<!doctype html><html><head><meta http-equiv=refresh content="0;url={evil}/refresh"><base href="{evil}/">
<script>window.ran = 1; fetch("{evil}/script")</script><script src="{evil}/src.js"></script><link rel=stylesheet href="{evil}/style.css">
<title></title><script>window.ran = 2</script></head><body onload="window.ran = 3"><img src="{evil}/img.png" onerror="window.ran = 4">
<svg onload="window.ran = 5"><iframe src="{evil}/frame" srcdoc="<script>parent.ran = 6</script>"></iframe>
<a href="javascript:window.ran=7">Buy Gmail accounts cheap</a><form action="{evil}/form"><button>go</button></form>
<p>&lt;script&gt;window.ran = 8&lt;/script&gt; &lt;img src={evil}/escaped onerror=window.ran=9&gt; {{{{ 7 * 7 }}}}</p>
<p>{"Online casino bonus. " * 30}</p></mark></p></section><style>body {{ display: none }}</style>
<footer>© "><script>window.ran = 10</script> Buy Gmail accounts, bulk PVA accounts for sale</footer>{"<p>more words here</p>" * 20_000}</body></html>"""
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    address = 'javascript:window.ran=11//"><script>window.ran=12</script>'
    paste(page, hostile, address)
    id = str(page.locator("#verdict").get_attribute("data-id"))
    page.get_by_label("Note").fill("<script>window.ran = 13</script><img src=x onerror=window.ran=14>")
    page.get_by_role("button", name="the decision").click()
    page.wait_for_selector(".history")
    for path in (f"/verdicts/{id}", "/queue?state=all"):
        page.goto(path)
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
        assert page.locator("iframe, object, embed, base, main script, main style, main img, a[href^='javascript:']").count() == 0
    assert page.url.startswith(service.url)
    assert seen == [] and all(one.startswith(service.url) for one in asked), asked
    with service.client() as client:
        answer = client.get(f"/verdicts/{id}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    # Had the browser been asked to: the policy alone stops a script that got in.
    page.goto(f"/verdicts/{id}")
    page.evaluate("document.body.appendChild(Object.assign(document.createElement('script'), {textContent: 'window.ran = 15'}))")
    page.evaluate(f"document.body.appendChild(Object.assign(new Image(), {{src: '{evil}/late.png'}}))")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None and seen == []
    trap.shutdown()
    context.close()


def test_with_a_token_people_sign_in_and_their_name_is_kept(browser: Browser, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    with running("--workers", 1, "--token-file", token, "--store", tmp_path / "store.db") as service:
        context = browser.new_context(base_url=service.url)
        page = context.new_page()
        page.goto("/queue")
        expect(page).to_have_url(re.compile("/sign-in"))
        page.get_by_label("Your name").fill("Ada")
        page.get_by_label("The service’s token").fill("wrong-token-wrong-token")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("not the token")
        page.get_by_label("The service’s token").fill(TOKEN)
        page.get_by_role("button", name="Sign in").click()
        expect(page).to_have_url(re.compile("/queue$"))
        paste(page, scraped())
        page.get_by_role("button", name="Save the decision").click()
        expect(page.locator(".history")).to_contain_text("by Ada")
        (cookie,) = context.cookies()
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and TOKEN not in cookie["value"]
        page.get_by_role("button", name="Sign out").click()
        page.goto("/")
        expect(page).to_have_url(re.compile("/sign-in"))
        context.close()


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


def test_what_turns_text_around_is_shown_and_turns_nothing(page: Page) -> None:
    """Evidence reads as it stands in the page's source, and is marked where it stands."""
    controls = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    paste(
        page, scraped().replace("谷歌邮箱老号批发", "\u202e谷歌邮箱老号批发") + f"\n{controls} שלום", "https://turned.example/\u202egpj.exe"
    )
    expect(page.locator(".address")).to_have_text("https://turned.example/[RLO]gpj.exe")
    assert "[RLO]谷歌邮箱老号批发" in "".join(page.locator(".words mark").all_inner_texts())
    assert "[LRE][RLE][PDF][LRO][RLO][LRI][RLI][FSI][PDI][LRM][RLM][ALM] שלום" in page.locator(".text").inner_text()
    assert "[RLO]" in page.title()
    expect(page.locator(".evidence li", has_text="[RLO]谷歌邮箱老号批发").first).to_be_attached()
    # A mark has no say in which way the words around it run.
    last = page.locator(".words p", has_text="שלום").last
    assert last.evaluate("element => getComputedStyle(element).direction") == "rtl"
    for path in (page.url, "/queue?host=turned.example"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text("[RLO]")
        assert not set(controls) & set(page.content())
        assert page.locator("main :is(q, blockquote)").count()
        assert page.evaluate("[...document.querySelectorAll('main :is(q, blockquote)')].every(quote => quote.closest('bdi, [dir=auto]'))")


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
