"""The WSGI entry point, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from config.strict import readable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()


def application(environ, start_response):
    if "CONTENT_TYPE" in environ:
        environ["CONTENT_TYPE"] = readable(environ["CONTENT_TYPE"])
    response = _django(environ, start_response)
    if environ["REQUEST_METHOD"] == "HEAD":  # Django makes the whole page, and gunicorn warns of a body to drop
        response.close()
        return []
    return response
