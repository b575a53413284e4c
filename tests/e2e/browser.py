"""The system's Chromium, and what people do with it."""

import os
import shutil
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
)


@contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


def log_in(page, name, then="/admin/"):
    """Log in to the admin as `editor` or `admin`, and go on to `then`."""
    page.goto(f"/admin/login/?next={then}")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(name)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{then}")


def read_from(page):
    """Return what the line under the page says."""
    return page.locator(".race-line summary").inner_text()
