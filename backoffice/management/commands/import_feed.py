"""Imports stories from feed files."""

import os
from pathlib import Path

from django.core.management import CommandError
from django.db import DataError, IntegrityError

from backoffice.commands import BackofficeCommand
from backoffice.feed_files import FeedError
from backoffice.feed_items import feed_identity, read_item
from backoffice.feeds import read_feed
from backoffice.importing import import_items
from backoffice.models import Section, Story
from backoffice.texts import tidy


class Command(BackofficeCommand):
    help = (
        "Import stories from files with RSS 0.9x to 2.0, RDF (RSS 1.0) or Atom. A story is identified by its GUID, "
        "so a second import changes nothing. A newer file updates headline, standfirst, body and source of stories "
        "whose text differs from the file's, and overwrites an editor's changes to these. Slug, section, "
        "status, times, tags and corrections stay. A GUID is unique in its feed, which is identified by its id, "
        "address or title. Either all of a file is imported, or nothing."
    )
    interrupted = "The files reported above are imported. Nothing of the next one is."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--section", default="Wire", help="Section of new stories; created if missing.")
        parser.add_argument(
            "--status",
            choices=[Story.Status.PUBLISHED.value, Story.Status.DRAFT.value],
            default=Story.Status.PUBLISHED.value,
            help="Status of new stories (default: published).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done, and write nothing.")
        parser.add_argument("--no-progress", action="store_true", help="Show no progress bar.")

    def handle(self, *, files, section, status, dry_run, **options):
        name = tidy(section).strip()
        if not 0 < len(name) <= Section._meta.get_field("name").max_length or tidy(section) != section:
            raise CommandError(
                "--section needs a name of 1 to 80 characters, in UTF-8 and without control characters."
            )
        failed = 0
        for path in files:
            try:
                items, feed = self.read(path)
                outcome = import_items(items, feed=feed, section=name, status=status, dry_run=dry_run)
            except (FeedError, IntegrityError, DataError) as error:
                failed += 1
                self.stderr.write(self.style.ERROR(f"{_shown(path)}: {str(error).splitlines()[0]}"))
            else:
                self.stdout.write(self.summary(path, outcome, dry_run))
        if failed:
            raise CommandError(f"{failed} of {len(files)} files not imported.", returncode=1)

    def read(self, path):
        feed = read_feed(path)
        home = feed.feed.get("link", "")
        entries = self.progress(feed.entries, desc=_shown(path.name), unit="story")
        return [read_item(entry, home) for entry in entries], feed_identity(feed.feed)

    def summary(self, path, outcome, dry_run):
        created, updated = ("to create", "to update") if dry_run else ("created", "updated")
        line = (
            f"{_shown(path)}: {outcome.created} {created}, {outcome.updated} {updated}, {outcome.unchanged} unchanged"
        )
        if outcome.repeated:
            line += f", {outcome.repeated} repeated in the file"
        return line + (" (dry run: nothing written)" if dry_run else "")


def _shown(path):
    """A file's name as it can be printed: it may be in any encoding, or in none."""
    return os.fsencode(path).decode(errors="replace")
