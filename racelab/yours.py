"""A learner's own router races as one more lane: the file that LAB_ROUTER names, or router.py beside manage.py.

Like those of the workshop, it has a class `Router` with Django's method `db_for_read(self, model, **hints)`. It is
looked at before it runs. It runs as part of the site, with all its rights: in the demo only, a file on one's own disk.
"""

import ast
import os
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from django.conf import settings

from routing.conf import conf

_loaded = (None, None)  # when the file was changed, and its router


class YourRouterError(Exception):
    """The file cannot race; the message says why, and where."""


def path():
    """Return where the file is, or would be."""
    return Path(os.environ.get("LAB_ROUTER") or settings.BASE_DIR / "router.py")


def is_there():
    return path().is_file()


def router():
    """Return the router of the file as it is now. Raises YourRouterError."""
    global _loaded
    try:
        changed = path().stat().st_mtime_ns
    except OSError as error:
        raise YourRouterError(f"There is no {path()} to race. Write one, or set LAB_ROUTER to yours.") from error
    if _loaded[0] != changed:
        _loaded = (changed, _load())
    return _loaded[1]


def _load():
    name = path().name
    try:
        tree = ast.parse(path().read_text(), name)
    except (SyntaxError, ValueError) as error:
        raise YourRouterError(f"{name}, line {getattr(error, 'lineno', '?')}: {error.args[0]}.") from error
    router = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Router"), None)
    if router is None:
        raise YourRouterError(f"{name} has no class Router. workshop/02-route-by-path/router.py is one to begin with.")
    if not any(isinstance(node, ast.FunctionDef) and node.name == "db_for_read" for node in router.body):
        raise YourRouterError(f"{name}: class Router has no method db_for_read(self, model, **hints). Write one.")
    spec = spec_from_file_location("racelab_your_router", path())
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        return _Checked(module.Router(), name)
    except Exception as error:
        raise YourRouterError(f"{name} fails when it is loaded: {type(error).__name__}: {error}.") from error


class _Checked:
    """Asks the learner's router, and holds it to Django's rules for an answer."""

    def __init__(self, router, name):
        self._router, self._name = router, name

    def db_for_read(self, model, **hints):
        instance = hints.get("instance")
        alias = self._router.db_for_read(model, **hints) or (instance and instance._state.db) or conf().primary
        known = (conf().primary, *conf().replicas)
        if alias not in known:
            raise YourRouterError(f"{self._name}: db_for_read returned {alias!r}. Return one of {', '.join(known)}.")
        return alias
