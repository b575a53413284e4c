"""python -m workshop: how far one has come. With a chapter's number, its check; with --run too, what it shows."""

import argparse
import signal
import subprocess
import sys

from cluster.errors import ClusterError

from .chapters import Chapter, chapters, learners_cluster


def main() -> int:
    every = {chapter.number: chapter for chapter in chapters()}
    parser = argparse.ArgumentParser(prog="python -m workshop", description=__doc__)
    parser.add_argument("number", nargs="?", choices=[*every], metavar="NUMBER", help=f"one of {', '.join(every)}")
    parser.add_argument("--run", action="store_true", help="show what the chapter is about, do not check")
    parser.add_argument("--solution", action="store_true", help="with the files of the chapter's solution/")
    given = parser.parse_args()
    if given.run and not given.number:
        parser.error("--run needs a chapter's number: make workshop-run N=01")
    with learners_cluster() as cluster:
        if given.number:
            chapter = every[given.number]
            return chapter.start(cluster, "run" if given.run else "check", given.solution).returncode
        return how_far(cluster, [*every.values()], given.solution)


def how_far(cluster, every: list[Chapter], solution: bool) -> int:
    """Check all chapters. What a check says is kept for who asks for that chapter."""
    todo = []
    for chapter in every:
        done = chapter.start(cluster, "check", solution, subprocess.PIPE).returncode == 0
        todo += [] if done else [chapter]
        print(f"{'done' if done else '    '}  {chapter.title}", flush=True)
    print(f"\n{len(every) - len(todo)} of {len(every)} chapters done.", end=" ")
    print(f"Next: workshop/{todo[0].folder.name}/README.md" if todo else "That was all.")
    return 0


def stop(number, frame):
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Also when the terminal is closed: what was started is to be stopped.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    try:
        sys.exit(main())
    except ClusterError as error:
        sys.exit(f"workshop: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
