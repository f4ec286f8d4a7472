"""Money in the admin, for cashiers: numbers, sums and states, and no word of the case that a bill is for."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.core.categories import StrOrPromise

from .models import Bill, LedgerEvent, Payment, Receipt


class BillAdmin(ReadOnlyModelAdmin):
    """繳費單."""

    model = Bill
    menu_icon = "form"
    list_display = ("number", "total", "state", "created_at", "settled_at")
    list_export = list_display
    list_filter = ("state", "created_at")
    search_fields = ("number",)
    inspect_view_enabled = True
    inspect_view_fields = list_display


class PaymentAdmin(ReadOnlyModelAdmin):
    """繳費紀錄: each attempt."""

    model = Payment
    menu_icon = "history"
    list_display = ("reference", "bill", "method_shown", "gateway", "amount", "state", "created_at", "captured_at")
    list_export = ("reference", "bill", "method", "gateway", "amount", "state", "created_at", "captured_at")
    list_filter = ("state", "gateway", "created_at")
    search_fields = ("reference", "bill__number", "gateway_reference")
    list_select_related = ("bill",)
    inspect_view_enabled = True
    inspect_view_fields = (*list_export, "gateway_reference", "message", "asked_at")

    def method_shown(self, payment: Payment) -> StrOrPromise:
        """繳費方式 in words."""
        return payment.method_name

    method_shown.short_description = "繳費方式"  # type: ignore[attr-defined]


class LedgerEventAdmin(ReadOnlyModelAdmin):
    """帳務紀錄: what happened to money."""

    model = LedgerEvent
    menu_icon = "list-ol"
    list_display = ("at", "kind", "amount", "payment", "detail")
    list_export = list_display
    list_filter = ("kind", "at")
    search_fields = ("payment__reference", "payment__bill__number")
    list_select_related = ("payment",)
    ordering = ("-id",)
    inspect_view_enabled = True
    inspect_view_fields = (*list_display, "business_key")


class ReceiptAdmin(ReadOnlyModelAdmin):
    """收據."""

    model = Receipt
    menu_icon = "doc-full"
    list_display = ("number", "bill", "amount", "issued_at", "available_on", "voided_at")
    list_export = list_display
    list_filter = ("issued_at",)
    search_fields = ("number", "bill__number")
    list_select_related = ("bill",)
    inspect_view_enabled = True
    inspect_view_fields = list_display


class MoneyGroup(ModelAdminGroup):
    """繳費與帳務."""

    menu_label = "繳費與帳務"
    menu_icon = "table"
    menu_order = 300
    items = (BillAdmin, PaymentAdmin, LedgerEventAdmin, ReceiptAdmin)


modeladmin_register(MoneyGroup)
