"""The form's links show a colleague what was saved, while every replica is behind."""

import re

import pytest
from django.test import Client

from tests.support.factories import PASSWORD, StoryFactory, SuperuserFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


def test_view_on_site_and_copy_link_carry_a_bookmark(replay_paused, wait_until_replayed):
    user = SuperuserFactory()
    wait_until_replayed()
    editor, colleague = Client(), Client()
    with replay_paused("replica1", "replica2"):
        story = StoryFactory(slug="late")
        assert editor.login(username=user.username, password=PASSWORD)
        form = editor.get(f"/admin/backoffice/story/{story.pk}/change/").content.decode()
        links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/stories/late/\?bookmark=[^"]+)"', form)]
        assert len(links) == 2
        assert colleague.get("/stories/late/").status_code == 404
        page = colleague.get(links[0])
    assert page.status_code == 200
    assert 'rel="canonical" href="http://testserver/stories/late/"' in page.content.decode()
    assert not page.cookies
