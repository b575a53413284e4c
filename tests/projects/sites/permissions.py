"""Second factors, lock-outs and permissions for single rows: django-otp, axes, guardian, social logins."""

from bare import caught_up, found, paused, project, tables, visitor

project(
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "guardian",
    "axes",
    "social_django",
    middleware=["django_otp.middleware.OTPMiddleware", "axes.middleware.AxesMiddleware"],
    AUTHENTICATION_BACKENDS=[
        "axes.backends.AxesStandaloneBackend",
        "django.contrib.auth.backends.ModelBackend",
        "guardian.backends.ObjectPermissionBackend",
        "social_core.backends.github.GithubOAuth2",
    ],
    AXES_FAILURE_LIMIT=1,
)

from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import path
from django_otp import login as verify
from django_otp.plugins.otp_totp.models import TOTPDevice
from guardian.shortcuts import assign_perm, remove_perm
from social_django.models import UserSocialAuth

from routing import only_read


def page(request):
    desk = Group.objects.get(name="desk")
    linked = UserSocialAuth.objects.filter(user=request.user).exists()
    return HttpResponse(f"{request.user.is_verified()} {request.user.has_perm('auth.view_group', desk)} {linked}")


def second_factor(request):
    verify(request, TOTPDevice.objects.get())
    return HttpResponse()


def log_in(request):
    """Reads only, as a page behind HTTP's own password does."""
    only_read(request)
    return HttpResponse(str(authenticate(request, username="ann", password=request.POST["password"])))


urlpatterns = [path("", page), path("second", second_factor), path("login", log_in)]
tables()
assert found() == []


def read(browser):
    """Read the page as one whose bookmark has expired."""
    for name in [name for name in browser.cookies if name.startswith("routing")]:
        del browser.cookies[name]
    return browser.get("/").content


desk = Group.objects.create(name="desk")
ann = get_user_model().objects.create_user("ann", password="secret")
browser = visitor()
browser.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
caught_up()
with paused():
    TOTPDevice.objects.create(user=ann, name="phone")
    assign_perm("auth.view_group", ann, desk)
    UserSocialAuth.objects.create(user=ann, provider="github", uid="1")
    browser.post("/second")
    assert read(browser) == b"True True True", read(browser)
with paused():
    TOTPDevice.objects.all().delete()
    remove_perm("auth.view_group", ann, desk)
    assert read(browser) == b"False False True", read(browser)
with paused():
    visitor().post("/login", {"password": "guessed"})
    locked_out = visitor().post("/login", {"password": "secret"})
    assert b"ann" not in locked_out.content, "who is locked out gets in"
