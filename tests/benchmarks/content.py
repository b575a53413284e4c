"""Part 4, too: the time of a page with a thousand stories and with a hundred thousand, side by side."""

import os
import subprocess
import sys
from contextlib import ExitStack

import psycopg2

from tests.support.gunicorn import ROOT

from .markdown import section, table
from .nodes import wait_until_replayed
from .plots import lines
from .site import served
from .sizes import size
from .spread import spread
from .wrk import load

STORIES = size((1_000, 2_000), (1_000, 10_000, 100_000))
ROUNDS, SECONDS = size(1, 4), 1


def measure(cluster):
    """Return {page: {stories: [milliseconds of each round]}}. Each number of stories has a database of its own."""
    names = {count: f"paper_{count}" for count in STORIES}
    for count, name in names.items():
        cluster.primary.ask(f"CREATE DATABASE {name} OWNER app")
        _fill(cluster, name, count)
    wait_until_replayed(cluster)
    paths = {count: _paths(cluster, name) for count, name in names.items()}
    found = {page: {count: [] for count in STORIES} for page in paths[STORIES[0]]}
    with ExitStack() as stack:
        sites = {count: stack.enter_context(served(cluster, "ours", database=names[count])) for count in STORIES}
        for count, site in sites.items():
            for path in paths[count].values():
                site.warm(path)
        for number in range(ROUNDS):
            for page in found:
                for count in STORIES if number % 2 == 0 else reversed(STORIES):
                    result = load(sites[count].address(paths[count][page]), 1, SECONDS)
                    found[page][count].append(result.middle)
    for name in names.values():
        cluster.primary.ask(f"DROP DATABASE {name} WITH (FORCE)")
    return found


def _fill(cluster, name, count):
    for words in (["migrate"], ["load_demo"], ["seed_stories", f"--count={count}", "--no-progress"]):
        environment = os.environ | {"DATABASE_URL": cluster.primary.url("app", name), "REPLICA_URLS": ""}
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)


def _paths(cluster, name):
    """The address of each kind of page; of a story and a section that were made up, not of the demo's."""
    connection = psycopg2.connect(cluster.primary.url("app", name))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT story.slug, section.slug FROM backoffice_story AS story "
            "JOIN backoffice_section AS section ON section.id = section_id "
            "WHERE guid LIKE 'seed:%' AND status = 'published' ORDER BY story.id LIMIT 1"
        )
        story, its_section = cursor.fetchone()
    connection.close()
    return {
        "front page": "/",
        "story": f"/stories/{story}/",
        "section": f"/sections/{its_section}/",
        "archive": "/archive/",
    }


def report(found, folder):
    least, most = STORIES[0], STORIES[-1]
    rows = []
    for page, by_count in found.items():
        ratio = spread(many / few for many, few in zip(by_count[most], by_count[least], strict=True))
        rows.append([page, *(spread(times).text(2) for times in by_count.values()), ratio.text(2)])
    plot = lines(
        folder / "content.svg",
        "Time of a page by number of stories",
        "stories, powers of ten",
        "milliseconds",
        {
            page: [(len(str(count)) - 1, spread(times).median) for count, times in by_count.items()]
            for page, by_count in found.items()
        },
    )
    return section(
        "4b. Content",
        f"Milliseconds of a page, one reader at a time: {ROUNDS} rounds of {SECONDS} s, sites side by side, in "
        f"changing order; each number of stories has a database of its own. The ratio is {most:,} stories to "
        f"{least:,}, round by round; the bar is 1.2.",
        table(["page", *(f"{count:,} stories" for count in STORIES), "ratio"], rows),
        plot,
    )
