"""The layer's app."""

from ..layer import LayerConfig


class SurvivalConfig(LayerConfig):
    default = True  # LayerConfig is one, too
    name = str(__package__)
    label = str(__package__).replace(".", "_")
    verbose_name = "Routing: survival"

    def ready(self) -> None:
        from . import connecting
        from .layer import Survival

        self.layer = Survival
        connecting.install()
