"""The group of those who write the newspaper, and what they may do in the admin."""

from django.contrib.auth.models import Group, Permission

GROUP = "Editors"
MAY = [
    *(f"{action}_{model}" for model in ("story", "correction", "tag") for action in ("add", "change", "delete")),
    *(f"view_{model}" for model in ("story", "correction", "tag", "section", "author")),
]


def editors_group():
    """Return the group, made with its permissions where there is none. One that exists is left as it is."""
    group, is_new = Group.objects.get_or_create(name=GROUP)
    if is_new:
        group.permissions.set(Permission.objects.filter(content_type__app_label="backoffice", codename__in=MAY))
    return group
