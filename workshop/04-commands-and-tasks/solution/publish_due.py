"""The command reads and writes on the primary, whoever calls it."""

from backoffice.models import Story
from routing import PrimaryCommand


class Command(PrimaryCommand):
    def handle(self, **options):
        due = list(Story.objects.due())
        for story in due:
            story.status = Story.Status.PUBLISHED
            story.save()
        self.stdout.write(f"{len(due)} published")
