"""The pictures in the README, taken anew:  python -m tests.service.screenshots docs/screenshots"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from typer.testing import CliRunner

from detector.cli.app import app
from tests.service.conftest import running
from tests.service.review.conftest import CHROMIUM

PAGES = Path(__file__).parents[1] / "pages"
QUEUE = (
    "clean-de-mitteilungsblatt-anzeigen.html",
    "spam-ja-diet-pill-doorway.html",
    "clean-en-allotment-blog-comments.html",
    "hijacked-en-parish-white-links.html",
    "scraped-en-paving-brick-theme.html",
    "demo/scraped-en-embassy-interview.txt",
)


def check(page: Page, path: Path) -> None:
    _, head, body = path.read_text(encoding="utf-8").split("---", 2)
    url = next((line.partition(":")[2].strip() for line in head.splitlines() if line.startswith("url:")), "")
    page.goto("/")
    page.get_by_label("HTML or text").fill(body)
    page.get_by_label("Address of the page").fill("" if url == "null" else url)
    page.get_by_role("button", name="Check the page").click()
    page.wait_for_selector("#verdict")
    page.wait_for_load_state()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, running("--store", f"{work}/store.db") as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(base_url=service.url, viewport={"width": 1180, "height": 1240})
        for name in QUEUE:
            check(page, PAGES / name)
        page.screenshot(path=folder / "verdict.png")
        page.set_viewport_size({"width": 1180, "height": 800})
        page.goto("/queue")
        page.keyboard.press("j")
        page.screenshot(path=folder / "queue.png")
        # From the pages' folder, so that no picture shows where this checkout is.
        folder = folder.resolve()
        os.chdir(PAGES)
        for name, arguments in (("evaluate", ["."]), ("explain", [QUEUE[-1]])):
            report = Path(work) / f"{name}.html"
            done = CliRunner().invoke(app, [name, *arguments, "--report", str(report)])
            assert done.exit_code == 0, done.output
            page.goto(report.as_uri())
            page.set_viewport_size({"width": 1180, "height": 1000})
            page.screenshot(path=folder / f"{name}-report.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
