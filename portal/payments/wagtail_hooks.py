"""Money in the admin, for cashiers: numbers, sums and states, and no word of the case that a bill is for."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.core.categories import StrOrPromise

from . import registry
from .models import Bill, LedgerEvent, Payment, Receipt


def to_attempt(payment: Payment | None) -> SafeString:
    """A link to the page on which an attempt stands with its bill, its lines, its receipts and its notices."""
    if payment is None:
        return SafeString("—")
    return format_html(
        '<a class="w-whitespace-nowrap" href="{}">{}</a>', reverse("cashier:payment", args=[payment.reference]), payment.reference
    )


class BillAdmin(ReadOnlyModelAdmin):
    """繳費單."""

    model = Bill
    menu_icon = "form"
    money = ("total",)
    list_export = ("number", "total", "state", "created_at", "settled_at", "cancelled_at")
    list_display = (*list_export, "attempts")
    list_filter = ("state", "created_at")
    search_fields = ("number",)
    inspect_view_enabled = True
    inspect_view_fields = list_display

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bill]:
        bills: QuerySet[Bill] = super().get_queryset(request)  # type: ignore[no-untyped-call]  # modeladmin carries no types
        return bills.prefetch_related("payments")

    @display(description="繳費紀錄")
    def attempts(self, bill: Bill) -> SafeString:
        """Each leads to the page that says who pays for which case."""
        return format_html_join(" ", "{}", ((to_attempt(payment),) for payment in bill.payments.all())) or SafeString("—")


class GatewayFilter(SimpleListFilter):
    """金流, by name."""

    title = "金流"
    parameter_name = "gateway"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, registry.gateway_name(code)) for code in registry.gateway_codes()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        return queryset.filter(gateway=self.value()) if self.value() else queryset


class PaymentAdmin(ReadOnlyModelAdmin):
    """繳費紀錄: each attempt."""

    model = Payment
    menu_icon = "history"
    money = ("amount",)
    list_display = ("link", "bill", "method_shown", "gateway_shown", "amount", "state", "created_at", "captured_at")
    list_export = ("reference", "bill", "method", "gateway", "amount", "state", "created_at", "captured_at")
    list_filter = ("state", GatewayFilter, "created_at")
    search_fields = ("reference", "bill__number", "gateway_reference", "slip_number")
    list_select_related = ("bill",)
    list_display_add_buttons = "created_at"  # the first column leads elsewhere already
    inspect_view_enabled = True
    inspect_view_fields = ("link", *list_export[1:], "gateway_reference", "slip_number", "pay_until", "message", "asked_at")

    @display(description="交易編號", ordering="reference")
    def link(self, payment: Payment) -> SafeString:
        return to_attempt(payment)

    def method_shown(self, payment: Payment) -> StrOrPromise:
        """繳費方式 in words."""
        return payment.method_name

    @display(description="金流", ordering="gateway")
    def gateway_shown(self, payment: Payment) -> str:
        return payment.get_gateway_display()

    method_shown.short_description = "繳費方式"  # type: ignore[attr-defined]


class LedgerEventAdmin(ReadOnlyModelAdmin):
    """帳務紀錄: what happened to money."""

    model = LedgerEvent
    menu_icon = "list-ol"
    money = ("amount",)
    list_export = ("at", "kind", "amount", "payment", "detail")
    list_display = ("at", "kind", "amount", "attempt", "detail")
    list_filter = ("kind", "at")
    search_fields = ("payment__reference", "payment__bill__number")
    list_select_related = ("payment",)
    ordering = ("-id",)
    inspect_view_enabled = True
    inspect_view_fields = (*list_export, "business_key")

    @display(description="繳費紀錄", ordering="payment")
    def attempt(self, event: LedgerEvent) -> SafeString:
        return to_attempt(event.payment)


class ReceiptAdmin(ReadOnlyModelAdmin):
    """收據."""

    model = Receipt
    menu_icon = "doc-full"
    money = ("amount",)
    list_export = ("number", "bill", "amount", "issued_at", "available_on", "voided_at")
    list_display = (*list_export, "attempt")
    list_filter = ("issued_at",)
    search_fields = ("number", "bill__number")
    list_select_related = ("bill", "payment")
    inspect_view_enabled = True
    inspect_view_fields = list_display

    @display(description="繳費紀錄", ordering="payment")
    def attempt(self, receipt: Receipt) -> SafeString:
        return to_attempt(receipt.payment)


class MoneyGroup(ModelAdminGroup):
    """繳費與帳務."""

    menu_label = "繳費與帳務"
    menu_icon = "table"
    menu_order = 300
    items = (BillAdmin, PaymentAdmin, LedgerEventAdmin, ReceiptAdmin)


modeladmin_register(MoneyGroup)


class CashierMenuItem(MenuItem):
    """出納, for who may see the ledger."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("portal_payments.view_ledgerevent")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def cashiers_urls() -> list[URLResolver]:
    return [path("money/", include("portal.payments.cashier.urls"))]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def cashier_menu_item() -> MenuItem:
    return CashierMenuItem("出納", reverse("cashier:sums"), icon_name="table", order=299)  # type: ignore[no-untyped-call]
