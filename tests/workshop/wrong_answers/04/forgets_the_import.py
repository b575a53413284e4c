# publish_due.py | from routing import PrimaryCommand
from backoffice.models import Story


class Command(PrimaryCommand):  # noqa: F821
    def handle(self, **options):
        for story in list(Story.objects.due()):
            story.status = Story.Status.PUBLISHED
            story.save()
