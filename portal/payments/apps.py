from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "portal.payments"
    label = "portal_payments"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "線上繳費"

    def ready(self) -> None:
        from . import checks  # noqa: F401 -- registers itself
        from .gateways import checks as gateway_checks  # noqa: F401 -- likewise
