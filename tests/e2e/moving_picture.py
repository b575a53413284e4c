"""The README's moving picture: docs/race.html plays a save and a page, without a bookmark and with one. Ten seconds.

python -m tests.e2e.moving_picture; `make pictures` takes it with the others. It needs no newspaper.
"""

import io

from PIL import Image

from .browser import chromium
from .stack import PROJECT

FOLDER = PROJECT / "docs" / "pictures"
PAGE = (PROJECT / "docs" / "race.html").as_uri() + "#the-race?router={}&lag=900,900&do=save@100,story@420&at=0"
SPEED = 0.25  # of the race's own time
FRAME = 125  # milliseconds that one is shown
PLAYS = [("naive", 700), ("ours", 900)]  # until when, in the race's milliseconds
REST = 1700  # milliseconds that the last frame of each is shown
WIDTH = 900
# The picture and the browser are enough. What is pressed is told by the numbers on the editor's line.
ONLY_THE_RACE = """
  body { padding: 0; max-width: none; }
  .masthead, .lead, .words, .clock, .actions, .links, .log, .lags, .about, .where, section:not(#the-race) {
    display: none !important; }
  main > section { padding: 0; }
  .stage { margin: 0; max-width: none; border: 0; }
  .scene { grid-template-columns: minmax(0, 1fr) 15rem; }
  .window { min-height: 24.5rem; }
"""


def take_moving_picture():
    """Write docs/pictures/race-light.webp and race-dark.webp. Who wants no motion gets docs/race.svg instead."""
    with chromium() as browser:
        for scheme in ("light", "dark"):
            frames, durations = [], []
            for router, until in PLAYS:
                page = browser.new_page(
                    viewport={"width": WIDTH, "height": 600}, color_scheme=scheme, reduced_motion="reduce"
                )
                page.goto(PAGE.format(router))
                page.add_style_tag(content=ONLY_THE_RACE)
                page.evaluate("document.fonts.ready")
                for at in range(0, until + 1, int(FRAME * SPEED)):
                    page.evaluate(f"race.stages.get('the-race').moveTo({at})")
                    frames.append(_shot(page))
                    durations.append(FRAME)
                durations[-1] = REST
                page.close()
            _save(frames, durations, f"race-{scheme}")


def _shot(page):
    return Image.open(io.BytesIO(page.locator("[data-step=the-race]").screenshot())).convert("RGB")


def _save(frames, durations, name):
    size = (min(each.width for each in frames), max(each.height for each in frames))
    frames = [_on_a_sheet(each, size) for each in frames]
    file = FOLDER / f"{name}.webp"
    options = {"quality": 55, "method": 6, "minimize_size": True}
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=durations, loop=0, **options)
    print(f"docs/pictures/{file.name}  {file.stat().st_size / 1024:.0f} kB", flush=True)


def _on_a_sheet(frame, size):
    """All frames have one size, whatever the browser in them had to say."""
    sheet = Image.new("RGB", size, frame.getpixel((1, frame.height - 1)))
    sheet.paste(frame, (0, 0))
    return sheet


if __name__ == "__main__":
    take_moving_picture()
