"""A browser of the race: an editor who logs in, saves, and looks, over real HTTP."""

import re
from http.cookiejar import CookieJar
from time import perf_counter
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

from .dispatch import HEADER, sign

LOGIN = "/admin/login/"


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Answer:
    """Status, text, where it redirects to, which databases served it, and its milliseconds."""

    def __init__(self, response, milliseconds):
        self.status = response.status
        self.text = response.read().decode(errors="replace")
        self.location = response.headers.get("Location", "")
        # Logins are read from the primary by rule, whatever page it is: they say nothing of the page.
        timings = re.findall(r'(\w+);desc="([^"]*)"', response.headers.get("Server-Timing", ""))
        self.databases = {alias for alias, reason in timings if reason != "pinned model"}
        self.milliseconds = milliseconds

    @property
    def wants_login(self):
        return self.status == 302 and LOGIN in self.location


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
        return self._send(path, urlencode({"csrfmiddlewaretoken": token, **form}).encode())

    def log_in(self, username, password):
        self.get(LOGIN)
        return self.post(LOGIN, {"username": username, "password": password, "next": "/admin/"}).status == 302

    def _send(self, path, data=None):
        request = Request(self.site + path, data, {HEADER: sign(self.router)})
        start = perf_counter()
        try:
            response = self._opener.open(request, timeout=20)
        except HTTPError as error:  # also redirects, and 404
            response = error
        with response:
            return Answer(response, (perf_counter() - start) * 1000)
