"""A browser, as lean as possible: one kept connection, and cookies."""

from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode


class Browser:
    def __init__(self, port):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies = {}

    def close(self):
        self.connection.close()

    def get(self, path):
        return self._send("GET", path, None, {})

    def post(self, path, form):
        form = form | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        body = urlencode(form, doseq=True)
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(self, method, path, body, headers):
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        response.body = response.read().decode()
        self._keep_cookies(response)
        return response

    def _keep_cookies(self, response):
        for header in response.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(header).items():
                if cookie["max-age"] == "0":
                    self.cookies.pop(name, None)
                elif name != "messages":  # of the admin: nobody looks at them here, and they would pile up
                    self.cookies[name] = cookie.value
