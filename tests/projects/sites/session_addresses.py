"""django-user-sessions: sessions in a table of its own, with the visitor's address."""

from bare import caught_up, found, paused, project, tables, visitor

project("user_sessions", SESSION_ENGINE="user_sessions.backends.db")

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import path
from user_sessions.models import Session

settings.MIDDLEWARE[1] = "user_sessions.middleware.SessionMiddleware"
urlpatterns = [path("", lambda request: HttpResponse(request.user.username))]
tables()
assert found() == []


def log_in(request):
    login(request, User.objects.get(username="ann"))
    return HttpResponse()


urlpatterns.append(path("login", log_in))
User.objects.create_user("ann", password="secret")
with paused():
    browser = visitor()
    browser.post("/login")
    for name in [name for name in browser.cookies if name.startswith("routing")]:
        del browser.cookies[name]  # as after BOOKMARK_MAX_AGE
    assert browser.get("/").content == b"ann", "who has just logged in is anonymous"
    moved = browser.get("/", REMOTE_ADDR="10.0.0.9")
    assert (moved.status_code, moved.content) == (200, b"ann"), "a phone whose address changes is turned away"
caught_up()
with paused():
    Session.objects.all().delete()
    assert browser.get("/").content == b"", "who was logged out everywhere is still logged in"
