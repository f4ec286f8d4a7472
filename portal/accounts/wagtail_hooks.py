"""What Wagtail's admin learns from accounts: the second factor, and the journal of log-ins."""
# mypy: allow-untyped-calls, disable-error-code="assignment"
# Wagtail carries no types; modeladmin's options are class attributes that begin as None and take anything.

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from portal.core import categories
from portal.core.categories import StrOrPromise
from portal.core.records_admin import RecordsAdmin

from .login_guard import STAFF_DOOR, VERIFICATION
from .models import LogInAttempt


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def second_factor_urls() -> list[URLResolver]:
    return [path("second-factor/", include("portal.accounts.staff_urls"))]


class SecondFactorItem(MenuItem):
    """第二道驗證 among the settings, where it is asked for."""

    def is_shown(self, request: HttpRequest) -> bool:
        return settings.STAFF_SECOND_FACTOR


@hooks.register("register_help_menu_item")  # type: ignore[untyped-decorator]
def second_factor_item() -> MenuItem:
    return SecondFactorItem("第二道驗證", reverse("second_factor:settings"), icon_name="key", order=100)


class LogInAttemptAdmin(RecordsAdmin):
    """登入紀錄: how each try ended. Which 帳號 was typed stands nowhere."""

    model = LogInAttempt
    menu_icon = "history"
    menu_order = 810
    list_display = ("at", "door_name", "account", "network", "outcome")
    list_export = ("at", "door", "account", "network", "outcome")
    list_filter = ("outcome", "at")
    search_fields = ("=account", "=network")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogInAttempt]:
        """A try that has its ending is not listed twice."""
        return LogInAttempt.objects.filter(endings=None)

    def door_name(self, attempt: LogInAttempt) -> StrOrPromise:
        """At whose door it was."""
        known = {STAFF_DOOR: "人員", VERIFICATION: "文件查驗"}
        return known.get(attempt.door) or categories.get(attempt.door).name

    door_name.short_description = "登入頁"  # type: ignore[attr-defined]


modeladmin_register(LogInAttemptAdmin)
