"""The layer's app."""

from django.core.checks import Tags, register

from ..layer import LayerConfig


class BookmarksConfig(LayerConfig):
    default = True  # LayerConfig is one, too
    name = str(__package__)
    label = str(__package__).replace(".", "_")
    verbose_name = "Routing: bookmarks"

    def ready(self) -> None:
        from . import checks
        from .layer import Bookmarks

        self.layer = Bookmarks
        register(checks.check_database, Tags.database)
