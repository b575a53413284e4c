"""The form of a story: a comfortable textarea, and a publish time that agrees with the status."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html

from backoffice.models import Story

MARKDOWN_HELP = format_html(
    "Markdown: <code>**bold**</code>, <code>*italic*</code>, <code>[text](https://…)</code>, "
    "<code>## Heading</code>, <code>&gt; quotation</code>, <code>- list</code>. An empty line starts a paragraph."
)


class StoryForm(forms.ModelForm):
    """The button "Publish now" (its name is `_publish`) sets status and time, whatever the fields say."""

    class Meta:
        model = Story
        fields = ["headline", "slug", "standfirst", "body", "section", "author", "tags", "status", "published_at"]
        widgets = {
            "headline": forms.TextInput(attrs={"class": "vTextField headline", "autofocus": True}),
            "standfirst": forms.Textarea(attrs={"class": "vLargeTextField standfirst", "rows": 3}),
            "body": forms.Textarea(attrs={"class": "vLargeTextField markdown", "rows": 28, "spellcheck": "true"}),
        }
        help_texts = {
            "body": MARKDOWN_HELP,
            "slug": "The end of the story's address. Links break when it changes.",
            "published_at": (
                "Scheduled: the story appears at this time. Published: leave it as it is, and a draft is "
                "published now."
            ),
        }

    def clean(self):
        cleaned = super().clean()
        status, time, now = cleaned.get("status"), cleaned.get("published_at"), timezone.now()
        if "_publish" in self.data:
            return cleaned | {"status": Story.Status.PUBLISHED, "published_at": now}
        if not status or not time or not {"status", "published_at"} & set(self.changed_data):
            return cleaned
        if status == Story.Status.SCHEDULED and time <= now:
            self.add_error("published_at", self._error("A scheduled story needs a time in the future."))
        if status == Story.Status.PUBLISHED and "published_at" not in self.changed_data and self.instance.pk:
            return cleaned | {"published_at": now}
        if status == Story.Status.PUBLISHED and time > now:
            self.add_error(
                "status", self._error("This time is in the future: schedule it instead, or choose an earlier time.")
            )
        return cleaned

    def _error(self, message):
        return ValidationError(message, code="publish_time")
