"""Steady load: readers with keep-alive connections, an editor who saves all the time, and what became of each."""

import http.client
import re
import threading
import time
import urllib.parse
from dataclasses import dataclass

_SORRY = re.compile('class="standfirst">(.*?)\\.')
PATHS = ["/", "/sections/replication/", "/archive/", "/", "/search/?q=replica", "/feed/", "/"]


@dataclass(frozen=True)
class Page:
    began: float
    seconds: float
    status: int  # 0: no answer
    aliases: str  # which databases gave it
    sorry: str = ""  # what a page that could not be made says

    @property
    def is_good(self):
        return self.status == 200


class Client(threading.Thread):
    """Asks again and again until it is stopped, over one connection."""

    def __init__(self, port, timeout=30):
        super().__init__(daemon=True)
        self.port, self.timeout = port, timeout
        self.pages = []
        self.is_over = threading.Event()
        self.connection = None

    def ask(self, method, path, body=None, headers=()):
        """One request: the response, its text, and a Page."""
        began = time.monotonic()
        for is_fresh in (self.connection is None, True):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
                self.connection.request(method, path, body, dict(headers))
                response = self.connection.getresponse()
                text = response.read().decode()
                timing = response.headers.get("Server-Timing", "")
                aliases = " ".join(sorted(set(re.findall(r"(\w+);desc", timing))))
                sorry = _SORRY.search(text)[1] if response.status >= 500 and _SORRY.search(text) else ""
                return response, text, Page(began, time.monotonic() - began, response.status, aliases, sorry)
            except (OSError, http.client.HTTPException):
                self.connection.close()
                self.connection = None
                # A kept connection may have been closed meanwhile: clients then try once more.
                if is_fresh or method != "GET":
                    break
        return None, "", Page(began, time.monotonic() - began, 0, "")

    def run(self):
        if self.connection:  # it has lain idle while others logged in, and gunicorn may have closed it
            self.connection.close()
        while not self.is_over.is_set():
            self.once()
        if self.connection:
            self.connection.close()


class Reader(Client):
    def __init__(self, port, number):
        super().__init__(port)
        self.turn = number

    def once(self):
        self.turn += 1
        self.pages.append(self.ask("GET", PATHS[self.turn % len(PATHS)])[2])


class Editor(Client):
    """Logs in, and adds a tag every `pause` seconds. `acknowledged` are the names whose save was answered well."""

    def __init__(self, port, name="editor", pause=0.05):
        super().__init__(port)
        self.label, self.pause, self.number = name, pause, 0
        self.cookies, self.acknowledged = {}, []
        assert self.log_in()

    def log_in(self):
        """Return whether it went well."""
        self.form("GET", "/admin/login/")
        return self.form("POST", "/admin/login/", username="admin", password="admin")[2].status == 302

    def form(self, method, path, **fields):
        fields |= {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")} if method == "POST" else {}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response, text, page = self.ask(method, path, urllib.parse.urlencode(fields) or None, headers)
        for line in response.headers.get_all("Set-Cookie") or [] if response else []:
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
            # The admin's messages are shown to nobody here, and would pile up.
            if "Max-Age=0" in line or name == "messages":
                del self.cookies[name]
        return response, text, page

    def once(self):
        self.number += 1
        name = f"{self.label}-{self.number}"
        _, _, page = self.form("POST", "/admin/backoffice/tag/add/", name=name, slug=name)
        self.pages.append(page)
        if page.status == 302:
            self.acknowledged.append(name)
        self.is_over.wait(self.pause)


class Insider(Editor):
    """Has a session and a bookmark, and only reads: public pages."""

    def __init__(self, port, number=0):
        super().__init__(port, f"insider{number}")
        super().once()
        self.pages.clear()

    def once(self):
        self.number += 1
        self.pages.append(self.form("GET", PATHS[self.number % len(PATHS)])[2])


class Load:
    """`with Load(port) as load:` eight readers, one of them with a session and a bookmark, and an editor at work.

    And others: `writers` (writers.py), if there are any.
    """

    def __init__(self, port, readers=8, editor=True, insiders=1, writers=()):
        self.insiders = [Insider(port, number) for number in range(insiders)]
        self.readers = [*self.insiders, *(Reader(port, number) for number in range(insiders, readers))]
        self.editor = Editor(port) if editor else None
        self.writers = writers

    @property
    def clients(self):
        return [*self.readers, *([self.editor] if self.editor else []), *self.writers]

    def __enter__(self):
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *exception):
        for client in self.clients:
            client.is_over.set()
        for client in self.clients:
            client.join(40)

    @property
    def pages(self):
        return sorted((page for reader in self.readers for page in reader.pages), key=lambda page: page.began)

    def between(self, start, end):
        return [page for page in self.pages if start <= page.began < end]


def rate(pages, start, end):
    """Good pages a second that were done between two moments."""
    return sum(page.is_good and start <= page.began + page.seconds < end for page in pages) / (end - start)


def percentile(pages, share):
    times = sorted(page.seconds for page in pages)
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def failed(pages):
    return [page for page in pages if not page.is_good]
