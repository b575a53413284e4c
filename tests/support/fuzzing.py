"""Requests by chance, as bytes: what browsers send, bent. The same number makes the same request."""

from random import Random
from urllib.parse import quote_from_bytes, urlencode

PATHS = ["/", "/stories/{}/", "/sections/{}/", "/authors/{}/", "/archive/", "/search/", "/feed/", "/robots.txt"]
PATHS += ["/sitemap.xml", "/sitemap-{}.xml", "/health/live/", "/health/ready/", "/static/{}", "/lab/", "/lab/{}/"]
STORIES = "/admin/backoffice/story/"
NEWSROOM = ["/admin/", "/admin/login/", "/admin/{}/", STORIES, f"{STORIES}add/", f"{STORIES}{{}}/change/"]
NEWSROOM += [f"{STORIES}{{}}/{page}/" for page in ("preview", "history", "delete")]
NEWSROOM += [f"/admin/backoffice/{model}/" for model in ("author", "section", "tag")]
NEWSROOM += [
    "/admin/jsi18n/",
    "/admin/autocomplete/",
    "/admin/r/{}/{}/",
    "/admin/auth/user/",
    "/admin/password_change/",
]
QUERY = ["q", "page", "before", "p", "o", "all", "next", "status__exact", "section__id__exact", "published_at__year"]
QUERY += ["_popup", "_to_field", "e", "routing_bookmark", "csrfmiddlewaretoken", "app_label", "term", "_facets"]
FORM = ["headline", "slug", "standfirst", "body", "section", "author", "tags", "status", "published_at_0"]
FORM += ["published_at_1", "corrections-TOTAL_FORMS", "corrections-INITIAL_FORMS", "corrections-0-text", "_save"]
FORM += ["corrections-0-id", "_continue", "_publish", "_addanother", "action", "_selected_action", "index", "name"]
METHODS = ["GET"] * 12 + ["HEAD", "HEAD", "POST", "POST", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "BREW", "get"]
CHARSETS = ["utf-8", "rot13", "punycode", "undefined", "utf-16", "utf-7", "latin-1", "hex", "idna", "x" * 300, '"', ""]
TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data", "text/plain"]
TYPES += ["application/json", "multipart/form-data; boundary=" + "b" * 200, "text/plain; charset*=xx''%41", ";;="]
# U+0000 to U+001F are left out of what is saved: they are tests of the forms.
ODD = ["", "0", "-1", "1", "2", "99999999999999999999", "1.5", "nan", "race", "story-1", "x", "published", "draft"]
ODD += ["2026-11-25", "23:59:60", "0000-00-00", "9999-12-31", "-1-1", "1-", "0-0", "a" * 300, "é", "﷽", "🦆", "٣"]
ODD += ["'", '"', "\\", "%", "<script>", "../../etc/passwd", "..%2f", "{{7*7}}", "a b", "a&b=c", ":", "on", "None"]
RAW = [
    b"%00",
    b"%ff",
    b"%c0%af",
    b"%ed%a0%80",
    b"%",
    b"%zz",
    b"%0d%0aX:y",
    b"+",
    b"//",
    b"/./",
    b"/../",
    b";",
    b"\xe9",
]


def request(number, port, cookies):
    """Return request `number`. Half of those to the newsroom bring `cookies`: an editor's, and a CSRF token's."""
    random = Random(number)
    in_newsroom = random.random() < 0.35
    path = _path(random, random.choice(NEWSROOM if in_newsroom else PATHS))
    method = random.choice(METHODS)
    headers = _headers(random, port)
    form = _form(random) if method in ("POST", "PUT", "PATCH") or random.random() < 0.03 else None
    if in_newsroom and random.random() < 0.6:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        if method == "POST" and form is not None and random.random() < 0.8:
            form["csrfmiddlewaretoken"] = cookies["csrftoken"]
            headers["Content-Type"] = TYPES[0]
    body = b"" if form is None else urlencode(form).encode()
    if body and random.random() < 0.1:
        body = bytes(random.choices(range(256), k=random.choice([1, 10, 3000])))
    if form is not None:
        headers["Content-Length"] = str(len(body))
        if random.random() < 0.05:  # a lie
            headers["Content-Length"] = random.choice(["-1", "0", "x", str(len(body) + 5), "9" * 20, "1, 2"])
        headers.setdefault("Content-Type", _type(random))
    version = random.choice([b"HTTP/1.1"] * 20 + [b"HTTP/1.0", b"HTTP/0.9", b"HTTP/9.9", b""])
    lines = [method.encode() + b" " + path + b" " + version]
    lines += [f"{name}: {value}".encode("utf-8", "replace") for name, value in headers.items()]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _path(random, path):
    while "{}" in path:
        path = path.replace("{}", random.choice(["1", "2", "race", "races", "ada", *ODD]), 1)
    raw = quote_from_bytes(path.encode(), safe="/<>'\"").replace(" ", "%20").encode()
    if random.random() < 0.15:
        place = random.randrange(len(raw) + 1)
        raw = raw[:place] + random.choice(RAW) + raw[place:]
    if random.random() < 0.5:
        pairs = [(random.choice(QUERY), random.choice(ODD)) for _ in range(random.choice([1, 1, 2, 5]))]
        raw += b"?" + urlencode(pairs).encode() + (random.choice(RAW) if random.random() < 0.2 else b"")
    return raw if random.random() < 0.99 else random.choice([b"*", b"http://other.example/", b"/" * 5000, b""])


def _headers(random, port):
    headers = {"Host": f"127.0.0.1:{port}", "Connection": "close"}
    choices = {
        "Host": ["evil.example", "", "localhost", "127.0.0.1:99999", "a b", "[::1]", "é"],
        "Cookie": [
            "sessionid=x",
            "csrftoken=" + "a" * 32,
            "routing_bookmark_1=x:y:z",
            "=;=;",
            "a=" + "b" * 3000,
            "é=é",
        ],
        "Accept-Encoding": ["gzip", "br;q=x", "*"],
        "If-None-Match": ["*", '"x"', 'W/"', "x" * 500],
        "If-Modified-Since": ["Tue, 01 Dec 2099 00:00:00 GMT", "x", "Mon, 01 Jan 0001 00:00:00 GMT"],
        "If-Match": ['"x"', "*"],
        "Range": ["bytes=0-1", "bytes=5-2", "x"],
        "Referer": ["http://evil.example/", "é", "//"],
        "Origin": ["null", "http://evil.example", "x"],
        "SCRIPT_NAME": ["/x", "", "/admin"],
        "PATH_INFO": ["/admin/"],
        "X-Forwarded-Proto": ["https", "x"],
        "X-Forwarded-For": ["1.2.3.4", "x" * 100],
        "X-Race-Router": ["naive", "x:y:z"],
        "X-Requested-With": ["XMLHttpRequest"],
        "Expect": ["100-continue", "x"],
        "Transfer-Encoding": ["chunked", "gzip", "identity"],
        "Content-Type": [_type(random)],
        "Bad Name": ["x"],
        "User-Agent": ["x" * 3000, "é", ""],
    }
    for name in random.sample([*choices], random.choice([0, 0, 1, 1, 2])):
        headers[name] = random.choice(choices[name])
    return headers


def _type(random):
    charset = random.choice(CHARSETS)
    return random.choice(TYPES) + (f"; charset={charset}" if random.random() < 0.4 else "")


def _form(random):
    return {random.choice(FORM): random.choice(ODD) for _ in range(random.choice([0, 2, 8, 20]))}
