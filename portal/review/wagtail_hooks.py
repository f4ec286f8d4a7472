"""What Wagtail's admin learns from review."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from collections.abc import Mapping
from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail_modeladmin.options import modeladmin_register

from portal.cases.models import Case
from portal.office_calendar import queries as office_calendar

from . import queue
from .admin import CaseAdmin, CaseReadAdmin
from .queries import REVIEW_CASE, VIEW_CASE
from .snippets.added_slots import AddedSlotViewSet
from .snippets.reason_templates import ReasonTemplateViewSet
from .snippets.refusal_grounds import RefusalGroundViewSet

modeladmin_register(CaseAdmin)
modeladmin_register(CaseReadAdmin)
register_snippet(AddedSlotViewSet)
register_snippet(ReasonTemplateViewSet)
register_snippet(RefusalGroundViewSet)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def review_urls() -> list[URLResolver]:
    return [path("cases/review/", include("portal.review.urls"))]


def may_see_cases(request: HttpRequest) -> bool:
    """Officers and supervisors."""
    return request.user.has_perm(REVIEW_CASE) or request.user.has_perm(VIEW_CASE)


class CasesItem(MenuItem):
    """案件審核, for officers and supervisors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_cases(request)


class OverviewItem(MenuItem):
    """審核統計, for supervisors."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW_CASE)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def cases_item() -> MenuItem:
    return CasesItem("案件審核", reverse("review:queue"), name="cases", icon_name="tasks", order=100)


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def overview_item() -> MenuItem:
    return OverviewItem("審核統計", reverse("review:overview"), name="review-overview", icon_name="table", order=110)


class WorkPanel(Component):  # type: ignore[misc]
    """待辦案件 on the first page of the admin: how much waits, the search, 取下一件."""

    name = "review"
    template_name = "portal/review/home_panel.html"
    order = 50

    @property
    def media(self) -> Media:
        return Media(css={"all": ["portal/review.css"]})

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        request, today = parent_context["request"], timezone.localdate()
        tabs = queue.counted(queue.tabs(request.user, today, office_calendar.current()), Case.objects.all())
        may_review = request.user.has_perm(REVIEW_CASE)
        # A panel is drawn without the request, which would bring the token of its forms.
        return {"request": request, "csrf_token": parent_context["csrf_token"], "tabs": tabs, "may_review": may_review}


@hooks.register("construct_homepage_panels")  # type: ignore[untyped-decorator]
def work_panel(request: HttpRequest, panels: list[Component]) -> None:
    if not may_see_cases(request):
        return
    if not page_permission_policy.user_has_any_permission(request.user, {"add", "change", "publish"}):
        # Wagtail's are about pages, of which these people have none.
        panels[:] = [panel for panel in panels if type(panel).__module__.startswith("portal.")]
    panels.append(WorkPanel())
