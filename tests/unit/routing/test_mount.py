"""Rule 7 follows the admin to wherever it is mounted."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import path, set_script_prefix
from django.utils import translation

from routing.pinned import find_admin_paths, primary_paths
from tests.support.routing_urls import plain

newsroom = admin.AdminSite(name="newsroom")
of_each_desk = admin.AdminSite(name="of-each-desk")
urlpatterns = [
    path("office/desk/", admin.site.urls),
    path("newsroom/", newsroom.urls),
    path("desks/<slug:desk>/admin/", of_each_desk.urls),  # one can only name it in PRIMARY_PATHS
    path("office/", plain),
    path("admin/", plain),
]


@pytest.fixture(autouse=True)
def _computed_anew():
    yield
    translation._trans.__dict__.clear()
    set_script_prefix("/")


@pytest.fixture
def _elsewhere(settings):
    settings.ROOT_URLCONF = __name__


@pytest.mark.usefixtures("_elsewhere")
def test_every_admin_site_is_found_where_it_is_mounted():
    assert set(primary_paths()) == {"/office/desk", "/newsroom"}
    assert Client().get("/office/").content != b"default"
    assert Client().get("/admin/").content != b"default"


def test_a_script_prefix_is_not_part_of_the_path(settings):
    settings.ROOT_URLCONF = "tests.support.routing_urls"
    under = {"SCRIPT_NAME": "/paper"}
    assert Client().get("/plain/", **under).content != b"default"
    assert Client().get("/administration-guide/", **under).content != b"default"
    set_script_prefix("/paper/")
    assert tuple(find_admin_paths("tests.support.routing_urls")) == ("/admin/",)


def test_named_paths_are_added_to_the_admin(settings):
    settings.ROOT_URLCONF = "tests.support.routing_urls"
    settings.ROUTING = settings.ROUTING | {"PRIMARY_PATHS": ["/plain/"]}
    assert Client().get("/plain/").content == b"default"
    assert set(primary_paths()) == {"/admin", "/plain"}
    assert Client().get("/administration-guide/").content != b"default"


def test_languages_have_an_admin_each(settings):
    translation._trans.__dict__.clear()  # it looks at USE_I18N once
    settings.USE_I18N = True
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    settings.ROOT_URLCONF = "tests.unit.routing.i18n_urls"
    assert set(primary_paths()) == {"/en/admin", "/de/admin"}
