"""What Wagtail's admin learns from accounts: the second factor."""
# mypy: allow-untyped-calls
# Wagtail carries no types.

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLResolver, include, path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem


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
