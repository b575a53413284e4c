"""The newsroom's forms, filled in at random: an answer each time, never an error of ours.

FUZZ_FORMS=100000 tries more than the usual five hundred.
"""

import os
import random
from urllib.parse import quote_plus
from xml.etree import ElementTree

import pytest
from django.test import Client

from backoffice.models import Story
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import CorrectionFactory, SectionFactory, StoryFactory, SuperuserFactory

pytestmark = pytest.mark.django_db
COUNT = int(os.environ.get("FUZZ_FORMS", 500))
LOT = 25
ODD = [
    *(
        "",
        " ",
        "\x1b",
        "\x00",
        "\ufffe",
        "²",
        "-1",
        "0",
        "1",
        "99999999999999999999",
        "1e9",
        "NaN",
        "None",
        "true",
        "'",
    ),
    *(
        "x" * 201,
        "x" * 100_001,
        '"' * 5000,
        "![" * 3000,
        "> " * 3000,
        "<script>",
        "]]>",
        "&#xD800;",
        "a b",
        "é",
        "𠀀" * 300,
    ),
    *(
        "0001-01-01",
        "9999-12-31",
        "99999-01-01",
        "23:59:60",
        "2026-02-30",
        "published",
        "scheduled",
        "draft",
        "../..",
        "%00",
    ),
    *("2026-01-01T00:00:00+00:00", "javascript:x", "\r\n\r\n", "\u202e", "[a](b", "|a" * 2000 + "\n" + "|-" * 2000),
]
EXTRA = [
    "_publish",
    "_continue",
    "_addanother",
    "_saveasnew",
    "_save",
    "_popup",
    "_to_field",
    "_changelist_filters",
    "version",
]
FORMSET = ["corrections-TOTAL_FORMS", "corrections-INITIAL_FORMS", "corrections-MAX_NUM_FORMS", "corrections-0-id"]
FORMSET += [
    "corrections-0-text",
    "corrections-0-story",
    "corrections-0-DELETE",
    "corrections-1-id",
    "corrections-1-text",
]


def raw(value):
    """A value as a form sends it; some of them in bytes that are no UTF-8."""
    return quote_plus(str(value).encode("utf-8", "surrogatepass"))


def filled_in(dice, form):
    form = dict(form)
    for _ in range(dice.choice([1, 2, 4, 8])):
        name = dice.choice([*form, *EXTRA, *FORMSET])
        if dice.random() < 0.2:
            form.pop(name, None)
        else:
            form[name] = dice.choice([*ODD, "\ud800"])
    return form


def send(client, dice, page, form):
    pairs = [
        (name, value) for name, values in form.items() for value in (values if isinstance(values, list) else [values])
    ]
    body = "&".join(f"{quote_plus(name)}={raw(value)}" for name, value in pairs)
    if dice.random() < 0.1:
        body = body.replace("%", dice.choice(["%f", "%%", "&", "="]), 3)
    charset = dice.choice(["", "", "", "; charset=utf-8", "; charset=latin-1"])
    return client.post(page, body, content_type=f"application/x-www-form-urlencoded{charset}")


@pytest.mark.parametrize("lot", range(COUNT // LOT))
def test_a_form_filled_in_at_random_has_an_answer(client, lot):
    dice = random.Random(f"forms {lot}")
    editor = Client()
    editor.force_login(SuperuserFactory())
    section, story = SectionFactory(), StoryFactory()
    correction = CorrectionFactory(story=story)
    for number in range(LOT):
        Story.objects.filter(pk=story.pk).exists() or (story := StoryFactory())
        form = story_form(story, headline=f"Story {number}", corrections=["One", "Two"])
        if dice.random() < 0.5:
            form |= {"corrections-INITIAL_FORMS": 1, "corrections-0-id": correction.pk}
        named = {"name": "Weather", "slug": f"weather-{number}", "position": 1, "role": "", "bio": ""}
        action = {
            "action": dice.choice(["publish_stories", "unpublish_stories", "delete_selected"]),
            "_selected_action": [story.pk],
        }
        page, form = dice.choice(
            [
                *[(address("change", story.pk), form)] * 4,
                *[(address("add"), form | {"slug": f"new-{number}"})] * 2,
                *[(address("preview", story.pk), form), (address("preview_new"), form)],
                *[(address("changelist"), action), (address("delete", story.pk), {"post": "yes"})],
                *[(f"/admin/backoffice/{model}/add/", named) for model in ("section", "author", "tag")],
                (f"/admin/backoffice/section/{section.pk}/change/", named),
                ("/admin/login/", {"username": "anna", "password": "x", "next": "/admin/"}),
            ]
        )
        response = send(dice.choice([editor, editor, editor, client]), dice, page, filled_in(dice, form))
        assert response.status_code < 500, (page, form)
    for page in ("/feed/", "/sitemap-stories.xml", "/sitemap-sections.xml"):
        ElementTree.fromstring(client.get(page).content)
    assert client.get("/").status_code == editor.get(address("changelist")).status_code == 200
