"""The demo edition: there after one run, and left alone by the next."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command

from backoffice.demo_edition import read_edition
from backoffice.models import Author, Section, Story, Tag
from tests.support.factories import SectionFactory, StoryFactory

pytestmark = pytest.mark.django_db


def load_demo():
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def everything():
    models = (Section, Author, Tag, Story, Story.tags.through, get_user_model())
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_a_second_run_changes_nothing():
    assert "stories made, logins editor/editor and admin/admin" in load_demo()
    before = everything()
    assert "nothing to do" in load_demo()
    assert everything() == before


def test_the_edition_has_a_front_page_a_draft_and_a_scheduled_story():
    load_demo()
    assert Story.objects.published().count() >= 24
    assert Story.objects.filter(status=Story.Status.DRAFT).exists()
    assert Story.objects.filter(status=Story.Status.SCHEDULED).exists()
    assert not Story.objects.due().exists()


def test_an_editors_changes_and_passwords_survive_the_next_run():
    load_demo()
    editor = get_user_model().objects.get(username="editor")
    editor.set_password("changed")
    editor.save()
    story = Story.objects.published().first()
    story.headline = "Changed"
    story.save()
    Story.objects.published().last().delete()
    assert "1 of " in load_demo()
    story.refresh_from_db()
    assert story.headline == "Changed"
    assert authenticate(username="editor", password="changed")


def test_what_is_in_the_way_is_taken_or_left():
    sections, _, stories = read_edition()
    mine = StoryFactory(slug=stories[0].slug, section=SectionFactory(name=sections[0]["name"], slug="mine"))
    load_demo()
    mine.refresh_from_db()
    assert mine.guid is None
    assert Section.objects.filter(name=sections[0]["name"]).count() == 1


def test_without_demo_it_refuses(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Set DEMO=1"):
        load_demo()
    assert not get_user_model().objects.exists()


def test_the_editor_may_write_stories_and_only_look_at_sections():
    load_demo()
    editor, admin = get_user_model().objects.order_by("-username")
    for codename in ("add_story", "change_story", "delete_story", "add_correction", "add_tag", "view_section"):
        assert editor.has_perm(f"backoffice.{codename}")
    for codename in ("backoffice.change_section", "backoffice.add_author", "auth.view_user"):
        assert not editor.has_perm(codename)
    assert editor.is_staff
    assert not editor.is_superuser
    assert admin.is_superuser
