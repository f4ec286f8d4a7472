"""Who may open a student's page."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.core.categories import StudentCategory
from portal.core.languages import in_language, language_of
from portal.sessions.engine import session_of
from portal.throttling.form_limits import kept_values
from portal.throttling.network import client_network
from portal.throttling.quotas import Quota

from . import operations
from .models import User
from .password import one_time as one_time_passwords

P = ParamSpec("P")
TYPED = "pop_stashed_post"
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password", "current_password", "new_password", "new_password_again"})
# A sum of characters; what a student types into the longest form is a tenth of it.
TYPED_MAX = 32 * 1024
# A visitor's session lasts for settings.SESSION_COOKIE_AGE, and so does what is kept in it.
OF_ACCOUNT = Quota("typed.account", 5, timedelta(minutes=15))
OF_NETWORK = Quota("typed.network", 30, timedelta(minutes=15))
OF_ALL = Quota("typed.all", 300, timedelta(minutes=15))
NOT_KEPT_MESSAGE = _("您剛才填寫的內容沒有保留下來：內容太長，或短時間內已保留多次。登入後請按瀏覽器的「上一頁」，或重新填寫。")
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
            if request.headers.get("X-Requested-With") == "XMLHttpRequest":  # the page stays, with what is typed there
                return HttpResponse(status=401)
            stash_post(request)
            return redirect_to_login(request, category)
        if one_time_passwords.session_is_one_time(request) and request.path != reverse("accounts:new-password", args=[category]):
            return redirect("accounts:new-password", category)
        operations.set_language(request.user, request.LANGUAGE_CODE)
        response = view(request, category, *args, **kwargs)
        if isinstance(response, HttpResponse):
            add_never_cache_headers(response)
        return response

    inner.student_required = True  # type: ignore[attr-defined]
    return inner


def redirect_to_login(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """To the category's log-in page, and back to this address afterwards.

    Also from a POST: the pages that take one show themselves on GET, so a student whose session ended comes back to their step.
    """
    warn_session_ended(request)
    login = reverse("accounts:login", args=[category])
    return redirect(f"{login}?{urlencode({'next': request.get_full_path()})}")


def warn_session_ended(request: HttpRequest) -> None:
    """The next page says that the log-in is over: said once, for then the browser forgets its key."""
    if session_of(request).has_ended:
        messages.warning(request, SESSION_ENDED)


def stash_post(request: HttpRequest) -> None:
    """Nothing typed is lost when the session ends first: it waits, in the new session, for the page it was meant for.

    Kept so many times and so much of it; else the next page says that nothing was kept.
    """
    if request.method != "POST":
        return
    account = session_of(request).ended_account
    typed = kept_values({name: values for name, values in request.POST.lists() if name not in NOT_KEPT})
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > TYPED_MAX or not _may_keep(request, account):
        messages.warning(request, NOT_KEPT_MESSAGE)
    elif typed:
        request.session[TYPED] = {"path": request.path, "typed": typed, "account": account}


def _may_keep(request: HttpRequest, account: int | None) -> bool:
    """Of a session that we know, by its account; without one, or with one that is forgotten, by network and in all."""
    now = timezone.now()
    if account is not None:
        return OF_ACCOUNT.take(str(account), now=now)
    return OF_NETWORK.take(client_network(request), now=now) and OF_ALL.take("", now=now)


def pop_stashed_post(request: StudentRequest, *, known_only: bool = False) -> dict[str, list[str]]:
    """What was typed on this page when its session had ended; said once, and to nobody whose session it was not.

    Whose it was is not known after a log-out: where an address is the same for everybody, ask for `known_only`.
    """
    kept = request.session.get(TYPED, {})
    whose = [request.user.pk] if known_only else [request.user.pk, None]
    if kept.get("path") != request.path or kept.get("account") not in whose:
        return {}
    del request.session[TYPED]
    typed: dict[str, list[str]] = kept["typed"]
    return typed


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
