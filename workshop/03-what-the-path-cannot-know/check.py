"""Chapter 3: four things that the path of a request doesn't tell."""

from django.test import Client

from workshop.console import doing
from workshop.lab import PASSWORD, REPLICAS, count_gone, counted
from workshop.verdict import NotYet

PAGES = 40
SAVES = 5
NEW = "a new pass phrase"
LOOK_ALIKES = ("/administration-guide/", "/guides/admin/")


def is_logged_out(browser):
    """Open a reader's page, and return whether the admin wants the password again."""
    browser.get("/account/")
    return browser.get("/admin/").status_code != 200


def logged_out_after(lab, *, new_password):
    """Log in, or change the password too, while the replicas stand still; return whether a page undoes it."""
    doing("a login, then a page for readers, while both replicas stand still")
    user, browser = lab.user(), Client()
    with lab.standing_still():
        browser.post("/admin/login/", {"username": user.username, "password": PASSWORD})
        if new_password:
            form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
            browser.post("/admin/password_change/", form)
        return is_logged_out(browser)


def on_primary(path):
    with counted() as queries:
        Client().get(path)
    return queries["default"]


def gone_below_prefix(lab):
    """Save in the admin of a site that is mounted below /news."""
    doing("saves on a site that is mounted below /news")
    editor, story = lab.editor(SCRIPT_NAME="/news"), lab.story()
    with lab.standing_still():
        return count_gone(editor, story, SAVES)


def broken_pages(lab):
    """Publish a story in a new section, which only one replica has yet, and open a page that shows both."""
    doing(f"{PAGES} pages of two queries, while one replica stands still")
    lab.story()
    with lab.standing_still("replica1"):
        lab.story()
        lab.catch_up("replica2")
        readers = Client(raise_request_exception=False)
        pages = [readers.get("/newest/") for _ in range(PAGES)]
    return sum(page.status_code == 500 for page in pages)


def run(lab):
    is_out = logged_out_after(lab, new_password=False)
    print("lost login            ", "logged out by a page" if is_out else "still logged in")
    print("/administration-guide/", on_primary("/administration-guide/"), "queries on the primary")
    print("the site below /news  ", gone_below_prefix(lab), f"of {SAVES} saves in the admin gone")
    print("one page, two replicas", broken_pages(lab), f"of {PAGES} pages failed")


def check(lab):
    lab.story()
    lab.catch_up()
    doing(f"{PAGES} pages for readers")
    with counted() as queries:
        for _ in range(PAGES):
            Client().get("/newest/")
    if {name for name in queries if queries[name]} != set(REPLICAS):
        raise NotYet(
            f"{PAGES} readers' pages asked {', '.join(f'{name} {count} times' for name, count in queries.items())}.",
            "both replicas at work, and 0 queries on the primary ('default').",
            "the last lines of db_for_read in router.py: what is neither pinned nor the admin's goes to a replica, "
            "chosen once for each request.",
        )
    if logged_out_after(lab, new_password=False):
        raise NotYet(
            "an editor logged in, opened a page for readers, and was logged out.",
            "still logged in. The page looked for the session on a replica that didn't have it yet, and Django "
            "deleted the cookie.",
            "db_for_read in router.py: read what a login depends on from 'default', on every path. "
            "model._meta.app_label tells which app a model belongs to.",
        )
    if logged_out_after(lab, new_password=True):
        raise NotYet(
            "an editor changed their password, opened a page for readers, and was logged out.",
            "still logged in. The session came from the primary, the user from a replica that has the old password; "
            "Django compared the two, and deleted the session.",
            "db_for_read in router.py: a login depends on more than sessions. The user is in the app 'auth'.",
        )
    for path in LOOK_ALIKES:
        if count := on_primary(path):
            raise NotYet(
                f"{path} asked the primary {count} times.",
                "0 times: it's a page for readers, and only looks like the admin's.",
                "the path in db_for_read in router.py: compare whole segments, and from the start. '/admin' alone, "
                "or '/admin/' at the beginning.",
            )
    if gone := gone_below_prefix(lab):
        raise NotYet(
            f"a site mounted below /news has its admin at /news/admin/, and {gone} of {SAVES} saves were gone there.",
            "0 gone.",
            "the path in db_for_read in router.py: request.path has the prefix in front, request.path_info doesn't.",
        )
    if broken := broken_pages(lab):
        raise NotYet(
            f"{broken} of {PAGES} pages failed: the story came from replica2, and its section was looked for on "
            "replica1, which didn't have it yet.",
            "0 failed. One request reads from one replica.",
            "random.choice in router.py: roll the dice once for a request, and keep the answer on the request.",
        )
    return f"the login holds, the prefix too, {PAGES} pages whole, and readers cost the primary 0 queries"
