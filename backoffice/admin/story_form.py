"""The form of a story: a comfortable textarea, and a publish time that agrees with the status."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from backoffice.models import Story

from .conflicts import error_of, find_conflict, version_of

MARKDOWN_HELP = (  # the admin prints help texts as HTML
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

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "published_at" in self.fields:  # not so for one who may only look
            # For a callable default Django sends the old time along, in a hidden input. The row has it.
            self.fields["published_at"].show_hidden_initial = False

    @property
    def version(self):
        return version_of(self.instance)

    def clean(self):
        cleaned = super().clean()
        self.conflict = find_conflict(self)
        if self.conflict:
            self.add_error(None, error_of(self))
        if "_publish" in self.data:
            return cleaned | {"status": Story.Status.PUBLISHED, "published_at": timezone.now()}
        if cleaned.get("status") and cleaned.get("published_at"):
            self._let_time_and_status_agree(cleaned)
        return cleaned

    def _let_time_and_status_agree(self, cleaned):
        status, time, now = cleaned["status"], cleaned["published_at"], timezone.now()
        has_new_status, has_new_time = (name in self.changed_data for name in ("status", "published_at"))
        if not has_new_status and not has_new_time:
            return  # an overdue story may still be corrected
        if status == Story.Status.PUBLISHED and self.instance.pk and not has_new_time:
            cleaned["published_at"] = now
        elif status == Story.Status.PUBLISHED and time > now:
            message = "This time is in the future: schedule it instead, or choose an earlier time."
            self.add_error("status", ValidationError(message, code="publish_time"))
        elif status == Story.Status.SCHEDULED and time <= now:
            message = "A scheduled story needs a time in the future."
            self.add_error("published_at", ValidationError(message, code="publish_time"))
