"""Emails in the admin: those that were sent are looked at and never touched; the words of those to come are edited."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin

from . import admin_letters  # noqa: F401  # puts itself in the place of Wagtail's
from .models import OutgoingMail
from .text_admin import EmailTextViewSet


class OutgoingMailAdmin(ReadOnlyModelAdmin):
    """寄出信件. The text of an email is not shown: it may hold a link that logs somebody in."""

    model = OutgoingMail
    menu_label = "寄出信件"
    menu_icon = "mail"
    menu_order = 800
    list_display = ("to", "subject", "state", "attempts", "created_at", "sent_at")
    list_export = list_display
    list_filter = ("state", "created_at")
    search_fields = ("to", "subject")
    ordering = ("-created_at", "-id")
    inspect_view_enabled = True
    inspect_view_fields = (
        "to",
        "subject",
        "state",
        "attempts",
        "last_error",
        "created_at",
        "next_attempt_at",
        "not_after",
        "sent_at",
    )


modeladmin_register(OutgoingMailAdmin)
register_snippet(EmailTextViewSet)
