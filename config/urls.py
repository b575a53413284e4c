"""The admin and the health probes; everything else belongs to the public site."""

from django.contrib import admin
from django.urls import include, path

from routing.observing.conf import conf

from . import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path("lab/", include("racelab.urls")),
    path("", include("publicsite.urls")),
]

if conf().metrics:
    from routing.observing.metrics import metrics

    urlpatterns.insert(0, path("metrics", metrics))

handler400 = "publicsite.views.errors.bad_request"
handler403 = "publicsite.views.errors.permission_denied"
handler404 = "publicsite.views.errors.page_not_found"
handler500 = "publicsite.views.errors.server_error"
handler503 = "publicsite.views.errors.unavailable"
