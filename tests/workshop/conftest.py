"""A cluster for the chapters: they run beside, in processes of their own, and not on the tests' cluster."""

import shutil
import subprocess

import pytest

from workshop.chapters import Chapter, chapters, learners_cluster


@pytest.fixture(scope="session")
def lesson_cluster():
    with learners_cluster() as cluster:
        yield cluster


@pytest.fixture
def start(lesson_cluster):
    """Run or check a chapter; return its exit status and what it said."""

    def start(chapter, action, solution=False):
        done = chapter.start(lesson_cluster, action, solution, subprocess.PIPE)
        return done.returncode, done.stdout.rstrip()

    return start


@pytest.fixture
def solved(tmp_path):
    """Copy a chapter, solved, with one text in one of the learner's files replaced."""

    def solved(number, name, old, new):
        (chapter,) = [each for each in chapters() if each.number == number]
        folder = tmp_path / "workshop" / chapter.folder.name
        shutil.copytree(chapter.folder, folder)
        shutil.copytree(chapter.folder / "solution", folder, dirs_exist_ok=True)
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
        return Chapter(folder)

    return solved
