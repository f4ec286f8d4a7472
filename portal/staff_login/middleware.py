"""Middleware of accounts."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.roles import is_staff_member

from . import second_factor

# Open to who has given the password only; setting up an authenticator, recovery codes and settings are not.
EXEMPT_VIEWS: Final = frozenset(
    {
        "staff-set-up",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_sprite",
        "second_factor:verify",
    }
)


class SecondFactorMiddleware:
    """Every page of the admin but the log-in pages asks whoever may enter the admin for the second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Who is not logged in, or a student, is Wagtail's to refuse."""
        match = request.resolver_match
        if not settings.STAFF_SECOND_FACTOR or match is None or not match.route.startswith("admin/"):
            return None
        if match.view_name in EXEMPT_VIEWS or not is_staff_member(request.user):
            return None
        return None if second_factor.has_passed(request) else _ask(request)


def _ask(request: HttpRequest) -> HttpResponse:
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        raise PermissionDenied
    wanted = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
    return redirect(f"{reverse('second_factor:verify')}?{urlencode({'next': wanted})}")
