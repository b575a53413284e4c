"""Runs all parts, and writes RESULTS.md and its plots: `make bench`. Names of parts run those only."""

import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from cluster.temporary import temporary_cluster

from .machine import heading
from .nodes import MOST_REPLICAS, wait_until_replayed
from .sizes import QUICK

HERE = Path(__file__).resolve().parent


def main(chosen):
    # Small runs, and runs of some parts only, must not take the place of what the README quotes.
    folder = HERE.parents[1] / ".local" / "benchmarks" if QUICK or chosen else HERE
    folder.mkdir(parents=True, exist_ok=True)
    with (
        temporary_cluster(1 + MOST_REPLICAS) as cluster,
        tempfile.TemporaryDirectory(prefix="daily-replica-cache-") as cache,
    ):
        own = {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings", "CACHE_DIR": cache}
        os.environ |= cluster.environment() | own
        _load_newspaper()
        wait_until_replayed(cluster)
        sections, failed = _run(cluster, folder, chosen)
    (folder / "RESULTS.md").write_text("\n\n".join([heading(), *sections]) + "\n")
    print(f"Written: {os.path.relpath(folder)}/RESULTS.md")
    return len(failed)


def _load_newspaper():
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_demo")


def _run(cluster, folder, chosen):
    from .parts import PARTS

    sections, failed = [], []
    for name, part in PARTS.items():
        if chosen and name not in chosen:
            continue
        print(f"{name} …", flush=True)
        start = time.monotonic()
        try:
            sections.append(part(cluster, folder))
        except Exception:
            traceback.print_exc()
            failed.append(name)
            sections.append(f"## {name}\n\nNot measured: this part failed.")
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    return sections, failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
