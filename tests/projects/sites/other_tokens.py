"""Tokens, grants and lists of what was revoked, of other packages: knox, simplejwt, oauth2-provider, API keys."""

from bare import caught_up, found, paused, project, tables, visitor

project(
    "rest_framework",
    "knox",
    "rest_framework_simplejwt.token_blacklist",
    "oauth2_provider",
    "rest_framework_api_key",
    OAUTH2_PROVIDER={"PKCE_REQUIRED": False},
)

from datetime import timedelta

from django.contrib.auth.models import User
from django.urls import path
from django.utils import timezone
from knox.auth import TokenAuthentication as Knox
from knox.models import get_token_model
from oauth2_provider.contrib.rest_framework import OAuth2Authentication
from oauth2_provider.models import AccessToken, Application
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_api_key.models import APIKey
from rest_framework_api_key.permissions import HasAPIKey
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import RefreshToken


class Name(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request):
        return Response(request.user.username)


class WithRefreshToken(APIView):
    """A site whose pages take the refresh token itself, as some do."""

    def get(self, request):
        try:
            RefreshToken(request.GET["token"])
        except TokenError:
            return Response(status=401)
        return Response()


urlpatterns = [
    path("knox", Name.as_view(authentication_classes=[Knox])),
    path("oauth2", Name.as_view(authentication_classes=[OAuth2Authentication])),
    path("jwt", Name.as_view(authentication_classes=[JWTAuthentication])),
    path("refresh", WithRefreshToken.as_view()),
    path("key", Name.as_view(authentication_classes=[], permission_classes=[HasAPIKey])),
]
tables()
assert found() == []
ann = User.objects.create_user("ann", password="secret")


def status(page, **headers):
    return visitor(**headers).get(page).status_code


with paused():
    row, knox = get_token_model().objects.create(user=ann)
    application = Application.objects.create(user=ann, authorization_grant_type="password", client_type="public")
    until = timezone.now() + timedelta(hours=1)
    AccessToken.objects.create(user=ann, application=application, token="abc", expires=until, scope="read")
    _, key = APIKey.objects.create_key(name="a programme")
    new = User.objects.create_user("new")
    jwt = RefreshToken.for_user(new)
    asked = {
        "/knox": {"Authorization": f"Token {knox}"},
        "/oauth2": {"Authorization": "Bearer abc"},
        "/jwt": {"Authorization": f"Bearer {jwt.access_token}"},
    }
    answers = {page: status(page, **headers) for page, headers in asked.items()}
    answers["/key"] = visitor(Authorization=f"Api-Key {key}").get("/key").status_code
    assert set(answers.values()) == {200}, answers
caught_up()
with paused():
    row.delete()
    AccessToken.objects.all().delete()
    APIKey.objects.update(revoked=True)
    jwt.blacklist()
    assert status("/knox", **asked["/knox"]) == 401, "knox: a revoked token is accepted"
    assert status("/oauth2", **asked["/oauth2"]) in (401, 403), "oauth2: a revoked token is accepted"
    assert status("/key", Authorization=f"Api-Key {key}") == 403, "a revoked API key is accepted"
    assert status(f"/refresh?token={jwt}") == 401, "simplejwt: a blacklisted token is accepted"
