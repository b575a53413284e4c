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
    """Run or check a chapter; return its exit status, and its answer without the line breaks of a terminal."""

    def start(chapter, action, *flags):
        done = chapter.start(lesson_cluster, action, *flags, output=subprocess.PIPE)
        assert "Traceback" not in done.stderr, done.stderr
        assert "… " in done.stderr, "it did not tell what it did"
        return done.returncode, done.stdout if action == "run" else " ".join(done.stdout.split())

    return start


@pytest.fixture
def handed_in(tmp_path):
    """Copy a chapter, solved, with one of the learner's files changed by a function."""

    def handed_in(number, name, change):
        (chapter,) = [each for each in chapters() if each.number == number]
        folder = tmp_path / "workshop" / chapter.folder.name
        shutil.copytree(chapter.folder, folder)
        shutil.copytree(chapter.folder / "solution", folder, dirs_exist_ok=True)
        (folder / name).write_text(change((folder / name).read_text()))
        return Chapter(folder)

    return handed_in
