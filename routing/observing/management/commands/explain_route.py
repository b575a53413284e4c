"""manage.py explain_route PATH: which database would a request read from, and why?"""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.http import HttpRequest
from django.test import RequestFactory

from ....conf import conf
from ....layer import layers
from ....pinned import is_pinned
from ....reasons import Reason
from ...explanation import explain


class Command(BaseCommand):  # no PrimaryCommand: its override would be what decides
    help = (
        "Show which rule decides where a request reads from. "
        "Exit status 1 if there is no such user or the bookmark is invalid, 2 if the command is misused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="path below SCRIPT_NAME, starting with a slash; may have a query string")
        parser.add_argument("--method", default="GET", type=str.upper, help="default: GET")
        parser.add_argument("--user", metavar="NAME", help="who is logged in; default: nobody")
        parser.add_argument("--bookmark", help="a position from bookmark(), or the value of a cookie or link")

    def handle(self, *args: Any, **options: Any) -> str:
        path, primary = options["path"], conf().primary
        if not path.startswith("/"):
            raise CommandError(f"{path!r} is not a path. Start it with a slash: explain_route /{path}", returncode=2)
        request = RequestFactory().generic(options["method"], f"http://localhost{path}")
        if options["bookmark"]:
            _bring(request, options["bookmark"])
        if options["user"]:
            _check_user(options["user"])
        explanation = explain(request)
        rule = Reason.PINNED_MODEL.rule
        pinned = sorted(each._meta.label for each in apps.get_models() if is_pinned(each))
        waited = f", looked for a replica for {explanation.waited:.1f} ms" if explanation.waited is not None else ""
        return "\n".join(
            [
                f"request   {request.method} {request.path_info}",
                f"reads     {explanation}",
                f"bookmark  {explanation.bookmark or 'none'}{waited}",
                f"user      {options['user'] or 'nobody'}",
                f"pinned    {', '.join(pinned)}: {primary}, rule {rule}, whatever the path and user",
                f"writes    {primary}",
            ]
        )


def _bring(request: HttpRequest, text: str) -> None:
    """Let a layer put a position, or a signed bookmark, into the request."""
    if not layers().bring:
        raise CommandError("--bookmark needs bookmarks. Add 'routing.bookmarks' to INSTALLED_APPS.", returncode=2)
    try:
        for bring in layers().bring:
            bring(request, text)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _check_user(name: str) -> None:
    users = get_user_model()
    try:
        users._default_manager.using(conf().primary).get(**{users.USERNAME_FIELD: name})
    except users.DoesNotExist:
        raise CommandError(f"There is no user {name!r}.") from None
    except DatabaseError as error:
        raise CommandError(f"The primary does not answer: {error}") from error
