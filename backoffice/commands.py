"""What this app's management commands share: reading on the primary, a progress bar, and a quiet Ctrl-C."""

import sys

from django.core.management import CommandError
from tqdm import tqdm

from routing import PrimaryCommand


class BackofficeCommand(PrimaryCommand):
    """Each writes in one transaction at a time, so an interrupted one leaves nothing half-written."""

    # What is true when Ctrl-C comes, as a sentence for whoever pressed it.
    interrupted = "Nothing was written."

    def execute(self, *args, **options):
        self.show_progress = options["verbosity"] > 0 and not options.get("no_progress")
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            raise CommandError(f"Interrupted. {self.interrupted}", returncode=130) from None

    def progress(self, iterable=None, **options):
        """Return a progress bar on stderr, where that is a terminal."""
        disable = None if self.show_progress else True
        return tqdm(iterable, file=sys.stderr, disable=disable, leave=False, **options)
