from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ReviewConfig(AppConfig):
    name = "portal.review"
    verbose_name = "案件審核"

    def ready(self) -> None:
        """After every migrate, and every emptying of the database, there are 審查人員."""
        from .groups import create_officers

        # Django announces only apps that have models.
        post_migrate.connect(create_officers, sender=apps.get_app_config("cases"), dispatch_uid="portal.review.officers")
