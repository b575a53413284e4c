"""Which paths belong to the primary. Whole segments: `/admin` is not `/administration-guide`."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.urls import NoReverseMatch, get_resolver, get_script_prefix, reverse
from django.utils import translation

from .conf import conf


def is_primary_path(path_info: str) -> bool:
    """Return whether `path_info` (the path below SCRIPT_NAME) lies under one of PRIMARY_PATHS."""
    return any(path_info == path or path_info.startswith(path + "/") for path in primary_paths())


@cache
def primary_paths() -> tuple[str, ...]:
    """PRIMARY_PATHS without trailing slashes; by default every path at which an admin is mounted."""
    paths = conf().primary_paths
    if paths is None:
        paths = tuple(dict.fromkeys(admin_paths()))
    return tuple(path.rstrip("/") for path in paths)


def admin_paths() -> Iterator[str]:
    """Yield where the admin sites of ROOT_URLCONF are mounted, in every language (i18n_patterns)."""
    for language, _ in settings.LANGUAGES if settings.USE_I18N else [(settings.LANGUAGE_CODE, "")]:
        with translation.override(language):
            for namespace in get_resolver().app_dict.get("admin", []):
                try:
                    path = reverse(f"{namespace}:index", urlconf=settings.ROOT_URLCONF)
                except NoReverseMatch:  # its mount point takes arguments: name it in PRIMARY_PATHS
                    continue
                yield "/" + path.removeprefix(get_script_prefix())


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"ROUTING", "ROOT_URLCONF", "USE_I18N", "LANGUAGES"}:
        primary_paths.cache_clear()


setting_changed.connect(_forget)
