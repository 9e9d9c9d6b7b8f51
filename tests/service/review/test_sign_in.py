"""Where the service has a token, people sign in with it."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.service.conftest import TOKEN, running, scraped
from tests.service.review.conftest import needs_chromium, paste

pytestmark = needs_chromium


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
