"""Who may open a student's page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from portal.core.categories import StudentCategory

from .models import User

P = ParamSpec("P")


class StudentRequest(HttpRequest):
    """A request of a logged-in student of the category in the address."""

    user: User


def student_required(
    view: Callable[Concatenate[StudentRequest, StudentCategory, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Let in students of the address's category only; everybody else is sent to that category's log-in page.

    The page behind it is never cached. Mark of a protected view: `view.student_required` (tests walk it).
    """

    @wraps(view)
    def inner(request: Any, category: StudentCategory, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated or request.user.category != category.slug:
            return redirect_to_login(request, category)
        response = view(request, category, *args, **kwargs)
        if isinstance(response, HttpResponse):
            add_never_cache_headers(response)
        return response

    inner.student_required = True  # type: ignore[attr-defined]
    return inner


def redirect_to_login(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """To the category's log-in page, and back to this address afterwards if it was a GET."""
    login = reverse("accounts:login", args=[category])
    back = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return redirect(f"{login}?{back}" if back else login)
