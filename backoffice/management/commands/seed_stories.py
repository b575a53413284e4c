"""Fills the paper with made-up stories, for load."""

from django.core.management import CommandError

from backoffice.commands import BackofficeCommand
from backoffice.one_at_a_time import one_at_a_time
from backoffice.seeding import refresh_statistics, seed_stories


class Command(BackofficeCommand):
    help = (
        "Add N made-up stories, in one transaction; 100,000 take under a minute. A second run adds N more: "
        "the numbering that makes slugs unique goes on. The same seed on an empty database makes the same "
        "stories; their dates count back from today."
    )

    def add_arguments(self, parser):
        parser.add_argument("--count", type=int, default=10_000, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="Another seed makes other stories.")
        parser.add_argument("--no-progress", action="store_true", help="Show no progress bar.")

    def handle(self, *, count, seed, **options):
        if count < 1:
            raise CommandError("--count must be 1 or more.")
        with one_at_a_time("seed_stories"), self.progress(total=count, unit="story") as bar:
            seed_stories(count, seed=seed, progress=bar.update)
        self.interrupted = f"{count} stories are there; VACUUM ANALYZE is not finished."
        refresh_statistics()
        self.stdout.write(f"{count} stories added")
