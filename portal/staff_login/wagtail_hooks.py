"""What Wagtail's admin learns from accounts: the second factor, who keeps accounts, and the journal of log-ins."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# Wagtail carries no types; modeladmin's options are class attributes that begin as None and take anything.

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.models import AbstractDocument
from wagtail_modeladmin.options import modeladmin_register

from portal.accounts.login_guard import STAFF_REALM, VERIFICATION
from portal.accounts.models import LogInAttempt
from portal.accounts.roles import is_administrator, is_staff_member
from portal.cms.model_admin import ReadOnlyModelAdmin
from portal.core import categories
from portal.core.categories import StrOrPromise

from . import second_factor
from .users.bulk_actions import ACTIONS


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def second_factor_urls() -> list[URLResolver]:
    return [path("second-factor/", include("portal.staff_login.urls")), path("staff/", include("portal.staff_login.users.urls"))]


class SecondFactorItem(MenuItem):
    """第二道驗證 among the settings, where it is asked for."""

    def is_shown(self, request: HttpRequest) -> bool:
        return settings.STAFF_SECOND_FACTOR


@hooks.register("register_help_menu_item")  # type: ignore[untyped-decorator]
def second_factor_item() -> MenuItem:
    return SecondFactorItem("第二道驗證", reverse("second_factor:settings"), icon_name="key", order=100)


class ResetsItem(MenuItem):
    """第二道驗證重設, where administrators confirm one another's requests."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)


@hooks.register("register_settings_menu_item")  # type: ignore[untyped-decorator]
def resets_item() -> MenuItem:
    return ResetsItem("第二道驗證重設", reverse("staff:resets"), icon_name="key", order=610)


for _action in ACTIONS:
    hooks.register("register_bulk_action", _action, order=1)  # after Wagtail's of the same name, in whose place they come


@hooks.register("before_serve_document")  # type: ignore[untyped-decorator]
def guard_document(document: AbstractDocument, request: HttpRequest) -> None:
    """A collection for members of a group is for staff who passed the second factor. (Pages are never private: cms.pages.)

    Wagtail looks at the rows of groups only: a student put there by SQL, and staff with the password alone, would read it.
    """
    restrictions = document.collection.get_view_restrictions()
    if not request.user.is_authenticated or not any(each.restriction_type == each.GROUPS for each in restrictions):
        return
    if not is_staff_member(request.user) or (settings.STAFF_SECOND_FACTOR and not second_factor.has_passed(request)):
        raise Http404


class LogInAttemptAdmin(ReadOnlyModelAdmin):
    """登入紀錄: how each try ended. Which 帳號 was typed stands nowhere."""

    model = LogInAttempt
    menu_icon = "history"
    menu_order = 810
    list_display = ("at", "realm_name", "account", "network", "outcome")
    list_export = ("at", "realm", "account", "network", "outcome")
    list_filter = ("outcome", "at")
    search_fields = ("=account", "=network")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogInAttempt]:
        """A try that has its ending is not listed twice."""
        return LogInAttempt.objects.filter(results=None)

    def realm_name(self, attempt: LogInAttempt) -> StrOrPromise:
        """At whose log-in page it was."""
        known = {STAFF_REALM: "人員", VERIFICATION: "文件查驗"}
        return known.get(attempt.realm) or categories.get(attempt.realm).name

    realm_name.short_description = "登入頁"  # type: ignore[attr-defined]


modeladmin_register(LogInAttemptAdmin)
