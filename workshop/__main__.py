"""python -m workshop: how far you have come. With a chapter's number, its check; with --run, what it shows;
with --watch, a check after each save.
"""

import argparse
import signal
import sys
from contextlib import ExitStack

from rich.text import Text

from cluster.errors import ClusterError
from cluster.local import Cluster

from .chapters import Chapter, chapters, learners_cluster
from .console import console, quiet
from .progress import Progress
from .watch import watch_chapters


def main() -> int:
    every = {chapter.number: chapter for chapter in chapters()}
    parser = argparse.ArgumentParser(prog="python -m workshop", description=__doc__)
    parser.add_argument("number", nargs="?", choices=[*every], metavar="NUMBER", help=f"one of {', '.join(every)}")
    parser.add_argument("--run", action="store_true", help="show what the chapter is about, don't check")
    parser.add_argument("--watch", action="store_true", help="check each time you save a file")
    parser.add_argument("--solution", action="store_true", help="with the files of the chapter's solution/")
    given = parser.parse_args()
    if given.run and not given.number:
        parser.error("--run needs a chapter's number: make workshop-run N=01")
    flags, progress = ["--solution"] if given.solution else [], Progress()
    if not (given.number or given.watch):
        return how_far([*every.values()], None if flags else progress, *flags)
    chosen = every[given.number or "01"]
    with learners_cluster() as cluster:
        if given.run:
            return chosen.start(cluster, "run", *flags).returncode
        if given.watch:
            todo = [each for each in every.values() if each.number >= chosen.number and not progress.last(each)]
            watch_chapters(todo, lambda chapter: check(cluster, chapter, progress))
            return 0
        return not check(cluster, chosen, None if flags else progress, *flags)


def check(cluster: Cluster, chapter: Chapter, progress: Progress | None, *flags: str) -> bool:
    """Check a chapter, show the answer, and keep it. A solution's answer is not the learner's: no `progress`."""
    files = chapter.fingerprint()  # what is checked, even if it is saved again meanwhile
    done = chapter.start(cluster, "check", *flags).returncode == 0
    if progress:
        progress.keep(chapter, files, done)
    return done


def how_far(every: list[Chapter], progress: Progress | None, *flags: str, servers=learners_cluster) -> int:
    """Show how far the learner has come. Only what has changed since its last check is checked again."""
    todo = []
    with ExitStack() as stack:
        cluster = None
        for chapter in every:
            done = progress.last(chapter) if progress else None
            if done is None:
                cluster = cluster or stack.enter_context(servers())
                done = check(cluster, chapter, progress, "--silent", *flags)
            todo += [] if done else [chapter]
            console.print(Text.assemble(("done", "green") if done else "    ", f"  {chapter.title}"))
    console.print(f"\n{len(every) - len(todo)} of {len(every)} chapters done.", end=" ")
    console.print(f"Next: {todo[0].page}" if todo else "That was all.")
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
    finally:
        quiet()
