"""The ASGI entry point, for uvicorn."""

import os

from django.core.asgi import get_asgi_application

from config.strict import readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_asgi_application()


async def application(scope, receive, send):
    def checked(name, value):
        return readable(value.decode("latin-1")).encode("latin-1") if name == b"content-type" else value

    if scope["type"] == "http":
        scope["headers"] = [(name, checked(name, value)) for name, value in scope["headers"]]
    await _django(scope, receive, send)
