"""What the newspaper is made of. Editors write it in the admin, readers read it on the public site."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Left, Length, Now
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from .markdown import render_markdown
from .texts import CharField, TextField, URLField, tidy

LONGEST_BODY = 100_000  # characters: 16,000 words, and what a search looks at


def _slug_fits_its_address(table):
    """A slug that no address can hold would turn each page with a link to it into an error."""
    return models.CheckConstraint(condition=models.Q(slug__regex=r"^[-a-zA-Z0-9_]+$"), name=f"{table}_slug")


class Section(models.Model):
    name = CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(
        default=100, help_text="Where it stands in the navigation: low numbers first."
    )

    class Meta:
        ordering = ["position", "name"]
        constraints = [_slug_fits_its_address("section")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("section", args=[self.slug])


class Author(models.Model):
    name = CharField(max_length=120)
    slug = models.SlugField(max_length=120, unique=True)
    role = CharField(max_length=120, blank=True, help_text="For example: Lag correspondent.")
    bio = TextField(max_length=5000, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [_slug_fits_its_address("author")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("author", args=[self.slug])


class Tag(models.Model):
    name = CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class StoryQuerySet(models.QuerySet):
    def published(self):
        """What readers may see, newest first. The order is total, so a page can continue where one ended."""
        return self.filter(status=Story.Status.PUBLISHED).order_by("-published_at", "-pk")

    def due(self):
        """Scheduled stories whose time has come, by the primary's clock."""
        return self.filter(status=Story.Status.SCHEDULED, published_at__lte=Now())


class Story(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        PUBLISHED = "published", "Published"

    headline = CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True)
    standfirst = TextField(max_length=1000, blank=True, help_text="One or two sentences under the headline.")
    body = TextField(max_length=LONGEST_BODY, blank=True, help_text="Markdown.")
    body_html = TextField(editable=False, blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="stories")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="stories", null=True, blank=True)
    tags = models.ManyToManyField(Tag, related_name="stories", blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        "publish time", default=timezone.now, help_text="A scheduled story appears at this time."
    )
    updated_at = models.DateTimeField(auto_now=True)
    guid = CharField("source GUID", max_length=500, null=True, blank=True, help_text="Set by import_feed.")
    # Which feed it came from: "1" is a GUID in many. Empty for a story that came from none, or before this was noted.
    feed = CharField(max_length=100, blank=True, default="", db_default="", editable=False)
    source_url = URLField("source", max_length=1000, blank=True)
    search = models.GeneratedField(
        expression=(
            SearchVector("headline", weight="A", config="english")
            + SearchVector("standfirst", weight="B", config="english")
            # A tsvector holds 1 MB: what lies beyond the first 100,000 characters is not searched.
            + SearchVector(Left("body", 100_000), weight="C", config="english")
        ),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "stories"
        ordering = ["-published_at", "-pk"]
        get_latest_by = "published_at"
        constraints = [
            models.UniqueConstraint(fields=["guid", "feed"], name="story_guid"),
            models.CheckConstraint(condition=LessThanOrEqual(Length("body"), LONGEST_BODY), name="story_length"),
            _slug_fits_its_address("story"),
        ]
        indexes = [
            models.Index(
                "published_at",
                "id",
                condition=models.Q(status="published"),
                name="story_published",
            ),
            models.Index(
                "section",
                "published_at",
                "id",
                condition=models.Q(status="published"),
                name="story_by_section",
            ),
            models.Index(
                "author", "published_at", "id", condition=models.Q(status="published"), name="story_by_author"
            ),
            models.Index("published_at", condition=models.Q(status="scheduled"), name="story_due"),
            models.Index("published_at", "id", name="story_by_time"),  # the admin's list: every status
            GinIndex(fields=["search"], name="story_search"),
        ]

    def __str__(self):
        return self.headline

    def save(self, *args, update_fields=None, **kwargs):
        self.render()
        if update_fields is not None:
            update_fields = {*update_fields, "updated_at"}
            if "body" in update_fields:
                update_fields.add("body_html")
        super().save(*args, update_fields=update_fields, **kwargs)

    def get_absolute_url(self):
        return reverse("story", args=[self.slug])

    def render(self):
        """Bring body_html up to date. save() does it; what writes in bulk calls it itself."""
        self.body_html = render_markdown(tidy(self.body))


class Correction(models.Model):
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="corrections")
    corrected_at = models.DateTimeField("time", default=timezone.now)
    text = TextField(max_length=5000)

    class Meta:
        ordering = ["-corrected_at", "-pk"]

    def __str__(self):
        return f"{self.corrected_at:%Y-%m-%d %H:%M} {self.text[:60]}"
