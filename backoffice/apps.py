from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Back office"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from .front_page import drop_cached_part

        for model in (self.get_model("Story"), self.get_model("Section")):
            post_save.connect(drop_cached_part, sender=model)
            post_delete.connect(drop_cached_part, sender=model)
