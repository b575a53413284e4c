"""manage.py explain_route PATH: which database would a request read from, and why?"""

from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.test import RequestFactory

from routing.bookmarks import Bookmark, unsign
from routing.conf import conf
from routing.explanation import explain
from routing.pinned import is_pinned
from routing.position import Position
from routing.router import RULES


class Command(BaseCommand):  # no PrimaryCommand: its override would be what decides
    help = (
        "Show which rule decides where a request reads from. "
        "Exit status 1 if the user or the bookmark is no good, 2 if the command is misused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", help="below SCRIPT_NAME, beginning with a slash; a query string may follow")
        parser.add_argument("--method", default="GET", type=str.upper, help="default: GET")
        parser.add_argument("--user", metavar="NAME", help="who is logged in; default: nobody")
        parser.add_argument("--bookmark", help="what routing.bookmark() gave, or the value of a cookie or link")

    def handle(self, *args: Any, **options: Any) -> str:
        path, primary = options["path"], conf().primary
        if not path.startswith("/"):
            raise CommandError(f"{path!r} is no path. Begin it with a slash: explain_route /{path}", returncode=2)
        request = RequestFactory().generic(options["method"], f"http://localhost{path}")
        if options["bookmark"]:
            request.COOKIES[conf().bookmark_cookie] = _signed(options["bookmark"])
        if options["user"]:
            _check_user(options["user"])
        explanation = explain(request)
        pinned = sorted(each._meta.label for each in apps.get_models() if is_pinned(each))
        waited = f", looked for a replica for {explanation.waited:.1f} ms" if explanation.waited is not None else ""
        return "\n".join(
            [
                f"request   {request.method} {request.path_info}",
                f"reads     {explanation}",
                f"bookmark  {explanation.bookmark or 'none'}{waited}",
                f"user      {options['user'] or 'nobody'}",
                f"pinned    {', '.join(pinned)}: {primary}, rule {RULES['pinned model']}, whatever the path and user",
                f"writes    {primary}",
            ]
        )


def _signed(text: str) -> str:
    """Return the cookie's value for a position; a value that is signed already stays as it is."""
    try:
        return Bookmark(Position.parse(text)).sign()
    except ValueError:
        if unsign(text, conf().bookmark_max_age):
            return text
    raise CommandError(
        f"{text!r} is no WAL position such as 1:0/3000060, and no bookmark that this site signed lately."
    )


def _check_user(name: str) -> None:
    users = get_user_model()
    try:
        users._default_manager.using(conf().primary).get(**{users.USERNAME_FIELD: name})
    except users.DoesNotExist:
        raise CommandError(f"There is no user {name!r}.") from None
    except DatabaseError as error:
        raise CommandError(f"The primary does not answer: {error}") from error
