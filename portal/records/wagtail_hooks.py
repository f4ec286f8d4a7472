"""The agency's records in the admin, for records clerks. They come in by 資料匯入, or with `manage.py import_records`."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from collections.abc import Callable
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import ModelAdminGroup, modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.core import categories
from portal.core.categories import StrOrPromise, columns_of

from .models import Applicant, Permit, School


class CategoryFilter(SimpleListFilter):
    """學生類別, by name."""

    title = "學生類別"
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        slugs = categories.identities()
        return [(slug, str(categories.get(slug).name)) for slug in slugs] if len(slugs) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Applicant]) -> QuerySet[Applicant]:
        return queryset.filter(category=self.value()) if self.value() else queryset


class PermitTypeFilter(SimpleListFilter):
    """證別, by name."""

    title = "證別"
    parameter_name = "permit_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        types = {code: str(label) for identity in categories.identities().values() for code, label in identity.permit_types}
        return list(types.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Permit]) -> QuerySet[Permit]:
        return queryset.filter(permit_type=self.value()) if self.value() else queryset


def _paper_column(name: str, label: StrOrPromise) -> Callable[[Applicant], str]:
    @display(description=label, ordering=f"papers__{name}")  # type: ignore[arg-type]  # lazy
    def shown(applicant: Applicant) -> str:
        return applicant.paper(name)

    return shown


def _correct_link(table: str, pk: int) -> SafeString:
    return format_html('<a href="{}">更正</a>', reverse("records-clerks:correct", args=[table, pk]))


class ApplicantAdmin(ReadOnlyModelAdmin):
    """申請人資料."""

    model = Applicant
    menu_icon = "group"
    list_filter = (CategoryFilter, "gender", "degree")
    list_select_related = ("school",)
    inspect_view_enabled = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A column for what is recorded of each paper that identifies, of all categories."""
        super().__init__(*args, **kwargs)
        self.papers = {
            name: label for identity in categories.identities().values() for name, label in columns_of(identity.identifying)
        }
        for name, label in self.papers.items():
            setattr(self, name, _paper_column(name, label))

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [*self.get_list_export(request), "correct_link"]

    def get_list_export(self, request: HttpRequest) -> list[str]:
        return ["ui_no", "chinese_name", "birth_date", *self.papers, "school"]

    @display(description="更正")
    def correct_link(self, applicant: Applicant) -> SafeString:
        return _correct_link("applicants", applicant.pk)

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        numbers = [paper.code for identity in categories.identities().values() for paper in identity.identifying]
        return ["ui_no", "chinese_name", *(f"papers__{code}" for code in numbers)]


class PermitAdmin(ReadOnlyModelAdmin):
    """許可證資料."""

    model = Permit
    menu_icon = "clipboard-list"
    list_display = (
        "permit_no",
        "applicant",
        "permit_type_shown",
        "issued_on",
        "valid_until",
        "stay_until",
        "revoked_shown",
        "correct_link",
    )
    list_export = ("permit_no", "applicant", "permit_type", "issued_on", "valid_until", "stay_until", "revoked")
    list_filter = (PermitTypeFilter, "revoked")
    search_fields = ("permit_no", "applicant__ui_no", "applicant__chinese_name")
    list_select_related = ("applicant",)
    inspect_view_enabled = True

    @display(description="證別", ordering="permit_type")
    def permit_type_shown(self, permit: Permit) -> StrOrPromise:
        """證別 in words."""
        return permit.get_permit_type_display()

    def revoked_shown(self, permit: Permit) -> str:
        """已廢止 in words."""
        return "是" if permit.revoked else "否"

    @display(description="更正")
    def correct_link(self, permit: Permit) -> SafeString:
        return _correct_link("permits", permit.pk)

    revoked_shown.short_description = "已廢止"  # type: ignore[attr-defined]


class SchoolAdmin(ReadOnlyModelAdmin):
    """學校."""

    model = School
    menu_icon = "home"
    list_display = ("code", "name", "name_en", "city")
    list_export = ("code", "name", "city", "name_en", "name_zh_hans", "aliases")
    list_filter = ("city",)
    search_fields = ("code", "name", "name_en", "name_zh_hans", "aliases")


class RecordsGroup(ModelAdminGroup):
    """署內資料."""

    menu_label = "署內資料"
    menu_icon = "folder-open-inverse"
    menu_order = 310
    items = (ApplicantAdmin, PermitAdmin, SchoolAdmin)


modeladmin_register(RecordsGroup)


class ImportMenuItem(MenuItem):
    """資料匯入, for those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("portal_records.import_recordsimport")


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def clerks_urls() -> list[URLResolver]:
    return [path("records/", include("portal.records.clerks.urls"))]


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def import_menu_item() -> MenuItem:
    address = reverse("records-clerks:imports")
    return ImportMenuItem("資料匯入", address, icon_name="upload", order=311)  # type: ignore[no-untyped-call]
