from django.apps import AppConfig
from django.core import checks


class CasesConfig(AppConfig):
    name = "portal.cases"
    label = "portal_cases"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "案件"

    def ready(self) -> None:
        """Load every kind of application that the category packs bring, and hear of closed cases."""
        from . import kinds, receivers
        from .checks import kinds_are_whole, numbers_can_be_given
        from .signals import case_completed

        kinds.autodiscover()
        checks.register(kinds_are_whole)
        checks.register(numbers_can_be_given)
        case_completed.connect(receivers.case_completed, dispatch_uid="cases.record_permit")
