"""Where a form ends that could not be accepted: a page that says why, leads back, and has all the text that was typed.

The login ended, the form was older than the login, or the story is gone. No form is sent from here again: a stranger's
page may have sent it in the first place.
"""

from contextlib import suppress
from functools import wraps

from django.contrib import admin
from django.http import RawPostDataException, UnreadablePostError
from django.shortcuts import render
from django.views.decorators.cache import never_cache

# By name, so that no password ever stands on the page.
TEXTS = {"headline", "standfirst", "body", "text", "name", "role", "bio"}


@never_cache
def keep_text(request, title, text, status=403):
    """Return the page with what was typed into `request`'s form."""
    posted = {}
    with suppress(UnreadablePostError, RawPostDataException):  # whoever sent it has gone
        posted = request.POST
    kept = [(name, value) for name, value in posted.items() if name.rpartition("-")[2] in TEXTS and value]
    context = {"title": title, "text": text, "kept": kept, "status": status}
    return render(request, "backoffice/kept_text.html", context, status=status)


def csrf_failure(request, reason=""):
    """CSRF_FAILURE_VIEW of the settings."""
    text = (
        "The page you sent it from is older than your login, or your browser keeps no cookies from us. "
        "Open it again, log in if it asks you to, and send it once more."
    )
    return keep_text(request, "We could not accept this form", text)


def keeps_text(view):
    """A view of the admin that does not send a story's form to the login, where its text would be lost."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if request.method == "POST" and "version" in request.POST and not admin.site.has_permission(request):
            text = "You are no longer logged in. Open the form again, log in, and put your text back."
            return keep_text(request, "Your login has ended", text)
        return view(request, *args, **kwargs)

    return inner
