"""The officers' list of cases: a thin skin of modeladmin. Rows lead to the decision page; nothing is added, edited or deleted."""
# mypy: disable-error-code="assignment, has-type"
# modeladmin's options are class attributes that begin as None and take anything.

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.models import Case, CaseRead
from portal.cases.queries import for_review
from portal.cms.model_admin import ReadOnlyModelAdmin, ReadOnlyPermissionHelper
from portal.core import categories

from .queries import REVIEW_CASE, VIEW_CASE


class CasePermissions(ReadOnlyPermissionHelper):
    """Officers list, and who may look only; nobody, not even an administrator, edits a case by hand."""

    def user_can_list(self, user: User) -> bool:
        return user.has_perm(REVIEW_CASE) or user.has_perm(VIEW_CASE)


class KindFilter(SimpleListFilter):
    """申請類別, by name."""

    title = "申請類別"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.key, str(kind.name)) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        category, _, code = (self.value() or "").partition(".")
        return queryset.filter(category=category, kind_code=code) if code else queryset


def all_kinds() -> Iterator[kinds.CaseKind]:
    """Every kind, category by category."""
    for category in categories.all_categories():
        yield from kinds.of_category(category.slug)


class CaseAdmin(ReadOnlyModelAdmin):
    """所有案件, closed ones too; what is to be done is at 待辦案件, which leads here."""

    model = Case
    menu_label = "所有案件"
    menu_icon = "tasks"
    add_to_admin_menu = False
    base_url_path = "cases"
    permission_helper_class = CasePermissions
    list_display = ("link", "name", "school", "kind_name", "status", "assignee", "submitted_on")
    list_export = ("case_no", "name", "school", "kind_name", "status", "assignee", "submitted_on")
    list_filter = ("status", KindFilter)
    search_fields = ("case_no", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return for_review().defer("answers", "applicant", "permit", "slots")

    @display(description="收件號", ordering="case_no")
    def link(self, case: Case) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("review:decision", args=[case.case_no]), case.case_no)

    @display(description="申請類別", ordering="kind_code")
    def kind_name(self, case: Case) -> str:
        return str(case.kind.name)

    @display(description="送件時間", ordering="submitted_at")
    def submitted_on(self, case: Case) -> str:
        return date_format(localtime(case.submitted_at), "Y/m/d H:i")


class ReadPermissions(ReadOnlyPermissionHelper):
    """Supervisors see who read which case."""

    def user_can_list(self, user: User) -> bool:
        return user.has_perm(VIEW_CASE)


class CaseReadAdmin(ReadOnlyModelAdmin):
    """查閱紀錄: which member of staff looked at which case or document, and when."""

    model = CaseRead
    menu_label = "查閱紀錄"
    menu_icon = "view"
    menu_order = 120
    base_url_path = "case-reads"
    permission_helper_class = ReadPermissions
    list_display = ("at", "reader", "link", "what")
    list_export = ("at", "reader", "case", "what")
    list_filter = ("at",)
    search_fields = ("=case__case_no", "=reader__username")

    def get_queryset(self, request: HttpRequest) -> QuerySet[CaseRead]:
        return CaseRead.objects.select_related("case", "reader", "document__case").order_by("-pk")

    @display(description="收件號", ordering="case__case_no")
    def link(self, read: CaseRead) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("review:decision", args=[read.case.case_no]), read.case.case_no)

    @display(description="查閱內容")
    def what(self, read: CaseRead) -> str:
        return str(read.document.label) if read.document else "案件"
