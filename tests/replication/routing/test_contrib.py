"""What comes with Django and reads the database by itself, while both replicas are behind."""

import pytest
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth import get_user_model, login
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from publicsite.grants import grant_reading
from tests.samples.models import Member

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]


def say(request):
    messages.info(request, "saved")
    return HttpResponse()


def said(request):
    return HttpResponse(",".join(map(str, messages.get_messages(request))))


def edit(request):
    """Make the page or the redirect that POST names, as the admin would."""
    model = apps.get_model(request.POST["model"])
    made = model.objects.create(**{name: value for name, value in request.POST.items() if name != "model"})
    if hasattr(made, "sites"):
        made.sites.set([1])
    return HttpResponse()


def enter(request):
    login(request, Member.objects.get(), "django.contrib.auth.backends.ModelBackend")
    return HttpResponse()


def rename(request):
    """A public page that shows the user's password hash and, of the other table, the name."""
    if request.method == "POST":
        request.user.name = "new"
        request.user.save()
    return HttpResponse(getattr(request.user, "name", "nobody"))


def cached(request):
    value = caches["table"].get_or_set("key", "made", 60)
    return HttpResponse(value)


def uncache(request):
    caches["table"].delete("key")
    return HttpResponse(caches["table"].get("key", "gone"))


urlpatterns = [
    path("say/", say),
    path("said/", said),
    path("edit/", edit),
    path("enter/", enter),
    path("rename/", rename),
    path("cached/", cached),
    path("uncache/", uncache),
    path("", include("tests.support.routing_urls")),
]


@pytest.mark.parametrize("storage", ["session.SessionStorage", "cookie.CookieStorage", "fallback.FallbackStorage"])
def test_a_message_is_shown_once(storage, each_router, settings, replay_paused):
    settings.MESSAGE_STORAGE = f"django.contrib.messages.storage.{storage}"
    browser = Client()
    with replay_paused("replica1", "replica2"):
        browser.post("/say/")
        shown = [browser.get("/said/").content.decode() for _ in range(2)]
    lost = each_router == "published" and storage == "session.SessionStorage"
    assert shown == (["", ""] if lost else ["saved", ""])


@pytest.fixture
def _sites(transactional_db, settings, wait_until_replayed):
    """The sites, flatpages and redirects of Django, installed with their tables."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, *(f"django.contrib.{name}" for name in SITES)]
    settings.SITE_ID = 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, *FALLBACKS]
    models = [model for name in SITES for model in apps.get_app_config(name).get_models()]
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    grant_reading(using="default")
    apps.get_model("sites.Site").objects.create(pk=1, domain="example.org")
    wait_until_replayed()
    yield
    for model in models:  # the admin finds the new apps by itself, and would list them when they are gone
        if admin.site.is_registered(model):
            admin.site.unregister(model)
    apps.get_model("sites.Site").objects.clear_cache()
    with connection.schema_editor() as editor:
        for model in reversed(models):
            editor.delete_model(model)


SITES = ["sites", "flatpages", "redirects"]
FALLBACKS = [
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django.contrib.redirects.middleware.RedirectFallbackMiddleware",
]


@pytest.mark.usefixtures("_sites")
def test_a_catch_all_finds_what_the_editor_has_just_made(each_router, settings, replay_paused):
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"flatpages/default.html": "{{ flatpage.content }}"})
                ]
            },
        }
    ]
    editor, reader = Client(), Client()
    with replay_paused("replica1", "replica2"):
        editor.post("/edit/", {"model": "flatpages.FlatPage", "url": "/new/", "title": "New", "content": "new"})
        editor.post("/edit/", {"model": "redirects.Redirect", "site_id": 1, "old_path": "/old/", "new_path": "/new/"})
        page, redirect = editor.get("/new/"), editor.get("/old/")
        assert (reader.get("/new/").status_code, reader.get("/old/").status_code) == (404, 404)
    if each_router == "published":
        assert (page.status_code, redirect.status_code) == (404, 404)
    else:
        assert (page.content, redirect.headers["Location"]) == (b"new", "/new/")


def test_a_user_model_of_ones_own_is_pinned_with_the_table_it_inherits_from(
    each_router, settings, replay_paused, wait_until_replayed
):
    settings.AUTH_USER_MODEL = "samples.Member"
    Member.objects.create(email="editor@example.org", name="old")
    wait_until_replayed()
    assert get_user_model() is Member
    browser, other = Client(), Client()
    browser.post("/enter/")
    other.post("/enter/")
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        browser.post("/rename/")
        seen = other.get("/rename/").content
    assert seen == {"ours": b"new", "published": b"old"}[each_router]


@pytest.fixture
def _cache_table(transactional_db, settings, wait_until_replayed):
    backend = "django.core.cache.backends.db.DatabaseCache"
    settings.CACHES = settings.CACHES | {"table": {"BACKEND": backend, "LOCATION": "cache_table"}}
    call_command("createcachetable", verbosity=0)
    wait_until_replayed()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cache_table")


@pytest.mark.usefixtures("_cache_table")
def test_a_cache_in_the_database_is_read_and_written_on_the_primary_whatever_the_page(replay_paused):
    with replay_paused("replica1", "replica2"):
        assert Client().get("/cached/").content == b"made"
        assert Client().get("/cached/").headers["Server-Timing"].startswith('default;desc="pinned model"')
        assert Client().get("/uncache/").content == b"gone"
