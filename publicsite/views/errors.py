"""When something goes wrong, in the paper's clothes. None of these pages asks a database."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render
from django.urls import reverse

from routing.survival.unavailable import RETRY_AFTER


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        from backoffice.models import (
            LONGEST_BODY,  # the server's entry point needs this module before there are models
        )

        text = f"A story has at most {LONGEST_BODY:,} characters. Go back: your browser may still have the text."
        return _page(request, 400, "That is too long for us", text)
    return _page(
        request, 400, "That request makes no sense", "The address or the form holds something we cannot read."
    )


def permission_denied(request, exception=None):
    return _page(request, 403, "Staff only", "This page is for people with a key to the newsroom.")


def page_not_found(request, exception=None):
    text = "It may have been renamed or withdrawn, or it was never printed."
    return _page(request, 404, "We have no such page", text, has_search=True)


def too_many_logins(request, response, credentials):
    """Answer a login that was refused after too many wrong passwords: the setting AXES_LOCKOUT_CALLABLE."""
    minutes = round(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    text = f"Too many wrong passwords for this name. Wait {minutes} minutes, then try again."
    response = _page(request, 429, "One moment, please", text)
    response.headers["Retry-After"] = str(60 * minutes)
    return response


def server_error(request):
    return _page(request, 500, "Stop the press", "Something broke on our side, and we have made a note of it.")


def unavailable(request, exception):
    """A reader's page comes back by itself. An editor is told the reason, and what to look at before trying again."""
    title = "The presses are standing still"
    if request.method == "POST":
        text = f"{exception} Try again in a few seconds. If you were saving, look first whether it is there already."
        return _page(request, 503, title, text)
    if request.path_info.startswith(reverse("admin:index")):
        text = f"{exception} This page tries again by itself every {RETRY_AFTER} seconds."
    else:
        text = "We cannot reach our stories right now. Stay here: this page tries again by itself in a few seconds."
    return _page(request, 503, title, text, reload=RETRY_AFTER)


def _page(request, status, title, text, **more):
    context = {"status": status, "title": title, "text": text, **more}
    return render(request, "publicsite/error.html", context, status=status)
