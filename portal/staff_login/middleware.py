"""Middleware of accounts."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from portal.accounts.roles import is_staff_member
from portal.core.middleware import is_closed
from portal.core.site.typed import is_by_script
from portal.sessions import typed

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
        if not settings.STAFF_SECOND_FACTOR or not _guarded_view(request) or not is_staff_member(request.user):
            return None
        return None if second_factor.has_passed(request) else _ask(request)


class StaffTypedMiddleware:
    """What staff type is not lost when their log-in ends first; stands before SecondFactorMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """A form of who is logged out is kept; who is logged in again is shown it at the same address."""
        name = _guarded_view(request)
        if not name or is_closed(name):
            return None
        if request.user.is_anonymous:
            log_in = partial(redirect_to_login, request)
            return typed.refused(request, log_in) if request.method == "POST" or is_by_script(request) else None
        if not is_staff_member(request.user):
            return None
        if settings.STAFF_SECOND_FACTOR and not second_factor.has_passed(request):
            ask = partial(_ask, request)
            return typed.refused(request, ask, account=request.user.pk) if request.method == "POST" else None
        return None if is_by_script(request) else typed.answer(request)


def _guarded_view(request: HttpRequest) -> str:
    """The name, or else the route, of a view of the admin that asks for both factors; "" of any other."""
    match = request.resolver_match
    if match is None or not match.route.startswith("admin/") or match.view_name in EXEMPT_VIEWS:
        return ""
    return match.view_name or match.route


def redirect_to_login(request: HttpRequest) -> HttpResponse:
    """As Wagtail does."""
    return redirect(f"{reverse('wagtailadmin_login')}?{urlencode({'next': _back(request)})}")


def _ask(request: HttpRequest) -> HttpResponse:
    if request.headers.get("x-requested-with") == "XMLHttpRequest":
        raise PermissionDenied
    return redirect(f"{reverse('second_factor:verify')}?{urlencode({'next': _back(request)})}")


def _back(request: HttpRequest) -> str:
    """Here again, where there is something to show: some addresses take only a POST."""
    return request.get_full_path() if request.method == "GET" or typed.is_kept(request) else reverse("wagtailadmin_home")
