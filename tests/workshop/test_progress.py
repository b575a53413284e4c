"""How far a learner has come: what is kept, what is checked again, what the watch mode shows, and how it is reset."""

import shutil
import subprocess
import threading
from contextlib import nullcontext
from functools import partial

import pytest

from workshop.__main__ import check, how_far
from workshop.chapters import HERE, Chapter, chapters
from workshop.progress import Progress
from workshop.watch import watch_chapters

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def chapter(tmp_path):
    """A copy of chapter 4, as shipped."""
    folder = tmp_path / "workshop" / chapters()[3].folder.name
    shutil.copytree(chapters()[3].folder, folder)
    return Chapter(folder)


@pytest.fixture
def progress(tmp_path):
    return Progress(tmp_path / "kept" / "workshop.json")


@pytest.fixture
def look(chapter, progress, lesson_cluster):
    return partial(how_far, [chapter], progress, servers=lambda: nullcontext(lesson_cluster))


def solve(chapter):
    shutil.copytree(chapter.folder / "solution", chapter.folder, dirs_exist_ok=True)


def no_servers():
    pytest.fail("it was checked again")


def test_how_far_names_the_next_chapter_and_checks_what_has_changed(look, chapter, capfd):
    look()
    assert f"0 of 1 chapters done. Next: workshop/{chapter.folder.name}/README.md" in capfd.readouterr().out
    look(servers=no_servers)
    solve(chapter)
    look()
    assert capfd.readouterr().out.endswith(f"done  {chapter.title}\n\n1 of 1 chapters done. That was all.\n")
    look(servers=no_servers)


def test_a_solution_is_not_the_learners_progress(chapter, progress, lesson_cluster):
    how_far([chapter], None, "--solution", servers=lambda: nullcontext(lesson_cluster))
    assert progress.last(chapter) is None


@pytest.mark.parametrize("kept", ["", "[]", '{"04": 1}'])
def test_a_file_of_progress_that_is_broken_is_no_progress(chapter, progress, kept):
    progress.path.parent.mkdir()
    progress.path.write_text(kept)
    assert progress.last(chapter) is None
    progress.keep(chapter, chapter.fingerprint(), True)
    assert progress.last(chapter) is True


def test_progress_that_cannot_be_kept_says_so_and_harms_nothing(chapter, tmp_path, capsys):
    (tmp_path / "file").touch()
    Progress(tmp_path / "file" / "workshop.json").keep(chapter, "", True)
    assert "your progress isn't kept" in capsys.readouterr().out


def test_watching_checks_each_save_shows_what_changed_and_ends_when_done(chapter, progress, lesson_cluster, capfd):
    threading.Timer(1, solve, [chapter]).start()
    watch_chapters([chapter], lambda each: check(lesson_cluster, each, progress))
    out = capfd.readouterr().out
    for shown in ("Goal: the page publishes", "publish_due.py", "+class Command(PrimaryCommand):", "done — the page"):
        assert shown in out
    assert out.index("+class") < out.index("done — the page")
    assert progress.last(chapter) is True


def test_between_two_groups_the_files_come_back_and_what_was_written_is_kept(tmp_path):
    git = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True, text=True)
    git(["git", "init", "--quiet"])
    shutil.copy(HERE.parent / "Makefile", tmp_path)
    router = tmp_path / "workshop/02-route-by-path/router.py"
    router.parent.mkdir(parents=True)
    router.write_text("shipped")
    git(["git", "add", "."])
    git(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "--message=shipped"])
    router.write_text("solved")
    router.with_name("notes.txt").write_text("mine")
    git(["make", "workshop-reset"])
    assert router.read_text() == "shipped"
    assert not router.with_name("notes.txt").exists()
    assert "solved" in git(["git", "stash", "show", "--patch"]).stdout
