"""Loads the demo edition: sections, authors, stories, and two logins whose passwords everybody knows."""

from tomllib import TOMLDecodeError

from django.conf import settings
from django.core.management import CommandError

from backoffice.commands import BackofficeCommand
from backoffice.demo_edition import create_demo_users, load_edition, read_edition
from backoffice.front_matter import FrontMatterError
from backoffice.one_at_a_time import one_at_a_time


class Command(BackofficeCommand):
    help = (
        "Load the demo edition, and the logins editor/editor and admin/admin. Existing rows are left alone, so "
        "a second run changes nothing. Works only with DEMO=1."
    )

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError(
                "This is no demo: load_demo makes logins whose passwords everybody knows. Set DEMO=1 if it is one."
            )
        try:
            sections, authors, stories = read_edition()
        except (FrontMatterError, OSError, TOMLDecodeError) as error:
            raise CommandError(f"The demo edition cannot be read: {error}") from error
        with one_at_a_time("load_demo"):
            made = load_edition(sections, authors, stories)
            users = create_demo_users()
        if made or users:
            logins = f", logins {' and '.join(f'{name}/{name}' for name in users)}" if users else ""
            self.stdout.write(f"Demo edition: {len(made)} of {len(stories)} stories made{logins}")
        else:
            self.stdout.write(f"Demo edition: all {len(stories)} stories are there, nothing to do")
