from django.apps import AppConfig


class DownloadsConfig(AppConfig):
    name = "portal.downloads"
    label = "portal_downloads"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "下載專區"

    def ready(self) -> None:
        """Hear of closed cases and of money, and be asked before a case is approved."""
        from portal.cases import approvals
        from portal.cases.signals import case_completed
        from portal.payments.signals import receipt_created

        from . import checks, operations, receivers  # noqa: F401  # the first registers itself

        approvals.register(operations.why_unprintable)
        approvals.register_preview(operations.preview_permit)
        case_completed.connect(receivers.case_completed, dispatch_uid="downloads.permit")
        receipt_created.connect(receivers.receipt_created, dispatch_uid="downloads.receipt")
