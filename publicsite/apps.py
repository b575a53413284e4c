from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class PublicsiteConfig(AppConfig):
    name = "publicsite"
    verbose_name = "Public site"

    def ready(self):
        from .grants import grant_reading

        post_migrate.connect(grant_reading, sender=apps.get_app_config("backoffice"))
