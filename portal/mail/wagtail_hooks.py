"""Emails in the admin: looked at, never touched."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from wagtail_modeladmin.options import modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin

from .models import OutgoingMail


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
    inspect_view_fields = ("to", "subject", "state", "attempts", "last_error", "created_at", "next_attempt_at", "sent_at")


modeladmin_register(OutgoingMailAdmin)
