"""Makes docs/pictures: front page, story, search and lab; light, dark, on a phone, on a projector.

And the one that moves. python -m tests.e2e.pictures, with BASE_URL for a newspaper that runs already. Lossy WebP:
small enough to commit.
"""

import base64

from playwright.sync_api import expect

from .browser import chromium, log_in
from .moving_picture import take_moving_picture
from .stack import PROJECT, running_stack

FOLDER = PROJECT / "docs" / "pictures"
QUALITY = 45  # of 100
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "projector": {"viewport": {"width": 1920, "height": 1080}, "color_scheme": "light"},
}
RACE = "/lab/?router=naive&router=published&router=ours&n=6&replica1=0&replica2=2"


def take(page, name, whole=False):
    """Save what the page shows now, as docs/pictures/NAME.webp; with `whole`, also what has to be scrolled to."""
    page.evaluate("document.fonts.ready")
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight") if whole else size["height"]
    wanted = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": whole}
    top = 0 if whole else page.evaluate("scrollY")
    wanted["clip"] = {"x": 0, "y": top, "width": size["width"], "height": height, "scale": 1}
    picture = page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    data = base64.b64decode(picture["data"])
    (FOLDER / f"{name}.webp").write_bytes(data)
    print(f"docs/pictures/{name}.webp  {len(data) / 1024:.0f} kB", flush=True)


def run_race(page):
    """Run the race of RACE once, for the chart that all of the lab's pictures show."""
    log_in(page, "admin", "/lab/")
    page.goto(RACE)
    page.get_by_role("button", name="Run the race").click()
    expect(page.locator("#status")).to_have_text("The race is on.", timeout=30_000)
    expect(page.locator("#status")).to_have_text("The race is over.", timeout=300_000)


def take_lab(page, look):
    log_in(page, "admin", "/lab/")
    page.goto(RACE)
    page.wait_for_selector("#result:not([hidden])")
    slider = page.locator("#lag-replica2")
    slider.fill("5")
    slider.dispatch_event("change")
    page.get_by_role("button", name="Save a row").click()
    page.wait_for_timeout(4000)  # milliseconds; so that there is something to plot
    page.get_by_role("button", name="Save a row").click()
    page.wait_for_selector("#node-replica2 .row.is-old")
    page.wait_for_timeout(2000)
    take(page, f"lab-{look}", whole=True)


def take_all(site):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        run_race(browser.new_context(base_url=site).new_page())
        for look, options in LOOKS.items():
            context = browser.new_context(base_url=site, reduced_motion="reduce", **options)
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.goto("/")
            take(page, f"front-{look}")
            page.locator(".is-lead .headline a").click()
            page.wait_for_selector(".story h1")
            take(page, f"story-{look}")
            page.goto("/search/?q=replica")
            take(page, f"search-{look}")
            page.locator(".race-line summary").click()
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            take(page, f"line-{look}")
            take_lab(page, look)
            context.close()


if __name__ == "__main__":
    take_moving_picture()
    with running_stack() as address:
        take_all(address)
