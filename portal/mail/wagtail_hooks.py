"""Letters in the admin: looked at, never touched."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from typing import Any

from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register

from .models import OutgoingMail


class ReadOnly(PermissionHelper):
    """Those who may see letters may list and inspect them; nobody may add, change or delete one."""

    def user_can_list(self, user: Any) -> bool:
        return bool(user.has_perm("mail.view_outgoingmail"))

    def user_can_inspect_obj(self, user: Any, obj: OutgoingMail) -> bool:
        return self.user_can_list(user)

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: OutgoingMail) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: OutgoingMail) -> bool:
        return False


class OutgoingMailAdmin(ModelAdmin):
    """寄出信件. The text of a letter is not shown: it may hold a link that logs somebody in."""

    model = OutgoingMail
    menu_label = "寄出信件"
    menu_icon = "mail"
    menu_order = 800
    permission_helper_class = ReadOnly
    list_display = ("kind", "to", "subject", "state", "attempts", "created_at", "sent_at")
    list_filter = ("state", "kind")
    search_fields = ("to", "subject")
    ordering = ("-created_at", "-id")
    inspect_view_enabled = True
    inspect_view_fields = ("kind", "to", "subject", "state", "attempts", "last_error", "created_at", "next_attempt_at", "sent_at")


modeladmin_register(OutgoingMailAdmin)
