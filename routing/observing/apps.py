"""The layer's app."""

from ..layer import LayerConfig
from .conf import conf


class ObservingConfig(LayerConfig):
    default = True  # LayerConfig is one, too
    name = str(__package__)
    label = str(__package__).replace(".", "_")
    verbose_name = "Routing: observing"

    def ready(self) -> None:
        from .layer import Observing

        self.layer = Observing
        if conf().metrics:
            from . import metrics

            metrics.connect()
