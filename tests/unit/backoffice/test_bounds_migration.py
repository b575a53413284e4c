"""A story that was longer than a story may be now: the migration names it, and touches nothing."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from backoffice.models import LONGEST_BODY
from tests.support.factories import StoryFactory

bounds = import_module("backoffice.migrations.0002_bounds")


@pytest.mark.django_db
def test_the_migration_names_what_is_too_long():
    with connection.cursor() as cursor:  # as it was before
        cursor.execute("ALTER TABLE backoffice_story DROP CONSTRAINT story_length")
    with connection.schema_editor() as editor:
        bounds.name_what_is_too_long(apps, editor)
        StoryFactory(slug="a-novel", body="x" * (LONGEST_BODY + 1))
        with pytest.raises(
            ValueError, match="100,000 characters at most from this migration on, and a-novel has more"
        ):
            bounds.name_what_is_too_long(apps, editor)


def test_it_speaks_of_the_limit_that_forms_have():
    assert bounds.LONGEST_BODY == LONGEST_BODY
