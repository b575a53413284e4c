"""A command in a real terminal: it moves all the time, says what it does, and leaves nothing but the answer."""

import os
import pty
import re
import subprocess
import sys
import time

import pytest

from workshop.chapters import HERE

pytestmark = pytest.mark.timeout(120)
SILENCE = 3  # seconds. The line moves ten times a second; a process that starts needs some of them on a busy machine


def in_a_terminal(*arguments):
    """Run the workshop in a terminal; return what it wrote, the longest silence in seconds, and the exit status."""
    mine, its = pty.openpty()
    command = [sys.executable, "-m", "workshop", *arguments]
    environment = {"TERM": "xterm-256color", "COLUMNS": "100", **os.environ}
    with subprocess.Popen(command, cwd=HERE.parent, env=environment, stdout=its, stderr=its, stdin=its) as process:
        os.close(its)
        out, silence, last = b"", 0.0, time.monotonic()
        try:
            while more := os.read(mine, 65536):
                out, silence, last = out + more, max(silence, time.monotonic() - last), time.monotonic()
        except OSError:  # Linux's way to say that the other side has closed
            pass
    os.close(mine)
    return out.decode(), silence, process.returncode


@pytest.mark.parametrize("arguments", [["02"], ["--run", "02"]], ids=["check", "run"])
def test_a_command_is_never_silent_and_tells_what_it_does(arguments):
    out, silence, _ = in_a_terminal(*arguments)
    assert silence < SILENCE
    for step in ("three PostgreSQL servers", "copying the primary", "tables", "20 saves in the admin", "20 pages"):
        assert step in out


def test_the_answer_has_colours_and_stays():
    out, _, status = in_a_terminal("02", "--solution")
    assert status == 0
    assert re.search(r"\x1b\[1;32mdone\x1b\[0m — 20 saves", out)
