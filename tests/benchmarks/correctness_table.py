"""Part 1, as tables."""

from statistics import mean

from .contestants import CONTESTANTS
from .correctness import DEAD_PAGES, EDITORS, LAGS, PAGES, READERS, SAVES
from .markdown import section, table
from .people import TIMEOUT, Figures
from .spread import spread

HEADINGS = [
    "routing",
    "stale for the writer, admin",
    "stale for the writer, public site",
    "lost logins",
    "pages from two replicas",
    "failed requests",
]


def report(found):
    ran = {name: each for name, each in found.items() if isinstance(each, dict)}
    counts = [_counts(name, each) for name, each in ran.items()]
    counts += [[CONTESTANTS[name].label, text, *[""] * 4] for name, text in found.items() if name not in ran]
    costs = [_costs(name, each, _all(ran["none"])) for name, each in ran.items()]
    return section(
        "1. Correctness",
        f"{EDITORS} editors and {READERS} readers at a time, over HTTP, on two replicas that replay "
        f"{', '.join(map(str, LAGS))} ms late. An editor saves a story in the admin, looks at its form again, and "
        "then twice at the public page: "
        f"{EDITORS * SAVES} saves at each delay, a new login after every fifth; and {READERS * PAGES} pages of "
        "readers. Every page looks who is there, as on most sites. All delays together:",
        table(HEADINGS, counts),
        "By delay, stale pages of the public site for the writer:",
        table(["routing", *(f"{lag} ms" for lag in LAGS)], [_by_lag(name, each) for name, each in ran.items()]),
        f"What it costs. A save is timed from the click to the answer. With a replica dead, killed at that moment: "
        f"{DEAD_PAGES} pages of a reader, then saves, each given up after {TIMEOUT} s. Statements are those that "
        "Django sends for a story's page beyond those of no router, on average: for a reader, and for the editor who "
        "has just saved it.",
        table(
            [
                "routing",
                "save, no delay, ms",
                "save, 500 ms delay, ms",
                "readers' SQL on replicas",
                "extra statements, reader",
                "… writer",
                "a replica dead: failed pages",
                "… failed saves",
            ],
            costs,
        ),
    )


def _all(each):
    return sum((each[lag] for lag in LAGS), Figures())


def _counts(name, each):
    total = _all(each)
    return [
        CONTESTANTS[name].label,
        f"{total.admin_stale} of {total.admin_reads}",
        f"{total.public_stale} of {total.public_reads}",
        f"{total.lost} of {total.logins}",
        f"{total.mixed} of {total.pages}",
        f"{len(total.failed)}{_kinds(total.failed)}",
    ]


def _kinds(failed):
    return f" ({', '.join(sorted(set(failed)))})" if failed else ""


def _by_lag(name, each):
    stale = [f"{each[lag].public_stale} of {each[lag].public_reads}" for lag in LAGS]
    return [CONTESTANTS[name].label, *stale]


def _costs(name, each, base):
    total = _all(each)
    sql = total.statements
    readers, editor = each["dead"]
    saves = len(editor.saves) + len(editor.failed)
    return [
        CONTESTANTS[name].label,
        *(_milliseconds(each[lag].saves) for lag in (LAGS[0], LAGS[-1])),
        f"{100 * (sql.total() - sql['default']) / sql.total():.1f} %",
        f"{mean(total.a_story) - mean(base.a_story):+.2f}",
        f"{mean(total.own_story) - mean(base.own_story):+.2f}",
        f"{len(readers.failed)} of {DEAD_PAGES}",
        f"{len(editor.failed)} of {saves}",
    ]


def _milliseconds(seconds):
    return spread(1000 * each for each in seconds).text(0) if seconds else "none got through"
