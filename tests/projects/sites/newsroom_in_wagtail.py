"""Wagtail: readers, an editor in /cms/, pictures that are made on the first GET, and the paths of sites in a cache."""

from bare import caught_up, editor, found, paused, project, tables, visitor

project(
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    middleware=["wagtail.contrib.redirects.middleware.RedirectMiddleware"],
    WAGTAIL_SITE_NAME="A newspaper",
    WAGTAILADMIN_BASE_URL="http://localhost",
    MEDIA_ROOT="media",
    MEDIA_URL="media/",
)

from io import BytesIO

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.urls import include, path
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from routing.pinned import primary_paths


class Article(Page):
    class Meta:
        app_label = "admin"

    def serve(self, request):
        picture = get_image_model().objects.first()
        parts = [self.title, self.get_full_url(request), picture.get_rendition("width-10").url if picture else ""]
        return HttpResponse("\n".join(parts))


urlpatterns = [path("cms/", include("wagtail.admin.urls")), path("", include("wagtail.urls"))]
tables(Article)
assert found() == []
assert "/cms" in primary_paths()

site = Site.objects.get()
article = site.root_page.add_child(instance=Article(title="Old title", slug="article"))
article.save_revision().publish()
browser, reader = editor(), visitor(Host="localhost")


def read(client):
    answer = client.get(page)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode().split("\n")


page, form = "/article/", f"/cms/pages/{article.pk}/edit/"
with paused():
    given = {"title": "New title", "slug": "article", "action-publish": "1", "comments-TOTAL_FORMS": 0}
    given |= {"comments-INITIAL_FORMS": 0, "comments-MIN_NUM_FORMS": 0, "comments-MAX_NUM_FORMS": ""}
    saved = browser.post(form, given)
    assert saved.status_code == 302, saved.content
    assert "New title" in browser.get(form).content.decode()
    assert "New title" in browser.get(f"/cms/pages/{site.root_page.pk}/").content.decode()
    assert read(browser)[0] == "New title", "the editor sees the page as it was before"
    assert read(reader)[0] == "Old title", "the reader's page is from a replica"

with paused():
    Site.objects.update(hostname="news.example")
    cache.clear()
    first = read(reader)[1]  # fills the cache
assert first == read(reader)[1] == "http://news.example/article/", first

file = BytesIO()
Picture.new("RGB", (20, 20)).save(file, "PNG")
get_image_model().objects.create(title="A picture", file=ContentFile(file.getvalue(), "a.png"), width=20, height=20)
caught_up()
with paused():
    pictures = {read(visitor(Host="news.example"))[2] for _ in range(3)}
assert len(pictures) == 1, pictures
assert "width-10" in pictures.pop()
