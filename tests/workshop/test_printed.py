"""The slides and the hand-out: as many pages as promised, nothing from elsewhere, the same code as the solutions."""

import html
import re
import shutil
import subprocess
import textwrap

import pytest

from workshop.chapters import HERE

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGES = {"slides.html": 20, "handout.html": 2}
each_page = pytest.mark.parametrize("name", PAGES)


@pytest.mark.skipif(not CHROMIUM, reason="needs Chromium, to print")
@pytest.mark.timeout(120)
@each_page
def test_it_prints_on_as_many_pages_as_promised(name, tmp_path):
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
    out = tmp_path / "printed.pdf"
    subprocess.run([*command, f"--print-to-pdf={out}", (HERE / name).as_uri()], check=True, capture_output=True)
    assert len(re.findall(rb"/Type\s*/Page\b", out.read_bytes())) == PAGES[name]


@each_page
def test_it_shows_files_of_the_project_alone(name):
    for link in re.findall(r'\b(?:src|href)="([^"]+)"', (HERE / name).read_text()):
        assert (HERE / link).exists(), link


def test_there_are_twenty_slides_with_notes():
    slides = re.findall(r"^<section>$.*?^</section>$", (HERE / "slides.html").read_text(), re.MULTILINE | re.DOTALL)
    assert len(slides) == PAGES["slides.html"]
    assert all(slide.count("<aside>") == 1 for slide in slides)


@pytest.mark.parametrize(
    ("name", "chapter"), [("slides.html", "02-route-by-path"), ("handout.html", "03-what-the-path-cannot-know")]
)
def test_the_router_is_the_solutions(name, chapter):
    def code(text):
        """The lines of db_for_read, without comments and indentation around them."""
        found = re.search(r"^ *def db_for_read.*?(?=\n\n|\Z)", text, re.MULTILINE | re.DOTALL)[0]
        return textwrap.dedent(re.sub(r" +#.*", "", found)).rstrip()

    shown = [html.unescape(block) for block in re.findall(r"<pre>(.*?)</pre>", (HERE / name).read_text(), re.DOTALL)]
    solution = code((HERE / chapter / "solution/router.py").read_text())
    assert solution in [code(block) for block in shown if "def db_for_read" in block]
