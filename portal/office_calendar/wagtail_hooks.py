"""The calendar in the admin: a list to look at, and on the first page a word about the year that is missing."""
# mypy: disable-error-code="assignment"
# modeladmin's options are class attributes that begin as None and take anything.

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail_modeladmin.options import modeladmin_register

from portal.cms.model_admin import ReadOnlyModelAdmin

from . import queries
from .models import OfficeDay, OfficeYear
from .reading import WEEKDAYS


class YearFilter(SimpleListFilter):
    """西元年, of those that are known."""

    title = "西元年"
    parameter_name = "year"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        if not hasattr(request, "office_years"):  # modeladmin makes its filters three times a page
            request.office_years = list(OfficeYear.objects.order_by("-year").values_list("year", flat=True))
        return [(str(year), str(year)) for year in request.office_years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[OfficeDay]) -> QuerySet[OfficeDay]:
        return queryset.filter(year_id=int(year)) if (year := self.value()) else queryset


class OfficeDayAdmin(ReadOnlyModelAdmin):
    """辦公日曆表: the days that differ from the plain week. Years come in with `manage.py import_office_calendar`."""

    model = OfficeDay
    menu_label = "辦公日曆表"
    menu_icon = "date"
    menu_order = 320
    list_display = ("day", "weekday", "shown", "name")
    list_export = list_display
    list_filter = (YearFilter, "is_holiday")
    search_fields = ("name",)

    @display(description="星期", ordering="day")
    def weekday(self, day: OfficeDay) -> str:
        return WEEKDAYS[day.day.weekday()]

    @display(description="放假或上班", ordering="is_holiday")
    def shown(self, day: OfficeDay) -> str:
        return "放假" if day.is_holiday else "補行上班"


modeladmin_register(OfficeDayAdmin)


class MissingYears(Component):  # type: ignore[misc]
    """Above everything else on the first page, for those who may look at the calendar."""

    name = "missing_office_calendar"
    template_name = "portal/office_calendar/missing_years.html"
    order = 10

    def __init__(self, years: list[int]) -> None:
        self.years = years

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"years": self.years}


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def tell_of_missing_years(request: HttpRequest, panels: list[Component]) -> None:
    may_look = request.user.has_perm("portal_office_calendar.view_officeday")
    if may_look and (years := queries.missing_years(timezone.localdate())):
        panels.append(MissingYears(years))
