"""Publishes what is scheduled and due."""

from backoffice.commands import BackofficeCommand
from backoffice.publishing import publish_due


class Command(BackofficeCommand):
    help = (
        "Publish scheduled stories that are due by the database's clock. Run it every minute; "
        "two runs at once do no harm."
    )

    def handle(self, **options):
        stories = publish_due()
        for slug, headline in stories:
            self.stdout.write(f"published {slug}: {headline}")
        self.stdout.write(f"{len(stories)} published" if stories else "nothing is due")
