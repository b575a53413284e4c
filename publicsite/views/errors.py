"""When something goes wrong, in the paper's clothes. None of these pages asks a database."""

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render

from backoffice.models import LONGEST_BODY


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig):
        text = f"A story has at most {LONGEST_BODY:,} characters. Go back: your browser may still have the text."
        return _page(request, 400, "That is too long for us", text)
    return _page(
        request, 400, "That request makes no sense", "The address or the form holds something we cannot read."
    )


def permission_denied(request, exception=None):
    return _page(request, 403, "Staff only", "This page is for people with a key to the newsroom.")


def page_not_found(request, exception=None):
    text = "It may have been renamed or withdrawn, or it was never printed. The archive has all that there is."
    return _page(request, 404, "We have no such page", text)


def server_error(request):
    return _page(request, 500, "Stop the press", "Something broke on our side, and we have made a note of it.")


def unavailable(request, exception):
    text = f"{exception} Try again in a few seconds. If you were saving, look first whether it is there already."
    return _page(request, 503, "The presses are standing still", text)


def _page(request, status, title, text):
    context = {"status": status, "title": title, "text": text}
    return render(request, "publicsite/error.html", context, status=status)
