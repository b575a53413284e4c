"""ASGI applications for uvicorn: with the middleware of Django, all of it async, and with one that is sync only."""

from django.conf import settings
from django.core.asgi import get_asgi_application

settings.ROOT_URLCONF = "tests.support.async_urls"
settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.startswith("racelab")]  # sync only
application = get_asgi_application()
settings.MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
with_sync_middleware = get_asgi_application()
