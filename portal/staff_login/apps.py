from django.apps import AppConfig


class StaffLoginConfig(AppConfig):
    name = "portal.staff_login"
    label = "portal_staff_login"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "人員登入"

    def ready(self) -> None:
        from . import operations, receivers  # noqa: F401  # renew their emails; connect themselves
