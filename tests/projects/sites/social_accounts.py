"""allauth: sign up, confirm the address, log in with a second factor, log out everywhere."""

import re

from bare import caught_up, found, paused, project, tables, visitor

project(
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.mfa",
    "allauth.usersessions",
    middleware=[
        "allauth.account.middleware.AccountMiddleware",
        "allauth.usersessions.middleware.UserSessionsMiddleware",
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*", "password2*"],
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_EMAIL_VERIFICATION="mandatory",
    ACCOUNT_CONFIRM_EMAIL_ON_GET=True,
    ACCOUNT_RATE_LIMITS=False,
    USERSESSIONS_TRACK_ACTIVITY=True,
    LOGIN_REDIRECT_URL="/",
)

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.core import mail
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", lambda request: HttpResponse(getattr(request.user, "email", "nobody"))),
]
tables()
assert found() == []
PASSWORD = "correct horse battery"


def without_bookmark(browser):
    for name in [name for name in browser.cookies if name.startswith("routing")]:
        del browser.cookies[name]
    return browser


with paused():
    browser = visitor(Host="localhost")
    given = {"email": "ann@example.com", "password1": PASSWORD, "password2": PASSWORD}
    signed_up = browser.post("/accounts/signup/", given)
    assert signed_up.status_code == 302, signed_up.content
    link = re.search(r"http://localhost(\S+)", mail.outbox[0].body).group(1)
    phone = visitor(Host="localhost")  # the letter is read elsewhere
    confirmed = phone.get(link)
    assert confirmed.status_code == 302, (confirmed.status_code, confirmed.content)
    assert EmailAddress.objects.get().verified, "the address is not confirmed"
    answer = without_bookmark(browser).post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    for _ in range(2):
        assert without_bookmark(browser).get("/").content == b"ann@example.com"
    for name in ("email/", "sessions/", "2fa/", "3rdparty/"):
        page = without_bookmark(browser).get(f"/accounts/{name}")
        assert page.status_code in (200, 302), (name, page.status_code)
    assert b"ann@example.com" in without_bookmark(browser).get("/accounts/email/").content
caught_up()
with paused():
    UserSession.objects.get().end()
    assert without_bookmark(browser).get("/").content == b"nobody", "a session that was ended goes on"
with paused():
    Authenticator.objects.create(user=User.objects.get(), type=Authenticator.Type.TOTP, data={"secret": "x"})
    answer = visitor(Host="localhost").post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD})
    assert "2fa" in answer["Location"], "a second factor that is new is not asked for"
