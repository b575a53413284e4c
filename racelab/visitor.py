"""A browser of the race: an editor who logs in, saves, and looks, over real HTTP."""

import re
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from time import perf_counter
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from .dispatch import HEADER, sign

LOGIN = "/admin/login/"
TIMEOUT = 20  # seconds that an answer may take: a save may have to wait for replicas that are ten late


class NoAnswer(Exception):
    """The site has not answered; the message says why not."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Answer:
    """Status, text, where it redirects to, which databases served it and why, and its milliseconds."""

    def __init__(self, response, milliseconds):
        self.status = response.status
        self.text = response.read().decode(errors="replace")
        self.location = response.headers.get("Location", "")
        served = re.findall(r'(\w+);desc="([^"]*)"', response.headers.get("Server-Timing", ""))
        # Logins are read from the primary by rule, whatever page it is: they say nothing of the page.
        self.served = [(alias, reason) for alias, reason in served if reason != "pinned model"]
        self.databases = {alias for alias, _ in self.served}
        self.milliseconds = milliseconds

    @property
    def wants_login(self):
        return self.status == 302 and LOGIN in self.location

    @property
    def headline(self):
        """What a reader sees: the page's headline."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.text, re.DOTALL)
        return re.sub(r"<[^>]*>|\s+", " ", found[1]).strip() if found else ""


class Visitor:
    """One browser with a jar of its own, whose requests are served by the router of that name."""

    def __init__(self, site, router):
        self.site, self.router = site, router
        self.jar = CookieJar()
        self._opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar), _NoRedirects())

    def get(self, path):
        return self._send(path)

    def post(self, path, form):
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")
        return self._send(path, urlencode({**form, "csrfmiddlewaretoken": token}).encode())

    def log_in(self, username, password):
        self.get(LOGIN)
        return self.post(LOGIN, {"username": username, "password": password, "next": "/admin/"})

    def _send(self, path, data=None):
        request = Request(self.site + path, data, {HEADER: sign(self.router)})
        start = perf_counter()
        try:
            response = self._opener.open(request, timeout=TIMEOUT)
        except HTTPError as error:  # also redirects, and 404
            response = error
        except OSError as error:
            raise NoAnswer(f"The site has not answered {path}: {getattr(error, 'reason', error)}.") from error
        with response:
            return Answer(response, (perf_counter() - start) * 1000)


def fields(page, form_id="story_form"):
    """Return what a browser would send of the form with that id: its names and values as they are."""
    parser = _Fields(form_id)
    parser.feed(page)
    return parser.values


class _Fields(HTMLParser):
    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.values = form_id, {}
        self._is_inside, self._select, self._area = False, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._is_inside = given.get("id") == self.form_id
        if not self._is_inside:
            return
        name, value = given.get("name"), given.get("value")
        if tag == "select":
            self._select = None if "multiple" in given else name
        elif tag == "option" and self._select and ("selected" in given or self._select not in self.values):
            self.values[self._select] = value or ""
        elif tag == "textarea" and name:
            self._area = name
            self.values[name] = ""
        elif tag == "input" and name and given.get("type") not in ("submit", "button", "file", "checkbox", "radio"):
            self.values[name] = value or ""
        elif tag == "input" and name and "checked" in given:
            self.values[name] = value or "on"

    def handle_data(self, data):
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_inside = False
        elif tag == "textarea" and self._area:
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None
