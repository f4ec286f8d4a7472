"""系統狀態, 匯出紀錄 and 查詢紀錄 in the admin."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.admin import display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from portal.accounts.models import User
from portal.cms.model_admin import ReadOnlyModelAdmin, RecordsIndex
from portal.cms.models import ListExport
from portal.records.lookup import MATCHED, MORE_PROOF
from portal.records.models import LookupLog
from portal.records.protocol import MESSAGES, Reason

from .views import overview

ACCOUNT = re.compile(r"user:(\d+)")
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


class LookupIndex(RecordsIndex):
    """The list, with the 帳號 of those who asked: one question for all of them."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[no-untyped-call]
        name_askers(context["object_list"])
        return context

    def as_spreadsheet(self, queryset: QuerySet[LookupLog], spreadsheet_format: str) -> HttpResponseBase:
        name_askers(queryset)
        response: HttpResponseBase = super().as_spreadsheet(queryset, spreadsheet_format)  # type: ignore[no-untyped-call]
        return response


def name_askers(lines: Iterable[LookupLog]) -> None:
    """Say of each line who asked; a visitor is known by the network only."""
    numbers = {line.asker: int(found[1]) for line in lines if (found := ACCOUNT.fullmatch(line.asker))}
    names = dict(User.objects.filter(pk__in=numbers.values()).values_list("pk", "username"))
    for line in lines:
        number = numbers.get(line.asker)
        line.person = names.get(number, f"帳號 {number}（已刪除）") if number else line.asker  # type: ignore[attr-defined]


class LookupLogAdmin(ReadOnlyModelAdmin):
    """查詢紀錄: who asked the records, and how that was answered. What was asked for stands nowhere."""

    model = LookupLog
    menu_icon = "search"
    menu_order = 830
    index_view_class = LookupIndex
    list_display = ("asked_at", "question", "asker_shown", "outcome_shown")
    list_export = list_display
    list_filter = ("question", "asked_at")
    search_fields = ("=asker",)
    ordering = ("-asked_at", "-pk")

    @display(description="查詢者", ordering="asker")
    def asker_shown(self, line: LookupLog) -> str:
        return str(line.person)  # type: ignore[attr-defined]

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
