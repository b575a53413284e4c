"""Control characters and their like: every way in leaves them out, and every XML way out is well-formed."""

import re
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, example, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from backoffice.models import LONGEST_BODY, Author, Section, Story
from backoffice.texts import printable
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import SectionFactory, StoryFactory

pytestmark = pytest.mark.django_db
BAD = "\x0b\x1b\x00\x7f\ufffe\uffff\ud800"
ANY_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=80)  # PostgreSQL's
FAST = given_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.text())
def test_printable_text_is_xml_and_keeps_the_rest(text):
    shown = printable(text)
    ElementTree.fromstring(f"<a>{shown.replace('&', '').replace('<', '')}</a>".encode())
    assert printable(shown) == shown
    assert shown == text or re.search("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]", text)


def test_the_form_leaves_out_what_nobody_sees(editor):
    form = story_form(section=SectionFactory(), headline=f"A{BAD[:2]}B", standfirst="C\x1bD", body=f"E{BAD[:6]}F")
    form["body"] = form["body"].replace("\0", "")  # which Django refuses, with a message
    assert editor.post(address("add"), form).status_code == 302
    story = Story.objects.get()
    assert (story.headline, story.standfirst, story.body, story.body_html) == ("AB", "CD", "EF", "<p>EF</p>\n")


def test_a_headline_of_nothing_else_is_no_headline(editor):
    response = editor.post(address("add"), story_form(section=SectionFactory(), headline="\x1b\ufffe"))
    assert response.context["errors"] == [["This field is required."]] or "cannot be blank" in str(
        response.context["errors"]
    )


def test_scripts_and_bulk_writers_leave_them_out_too():
    StoryFactory(headline=f"A{BAD}B", body=f"C{BAD}D", author__name=f"E{BAD}", section__name=f"F{BAD}")
    story = Story.objects.get()
    assert (story.headline, story.body, story.body_html) == ("AB", "CD", "<p>CD</p>\n")
    assert (story.author.name, story.section.name) == ("E", "F")
    Story.objects.update(headline=f"G{BAD}")
    assert Story.objects.get().headline == "G"
    story.standfirst = f"H{BAD}"
    Story.objects.bulk_update([story], ["standfirst"])
    assert Story.objects.get(standfirst=f"H{BAD}").standfirst == "H"  # in questions, too


@FAST
@given(headline=ANY_TEXT, standfirst=ANY_TEXT, name=ANY_TEXT, section=ANY_TEXT)
@example(headline="\x0b\x1b", standfirst="\ufffe\uffff", name="\x1f]]>", section="\ufffe&<\"'\x08")
def test_feed_and_sitemap_are_well_formed_whatever_is_in_the_database(client, headline, standfirst, name, section):
    with transaction.atomic():
        story = StoryFactory()
        with connection.cursor() as cursor:  # as psql would, past all that cleans
            cursor.execute("UPDATE backoffice_story SET headline = %s, standfirst = %s", [headline, standfirst])
            cursor.execute("UPDATE backoffice_author SET name = %s WHERE id = %s", [name, story.author_id])
            cursor.execute("UPDATE backoffice_section SET name = %s WHERE id = %s", [section, story.section_id])
        feed = ElementTree.fromstring(client.get("/feed/").content)
        assert len(feed.findall("{*}entry")) == 1
        for page in ("/sitemap.xml", "/sitemap-stories.xml", "/sitemap-sections.xml", "/sitemap-authors.xml"):
            ElementTree.fromstring(client.get(page).content)
        transaction.set_rollback(True)


def test_a_text_without_end_is_an_error_that_says_how_long_it_may_be(editor):
    form = story_form(section=SectionFactory(), body="x" * (LONGEST_BODY + 1))
    response = editor.post(address("add"), form)
    assert f"at most {LONGEST_BODY} characters (it has {LONGEST_BODY + 1})" in str(response.context["errors"])
    assert form["body"] in response.content.decode()  # nothing is lost
    assert 'maxlength="100000"' not in response.content.decode()  # browsers would cut what is pasted, in silence
    with pytest.raises(ValidationError, match=f"at most {LONGEST_BODY}"):
        StoryFactory.build(section=SectionFactory(), author=None, body=form["body"]).full_clean()


def test_a_browsers_line_ends_are_no_change(editor):
    story = StoryFactory(body="One.\n\nTwo.", standfirst="A\nB", published_at="2026-01-01T00:00Z")
    editor.get(address("change", story.pk))
    form = story_form(Story.objects.get(), body="One.\r\n\r\nTwo.", standfirst="A\r\nB")
    assert editor.post(address("change", story.pk), form).status_code == 302
    assert Story.objects.get().body == "One.\n\nTwo."
    assert "No fields changed" in editor.get(address("history", story.pk)).content.decode()


@pytest.mark.parametrize("model", [Story, Section, Author])
def test_no_text_field_is_djangos_own(model):
    """A new field is cleaned as well."""
    for field in model._meta.get_fields():
        if field.get_internal_type() in {"CharField", "TextField", "URLField"} and not field.choices:
            assert type(field).__module__ == "backoffice.texts", field.name
