"""A page that is reviewed runs nothing, loads nothing and turns nothing around."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import Browser, Page, expect

from tests.service.conftest import Service, scraped
from tests.service.review.conftest import needs_chromium, paste

pytestmark = needs_chromium


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
