"""Django REST framework with its own tokens, and with tokens of the project's."""

from bare import caught_up, found, paused, project, tables, visitor

project(
    "rest_framework",
    "rest_framework.authtoken",
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    },
)

from django.contrib.auth.models import Group, User
from django.urls import path
from rest_framework.authtoken.models import Token
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.response import Response
from rest_framework.views import APIView


class Groups(APIView):
    def get(self, request):
        return Response([request.user.username, list(Group.objects.values_list("name", flat=True))])


urlpatterns = [path("token", obtain_auth_token), path("groups", Groups.as_view())]
tables()
assert found() == []
User.objects.create_user("ann", password="secret")

with paused():
    key = visitor().post("/token", {"username": "ann", "password": "secret"}).json()["token"]
    client = visitor(Authorization=f"Token {key}")  # without cookies, as a programme's
    assert client.get("/groups").status_code == 200, "a new token is refused"
caught_up()
with paused():
    Token.objects.all().delete()
    assert visitor(Authorization=f"Token {key}").get("/groups").status_code == 401, "a revoked token is accepted"
