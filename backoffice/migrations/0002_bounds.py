"""Texts without control characters, stories of a bounded size, and a GUID that counts within its feed."""

import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models
from django.db.models.functions import Length

import backoffice.texts

LONGEST_BODY = 100_000


def name_what_is_too_long(apps, schema_editor):
    """The constraint below would say only that there is such a row."""
    stories = apps.get_model("backoffice", "Story").objects.using(schema_editor.connection.alias)
    too_long = stories.alias(length=Length("body")).filter(length__gt=LONGEST_BODY).values_list("slug", flat=True)
    if slugs := list(too_long[:10]):
        raise ValueError(
            f"A story has {LONGEST_BODY:,} characters at most from this migration on, and {', '.join(slugs)} "
            "has more. Shorten it, or split it in two, and migrate again."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(name_what_is_too_long, migrations.RunPython.noop),
        migrations.AddField(
            model_name="story",
            name="feed",
            field=backoffice.texts.CharField(blank=True, db_default="", default="", editable=False, max_length=100),
        ),
        migrations.AlterField(
            model_name="author",
            name="bio",
            field=backoffice.texts.TextField(blank=True, max_length=5000),
        ),
        migrations.AlterField(
            model_name="author",
            name="name",
            field=backoffice.texts.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name="author",
            name="role",
            field=backoffice.texts.CharField(blank=True, help_text="For example: Lag correspondent.", max_length=120),
        ),
        migrations.AlterField(
            model_name="correction",
            name="text",
            field=backoffice.texts.TextField(max_length=5000),
        ),
        migrations.AlterField(
            model_name="section",
            name="name",
            field=backoffice.texts.CharField(max_length=80, unique=True),
        ),
        migrations.AlterField(
            model_name="story",
            name="body",
            field=backoffice.texts.TextField(blank=True, help_text="Markdown.", max_length=LONGEST_BODY),
        ),
        migrations.AlterField(
            model_name="story",
            name="body_html",
            field=backoffice.texts.TextField(blank=True, editable=False),
        ),
        migrations.AlterField(
            model_name="story",
            name="guid",
            field=backoffice.texts.CharField(
                blank=True, help_text="Set by import_feed.", max_length=500, null=True, verbose_name="source GUID"
            ),
        ),
        migrations.AlterField(
            model_name="story",
            name="headline",
            field=backoffice.texts.CharField(max_length=200),
        ),
        migrations.AlterField(
            model_name="story",
            name="source_url",
            field=backoffice.texts.URLField(blank=True, max_length=1000, verbose_name="source"),
        ),
        migrations.AlterField(
            model_name="story",
            name="standfirst",
            field=backoffice.texts.TextField(
                blank=True, help_text="One or two sentences under the headline.", max_length=1000
            ),
        ),
        migrations.AlterField(
            model_name="tag",
            name="name",
            field=backoffice.texts.CharField(max_length=80, unique=True),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "^[-a-zA-Z0-9_]+$")), name="author_slug"
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "^[-a-zA-Z0-9_]+$")), name="section_slug"
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.UniqueConstraint(fields=("guid", "feed"), name="story_guid"),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.LessThanOrEqual(
                    django.db.models.functions.text.Length("body"), LONGEST_BODY
                ),
                name="story_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="story",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", "^[-a-zA-Z0-9_]+$")), name="story_slug"
            ),
        ),
    ]
