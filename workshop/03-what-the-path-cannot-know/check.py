"""Chapter 3: four things that the path of a request does not say."""

from django.test import Client

from workshop.lab import PASSWORD, REPLICAS, count_gone, counted

PAGES = 40
SAVES = 5


def logged_out(lab):
    """Log in; open a reader's page; return whether the admin wants the password again."""
    user, browser = lab.user(), Client()
    with lab.standing_still():
        browser.post("/admin/login/", {"username": user.username, "password": PASSWORD})
        browser.get("/account/")
        return browser.get("/admin/").status_code != 200


def guide_on_primary():
    with counted() as queries:
        Client().get("/administration-guide/")
    return queries["default"]


def gone_below_prefix(lab):
    """Save in the admin of a site that is mounted below /news."""
    editor, story = lab.editor(SCRIPT_NAME="/news"), lab.story()
    with lab.standing_still():
        return count_gone(editor, story, SAVES)


def broken_pages(lab):
    """Publish a story in a new section, which only one replica has yet, and open a page that shows both."""
    lab.story()
    with lab.standing_still("replica1"):
        lab.story()
        lab.catch_up("replica2")
        readers = Client(raise_request_exception=False)
        pages = [readers.get("/newest/") for _ in range(PAGES)]
    return sum(page.status_code == 500 for page in pages)


def run(lab):
    print("lost login            ", "logged out by a page" if logged_out(lab) else "still logged in")
    print("/administration-guide/", guide_on_primary(), "queries on the primary")
    print("the site below /news  ", gone_below_prefix(lab), f"of {SAVES} saves in the admin gone")
    print("one page, two replicas", broken_pages(lab), f"of {PAGES} pages failed")


def check(lab):
    lab.story()
    lab.catch_up()
    with counted() as queries:
        for _ in range(PAGES):
            Client().get("/newest/")
    assert {name for name in queries if queries[name]} == set(REPLICAS), (
        f"readers' pages asked {dict(queries)}: both replicas should serve them, and the primary none."
    )
    assert not logged_out(lab), (
        "an editor logs in, opens a reader's page, and is logged out. The page looked for the session on a replica "
        "that did not have it yet, and Django deleted the cookie. Read what a login depends on from 'default', on "
        "every path: model._meta.app_label tells which app a model is of."
    )
    assert not guide_on_primary(), (
        "/administration-guide/ is read from the primary: it begins with /admin, too. Compare whole segments, "
        "'/admin' alone or '/admin/' at the start."
    )
    gone = gone_below_prefix(lab)
    assert not gone, (
        f"a site mounted below /news has its admin at /news/admin/, and {gone} of {SAVES} saves were gone there. "
        "request.path has the prefix in front; request.path_info has not."
    )
    broken = broken_pages(lab)
    assert not broken, (
        f"{broken} of {PAGES} pages failed: the story came from replica2, its section was looked for on replica1, "
        "which did not have it yet. Choose once for each request, and keep the choice on the request."
    )
    return f"the login holds, the prefix too, {PAGES} pages whole, and readers cost the primary 0 queries"
