"""Two editors on one story. Each form carries the version that it shows: the time of the story's last save. A save of
an older version is stopped, shows what the other one saved, and carries the new version from then on.

Without this, the second save would undo every field that the first one changed.
"""

from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.utils.timezone import localtime


def version_of(story):
    return story.updated_at.isoformat() if story.pk else ""


def find_conflict(form):
    """Return [(label, what is saved now)] for the fields in which `form` differs from what someone saved meanwhile.

    A form without a version, such as a script's, has none: the last save wins, as everywhere in the admin.
    """
    version = form.data.get("version")
    if not form.instance.pk or not version or version == version_of(form.instance):
        return []
    return [(form[name].label, _shown(form.instance, name)) for name in form.changed_data]


def error_of(form):
    """Return the ValidationError of a conflict: who saved, when, and what to do about it."""
    stories = {"content_type__app_label": "backoffice", "content_type__model": "story"}
    entry = LogEntry.objects.filter(object_id=str(form.instance.pk), **stories).first()
    # An import and publish_due leave no entry: then the newest one is older than the change.
    is_theirs = entry and abs((entry.action_time - form.instance.updated_at).total_seconds()) < 1
    who = f"{entry.user} saved this story" if is_theirs else "This story was changed"
    message = (
        f"{who} at {localtime(form.instance.updated_at):%H:%M}, after you had opened it, so yours is not saved yet. "
        "Below is first what is saved now, where the two differ, and then the form with your text: put into it what "
        "you want to keep, and save again."
    )
    return ValidationError(message, code="conflict")


def _shown(story, name):
    if name == "tags":
        return ", ".join(str(tag) for tag in story.tags.all())
    if name == "status":
        return story.get_status_display()
    value = getattr(story, name)
    if name == "published_at":
        return f"{localtime(value):%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)
