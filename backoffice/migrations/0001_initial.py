"""The tables of the newspaper."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Author",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=120)),
                ("slug", models.SlugField(max_length=120, unique=True)),
                (
                    "role",
                    models.CharField(blank=True, help_text="For example: Lag correspondent.", max_length=120),
                ),
                ("bio", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100, help_text="Where it stands in the navigation: low numbers first."
                    ),
                ),
            ],
            options={
                "ordering": ["position", "name"],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("slug", models.SlugField(max_length=80, unique=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Story",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("headline", models.CharField(max_length=200)),
                ("slug", models.SlugField(max_length=200, unique=True)),
                (
                    "standfirst",
                    models.TextField(
                        blank=True, help_text="One or two sentences under the headline.", max_length=1000
                    ),
                ),
                ("body", models.TextField(blank=True, help_text="Markdown.")),
                ("body_html", models.TextField(blank=True, editable=False)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("scheduled", "Scheduled"), ("published", "Published")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now,
                        help_text="A scheduled story appears at this time.",
                        verbose_name="publish time",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "guid",
                    models.CharField(
                        blank=True,
                        help_text="Set by import_feed.",
                        max_length=500,
                        null=True,
                        unique=True,
                        verbose_name="source GUID",
                    ),
                ),
                ("source_url", models.URLField(blank=True, max_length=1000, verbose_name="source")),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.contrib.postgres.search.CombinedSearchVector(
                            django.contrib.postgres.search.CombinedSearchVector(
                                django.contrib.postgres.search.SearchVector("headline", config="english", weight="A"),
                                "||",
                                django.contrib.postgres.search.SearchVector(
                                    "standfirst", config="english", weight="B"
                                ),
                                django.contrib.postgres.search.SearchConfig("english"),
                            ),
                            "||",
                            django.contrib.postgres.search.SearchVector(
                                django.db.models.functions.text.Left("body", 100000),
                                config="english",
                                weight="C",
                            ),
                            django.contrib.postgres.search.SearchConfig("english"),
                        ),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="backoffice.author",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stories",
                        to="backoffice.section",
                    ),
                ),
                ("tags", models.ManyToManyField(blank=True, related_name="stories", to="backoffice.tag")),
            ],
            options={
                "verbose_name_plural": "stories",
                "ordering": ["-published_at", "-pk"],
                "get_latest_by": "published_at",
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "corrected_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="time"),
                ),
                ("text", models.TextField()),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="backoffice.story",
                    ),
                ),
            ],
            options={
                "ordering": ["-corrected_at", "-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                models.F("published_at"),
                models.F("id"),
                condition=models.Q(("status", "published")),
                name="story_published",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                models.F("section"),
                models.F("published_at"),
                models.F("id"),
                condition=models.Q(("status", "published")),
                name="story_by_section",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                models.F("author"),
                models.F("published_at"),
                models.F("id"),
                condition=models.Q(("status", "published")),
                name="story_by_author",
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                models.F("published_at"), condition=models.Q(("status", "scheduled")), name="story_due"
            ),
        ),
        migrations.AddIndex(
            model_name="story",
            index=models.Index(models.F("published_at"), models.F("id"), name="story_by_time"),
        ),
        migrations.AddIndex(
            model_name="story",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="story_search"),
        ),
    ]
