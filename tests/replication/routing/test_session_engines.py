"""Every session engine of Django, on public paths, while both replicas are behind: no login lost, none revived."""

import pytest
from django.contrib.auth import authenticate, get_user_model, login, logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]
ENGINES = ["db", "cached_db", "cache", "file", "signed_cookies"]


def enter(request):
    login(request, authenticate(request, username="editor", password=request.POST["password"]))
    return HttpResponse()


def leave(request):
    logout(request)
    return HttpResponse()


def cycle(request):
    request.session.cycle_key()
    return HttpResponse()


def change_password(request):
    if request.user.is_authenticated:
        request.user.set_password(request.POST["password"])
        request.user.save()
        update_session_auth_hash(request, request.user)
    return HttpResponse()


def count(request):
    request.session["count"] = request.session.get("count", 0) + 1
    return HttpResponse()


def who(request):
    return HttpResponse(f"{request.user} {request.session.get('count', 0)}".strip())


urlpatterns = [
    path("enter/", enter),
    path("leave/", leave),
    path("cycle/", cycle),
    path("password/", change_password),
    path("count/", count),
    path("admin/count/", count),
    path("who/", who),
]


@pytest.fixture(params=ENGINES)
def engine(request, settings, tmp_path):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{request.param}"
    settings.SESSION_FILE_PATH = tmp_path
    return request.param


@pytest.fixture(autouse=True)
def _paused(wait_until_replayed, replay_paused):
    get_user_model().objects.create_user("editor", password="first")
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        yield


def new_browser(password="first"):
    browser = Client()
    browser.post("/enter/", {"password": password})
    return browser


def copy_of(browser):
    """Another browser with the same cookies, as a thief has it."""
    copy = Client()
    copy.cookies.load(browser.cookies.output(header="", sep=";"))
    return copy


def who_is(browser):
    return browser.get("/who/").content.decode()


EXPECTED = {
    "login": "editor 0",
    "another session key": "editor 1",
    "after the cache lost it": "editor 2",
    "back in the admin": "editor 3",
    "changed password": "editor 3",
    "changed password elsewhere": "AnonymousUser 0",
    "new secret key": "editor 3",
    "without the old secret key": "editor 3",
    "logout": "AnonymousUser 0",
    "stolen cookie after the logout": "AnonymousUser 0",
    "rows": 0,
}
# The first thing that goes wrong with the published router, and with it much of what follows.
PUBLISHED = dict.fromkeys(ENGINES, "changed password") | {"db": "login", "cached_db": "after the cache lost it"}


def test_no_login_is_lost_and_none_comes_back(engine, each_router, settings):
    seen = {}
    browser = new_browser()
    seen["login"] = who_is(browser)
    browser.get("/cycle/")
    browser.get("/count/")
    seen["another session key"] = who_is(browser)
    browser.get("/admin/count/")
    if engine == "cached_db":
        cache.clear()
    seen["after the cache lost it"] = who_is(browser)
    browser.get("/admin/count/")
    seen["back in the admin"] = who_is(browser)

    other = new_browser()
    browser.post("/password/", {"password": "second"})
    seen["changed password"] = who_is(browser)
    seen["changed password elsewhere"] = who_is(other)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-secret-key", [settings.SECRET_KEY]
    seen["new secret key"] = who_is(browser)
    settings.SECRET_KEY_FALLBACKS = []
    seen["without the old secret key"] = who_is(browser)

    thief = copy_of(browser)
    browser.get("/leave/")
    seen["logout"] = who_is(browser)
    seen["stolen cookie after the logout"] = who_is(thief)
    seen["rows"] = Session.objects.using("default").count()

    wrong = [what for what in EXPECTED if seen[what] != EXPECTED[what]]
    if each_router == "published":
        assert wrong[0] == PUBLISHED[engine]
    elif engine == "signed_cookies":  # as Django documents: who has copied the cookie has the session
        assert wrong == ["stolen cookie after the logout"]
    else:
        assert not wrong
