"""Requests that no browser sends: refused, in one line of the log, before anything looks at them."""

import io
import logging
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from config.settings import ALLOWED_METHODS
from config.strict import UNREADABLE, readable
from config.wsgi import application
from tests.support.factories import EditorFactory

# None of them asks a database. But Django looks at old connections before each request.
pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])
ODD = ["rot13", "punycode", "undefined", "utf-16", "unicode_escape", "hex", "idna", "no-such", "", "\0", "x" * 9000]


def answer(**environ):
    """Return the status, and the page, of a request as gunicorn hands it over."""
    setup_testing_defaults(environ := {"HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1", **environ})
    said = []
    page = application(environ, lambda status, headers: said.append(status))
    return int(said[0][:3]), b"".join(page)


@pytest.mark.parametrize("charset", ODD)
@pytest.mark.parametrize("form", ["text/plain; charset={}", "multipart/form-data; boundary=x; charset={}"])
def test_an_odd_charset_is_400(charset, form):
    status, page = answer(CONTENT_TYPE=form.format(charset), QUERY_STRING="q=%ff", PATH_INFO="/robots.txt")
    assert status == 400
    assert b"nameplate" in page


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "iso-8859-1", "Latin-1"])
def test_a_charset_that_forms_have_is_read(charset):
    assert answer(CONTENT_TYPE=f"text/plain; charset={charset}", PATH_INFO="/robots.txt")[0] == 200


@pytest.mark.parametrize("value", ["xx''%41", "undefined''%80", "punycode''%80", "a'b'c", "rot13''a", "'"])
def test_a_charset_in_the_form_of_rfc_2231_breaks_nothing(value):
    assert answer(CONTENT_TYPE=f"text/plain; charset*={value}", PATH_INFO="/robots.txt")[0] == 400


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "DELETE", "CONNECT", "BREW"])
@pytest.mark.parametrize("path", ["/", "/nope/", "/admin/login/", "/health/live/", "/lab/"])
def test_what_is_neither_read_nor_posted_is_405_and_no_page(settings, method, path):
    settings.ALLOWED_METHODS = ALLOWED_METHODS
    assert answer(REQUEST_METHOD=method, PATH_INFO=path) == (405, b"")


def test_head_sends_no_body():
    assert answer(REQUEST_METHOD="HEAD", PATH_INFO="/robots.txt") == (200, b"")


@pytest.mark.parametrize("path", ["/feed/", "/robots.txt", "/sitemap.xml", "/"])
def test_a_foreign_host_is_refused_and_not_repeated(settings, path):
    settings.ALLOWED_HOSTS = [host for host in settings.ALLOWED_HOSTS if host != "testserver"]
    status, page = answer(HTTP_HOST="evil.example", PATH_INFO=path)
    assert status == 400
    assert b"evil" not in page


def test_a_refused_request_leaves_a_line_in_the_log_and_no_traceback(settings):
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    console = settings.LOGGING["filters"]["brief"]["callback"]
    handler.addFilter(console)
    logging.getLogger().addHandler(handler)
    try:
        Client().get("/", headers={"host": "evil example"})
    finally:
        logging.getLogger().removeHandler(handler)
    assert "Invalid HTTP_HOST" in log.getvalue()
    assert "Traceback" not in log.getvalue()


@pytest.mark.parametrize("field", ["", "nonsense", "headline__x"])
def test_the_admins_to_field_is_checked_even_if_it_is_empty(client, field):
    client.force_login(EditorFactory())
    assert client.get(f"/admin/backoffice/story/1/change/?_to_field={field}").status_code == 400


def test_nothing_is_made_of_what_has_no_charset():
    assert readable("") == ""
    assert readable("multipart/form-data; boundary=x") == "multipart/form-data; boundary=x"
    assert readable("text/plain; charset=rot13") == UNREADABLE
