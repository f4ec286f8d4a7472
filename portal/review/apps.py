from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewConfig(AppConfig):
    name = "portal.review"
    label = "portal_review"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "案件審核"

    def ready(self) -> None:
        """After every migrate, and every emptying of the database, there are the groups of staff."""
        from .groups import create_groups

        # Django announces only apps that have models.
        post_migrate.connect(create_groups, sender=self, dispatch_uid="portal.review.groups")
