"""Apps that write while a reader's page is made: a captcha in a form, and silk, which records each request."""

from bare import found, paused, project, tables, visitor

project(
    "captcha",
    "silk",
    middleware=["silk.middleware.SilkyMiddleware"],
    routing={"PRIMARY_MODELS": ["captcha"], "UNREAD_MODELS": ["silk"]},
)

import re

from captcha.fields import CaptchaField
from captcha.models import CaptchaStore
from django import forms
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.urls import include, path
from silk.models import Request


class Form(forms.Form):
    captcha = CaptchaField()


def page(request):
    form = Form(request.POST or None)
    if form.is_valid():
        return HttpResponse("sent")
    count.append(User.objects.count())
    return HttpResponse(str(form))


count = []
urlpatterns = [path("", page), path("captcha/", include("captcha.urls"))]
tables()
assert found() == []
with paused():
    browser = visitor()
    form = browser.get("/")
    assert form.status_code == 200
    assert len(count) == 1, "the page was made twice"
    key = re.search(r'name="captcha_0" value="(\w+)"', form.content.decode()).group(1)
    assert visitor().get(f"/captcha/image/{key}/").status_code == 200, "the picture is not there yet"
    answer = CaptchaStore.objects.get(hashkey=key).response
    assert browser.post("/", {"captcha_0": key, "captcha_1": answer}).content == b"sent"
assert Request.objects.count() == 3
