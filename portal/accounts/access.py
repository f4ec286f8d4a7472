"""Who may open a student's page."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.categories import StudentCategory
from portal.core.languages import in_language, language_of
from portal.sessions import typed
from portal.sessions.engine import session_of

from . import operations
from .models import User
from .password import one_time as one_time_passwords

P = ParamSpec("P")
SESSION_ENDED = _("您的登入已結束（閒置過久、已滿 8 小時，或已由其他裝置登出），請重新登入。")


class StudentRequest(HttpRequest):
    """A request of a logged-in student of the category in the address."""

    user: User
    LANGUAGE_CODE: str


def is_student_of(request: HttpRequest, category: StudentCategory) -> bool:
    """Whether a student of that category is logged in."""
    return request.user.is_authenticated and request.user.category == category.slug


def student_required(
    view: Callable[Concatenate[StudentRequest, StudentCategory, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Let in students of the address's category only; everybody else is sent to that category's log-in page.

    Who came in with a one-time password is led to 設定新密碼, and nowhere else. The page behind it is never cached.
    Mark of a protected view: `view.student_required` (tests ask all of them).
    """

    @wraps(view)
    def inner(request: Any, category: StudentCategory, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_student_of(request, category):
            return typed.refused(request, partial(redirect_to_login, request, category))
        if one_time_passwords.session_is_one_time(request) and request.path != reverse("accounts:new-password", args=[category]):
            return redirect("accounts:new-password", category)
        operations.set_language(request.user, request.LANGUAGE_CODE)
        if not hasattr(view, "shows_typed") and (what_waited := typed.answer(request)):
            return what_waited
        response = view(request, category, *args, **kwargs)
        if isinstance(response, HttpResponse):
            add_never_cache_headers(response)
        return response

    inner.student_required = True  # type: ignore[attr-defined]
    return inner


def shows_typed(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
    """Mark of a view that itself shows what was typed there when a log-in had ended (sessions.typed), in its fields."""
    view.shows_typed = True  # type: ignore[attr-defined]
    return view


def redirect_to_login(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """To the category's log-in page, and back to this address afterwards.

    Also from a POST: the pages that take one show themselves on GET, so a student whose session ended comes back to their step.
    """
    if session_of(request).has_ended:
        messages.warning(request, SESSION_ENDED)
    login = reverse("accounts:login", args=[category])
    return redirect(f"{login}?{urlencode({'next': request.get_full_path()})}")


def after_login(request: HttpRequest, category: StudentCategory, wanted: str) -> str:
    """Where to go after 登入: the page they were sent here from if it is one of this category's, else 待辦事項."""
    here = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    if here and _is_student_page(urlsplit(wanted).path, category):
        return in_language(wanted, get_language() or settings.LANGUAGE_CODE)  # they may have chosen another one meanwhile
    return reverse("my_cases:todo", args=[category])


def _is_student_page(path: str, category: StudentCategory) -> bool:
    try:
        with translation.override(language_of(path)):
            match = resolve(path)
    except Resolver404:
        return False
    return match.kwargs.get("category") == category and hasattr(match.func, "student_required")
