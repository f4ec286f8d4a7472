"""系統狀態, 匯出紀錄 and 查詢紀錄 in the admin."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from django.contrib.admin import display
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.cms.models import ListExport
from portal.records.lookup import MATCHED, MORE_PROOF
from portal.records.models import LookupLog
from portal.records.protocol import MESSAGES, Reason

from .views import overview

OUTCOMES = {MATCHED: "相符", MORE_PROOF: "要求再驗證"}


class ListExportAdmin(ReadOnlyModelAdmin):
    """匯出紀錄."""

    model = ListExport
    menu_icon = "download"
    menu_order = 820
    list_display = ("at", "by", "list", "rows")  # not exported: that would be one more row of it
    list_filter = ("list", "at")
    search_fields = ("by__username",)
    list_select_related = ("by",)


class LookupLogAdmin(ReadOnlyModelAdmin):
    """查詢紀錄: who asked the records, and how that was answered. What was asked for stands nowhere."""

    model = LookupLog
    menu_icon = "search"
    menu_order = 830
    list_display = ("asked_at", "question", "asker", "outcome_shown")
    list_export = list_display
    list_filter = ("question", "asked_at")
    search_fields = ("=asker",)
    ordering = ("-asked_at", "-pk")

    @display(description="結果", ordering="outcome")
    def outcome_shown(self, line: LookupLog) -> str:
        return OUTCOMES[line.outcome] if line.outcome in OUTCOMES else str(MESSAGES[Reason(line.outcome)])


modeladmin_register(ListExportAdmin)
modeladmin_register(LookupLogAdmin)


class StatusMenuItem(MenuItem):
    """For those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("portal_core.view_taskrun")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def status_urls() -> list[URLPattern]:
    return [path("system/", overview, name="system-status")]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def status_menu_item() -> MenuItem:
    return StatusMenuItem("系統狀態", reverse("system-status"), icon_name="cogs", order=900)  # type: ignore[no-untyped-call]
