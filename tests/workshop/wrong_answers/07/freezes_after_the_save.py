# test_home.py | around the save and the reload
import pytest
from django.contrib.flatpages.models import FlatPage


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_an_editor_sees_the_save_while_the_replicas_do_not_have_it(admin_client, frozen_replica):
    page = FlatPage.objects.create(url="/about/", title="Before")
    page.title = "After"
    page.save()
    with frozen_replica():
        response = admin_client.get(f"/admin/flatpages/flatpage/{page.pk}/change/")
    assert 'value="After"' in response.content.decode()
