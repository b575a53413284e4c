"""System checks: mistakes in the settings, and other apps and middleware that affect routing."""

from django.core.checks import register


def register_all() -> None:
    """Register the pattern's checks. Each layer registers its own."""
    from .installation import check_installation
    from .logins import check_logins
    from .neighbours import check_neighbours
    from .settings import check_settings
    from .states import check_states

    for check in (check_settings, check_installation, check_neighbours, check_logins, check_states):
        register(check)
