"""One run of Django's own tests, in a process of its own: `python -m tests.django_suites.run FOLDER RESULT LABEL…`.

FOLDER is `tests` of Django's source. RESULT is the file that gets what ran and what failed.
"""

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from unittest import TextTestResult

from django.apps.registry import Apps
from django.test.runner import DiscoverRunner

LAYERS = ["routing", "routing.bookmarks", "routing.survival", "routing.observing"]
_ran = Counter()


class CountingResult(TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        _ran[label_of(test.id())] += 1


class RecordingRunner(DiscoverRunner):
    """Writes down what ran and what failed, once the test databases are deleted."""

    def get_resultclass(self):
        return CountingResult

    def suite_result(self, suite, result, **kwargs):
        failed = [test.id() for test, _ in result.failures + result.errors]
        failed += [test.id() for test in result.unexpectedSuccesses]
        Path(os.environ["SUITES_RESULT"]).write_text(json.dumps({"ran": _ran, "failed": sorted({*failed})}))
        return super().suite_result(suite, result, **kwargs)


def label_of(test):
    """Return the label of a test by its id: `auth_tests`; of "setUpClass (auth_tests.test_views.LoginTest)", too."""
    return test.rpartition("(")[2].partition(".")[0] if test.startswith(("setUp", "tearDown")) else test.split(".")[0]


def install_routing(runtests):
    """Add what a project adds by routing's README, and keep it where a test says which apps there are."""
    runtests.ALWAYS_INSTALLED_APPS.extend(LAYERS)
    runtests.ALWAYS_MIDDLEWARE.insert(0, "routing.middleware.RoutingMiddleware")
    set_available_apps = Apps.set_available_apps
    Apps.set_available_apps = lambda self, available: set_available_apps(self, [*available, *LAYERS])


def main(folder, result, *labels):
    os.environ["SUITES_RESULT"] = os.path.abspath(result)
    sys.path.insert(0, folder)
    os.chdir(folder)
    import runtests

    if os.environ.get("ROUTED"):
        install_routing(runtests)
    # The arguments of its command line, in its words.
    chosen = dict.fromkeys(["tags", "exclude_tags", "test_name_patterns", "start_at", "start_after"])
    switches = ["interactive", "failfast", "keepdb", "reverse", "debug_sql", "pdb", "buffer", "timing", "shuffle"]
    with tempfile.TemporaryDirectory(prefix="django_") as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        runtests.django_tests(
            verbosity=1,
            test_labels=list(labels),
            parallel=int(os.environ.get("PARALLEL") or os.cpu_count()),
            **chosen,
            **dict.fromkeys(switches, False),
        )


if __name__ == "__main__":
    # By its name, so that the runner that Django loads is in this same module.
    from tests.django_suites import run

    run.main(*sys.argv[1:])
