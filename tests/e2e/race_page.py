"""docs/race.html in a browser: where it is, its steps, and how a test gets at a step's parts."""

from .stack import PROJECT

FILE = PROJECT / "docs" / "race.html"
ADDRESS = FILE.as_uri()
STEPS = [
    "the-race",
    "the-path-rule",
    "the-lost-login",
    "two-replicas-in-one-page",
    "the-two-second-guess",
    "the-bookmark",
    "a-promotion",
    "a-frozen-server",
    "sandbox",
]
SCREENS = {"phone": (360, 740), "laptop": (1280, 860), "projector": (1920, 1080)}


def is_allowed(url):
    """Whether a request is for the file itself, or for what it holds."""
    return url.startswith((ADDRESS, "data:"))


def part(page, step, name):
    return page.locator(f"[data-step={step}] [data-is={name}]")


def tally(page, step):
    return part(page, step, "tally").inner_text()


def press(page, step, name):
    page.locator(f"[data-step={step}]").get_by_role("button", name=name, exact=True).click()
