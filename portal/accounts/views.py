"""註冊帳號, 帳號開通, 登入/登出 (manual, chapters 1 and 2)."""

import math
from typing import Any

from django.contrib import auth, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods
from django.views.defaults import page_not_found

from portal.core import categories
from portal.core.categories import StudentCategory
from portal.records import lookup
from portal.records.protocol import Refusal
from portal.throttling.limits import MoreProof, whole_minute
from portal.throttling.network import client_network

from . import operations, queries
from .access import after_login, is_student_of
from .forms import LogInForm, RegistrationForm, ResendForm
from .login_guard import Locked, remember
from .models import LinkState

REGISTERED_EMAIL = "registered_email"  # in the session: what was typed, whether or not there was an account
ADDRESS_MAX = 2000  # of what to open afterwards
USERNAME_MAX = 200
page = require_http_methods(["GET", "HEAD", "POST"])
LINK_STATUS = {LinkState.VALID: 200, LinkState.UNKNOWN: 404}  # used, replaced and expired ones are gone


@page
@never_cache
@sensitive_post_parameters("password", "password_again")
def register(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """註冊帳號 (圖6, 圖7)."""
    if category.identity is None:
        return render(request, "portal/accounts/registration_closed.html")
    step = lookup.network_step(client_network(request), now=timezone.now())
    known: dict[str, Any] = {"request": request, "category": category, "step": step}
    if request.method != "POST":
        form = RegistrationForm(**known)
    elif "refresh" in request.POST:
        form = RegistrationForm(initial=request.POST, **known)
    else:
        form = RegistrationForm(request.POST, **known)
        if form.is_valid() and _register(request, category, form):
            request.session[REGISTERED_EMAIL] = form.cleaned_data["email"]
            return redirect("accounts:registered", category)
    return render(request, "portal/accounts/register.html", {"form": form})


def _register(request: HttpRequest, category: StudentCategory, form: RegistrationForm) -> bool:
    match form.once(lambda: _try_to_register(request, category, form)):
        case {"step": step}:
            form.ask_more(MoreProof(step))
        case {"taken": True}:
            form.add_error("username", _("此帳號已有人使用，請改用其他帳號"))
        case {"refused": reason, "said": said}:
            form.add_error(None, ValidationError(said, code=reason))
        case {"registered": True}:
            return True
    return False


def _try_to_register(request: HttpRequest, category: StudentCategory, form: RegistrationForm) -> dict[str, Any]:
    """What the first of the same forms leads to; a second click on 註冊 reads it."""
    known: dict[str, Any] = {"category": category, "network": client_network(request), "now": timezone.now(), "proof": form.proof}
    try:
        refusal = operations.register(form.claim(), form.account(), **known)
    except MoreProof as needed:
        return {"step": needed.step}
    except operations.UsernameTaken:
        return {"taken": True}
    if isinstance(refusal, Refusal):
        said = "。".join(str(part) for part in (refusal.message, refusal.detail) if part)
        return {"refused": str(refusal.reason), "said": said}
    return {"registered": True}


@require_GET
@never_cache
def registered(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """註冊成功 (圖8): the same page whether or not the person had an account."""
    return render(request, "portal/accounts/registered.html", {"email": request.session.get(REGISTERED_EMAIL, "")})


@page
@never_cache
def activate(request: HttpRequest, category: StudentCategory, token: str) -> HttpResponse:
    """帳號開通 (圖9, 圖10): opening the email's link changes nothing, because scanners of mail open links; the button does."""
    if request.method == "POST":
        state = operations.activate(token, category=category, now=timezone.now())
        if state is LinkState.VALID:
            messages.success(request, _("帳號開通成功，請登入"))
            return redirect("accounts:login", category)
    else:
        state = queries.link_state(token, category=category.slug, now=timezone.now())
    context = {"state": state.value, "resend_form": ResendForm(request=request, realm=category.slug)}
    return render(request, "portal/accounts/activate.html", context, status=LINK_STATUS.get(state, 410))


@page
@never_cache
@sensitive_post_parameters("password")
def log_in(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """登入 (圖5, 圖13)."""
    wanted = request.POST.get("next", request.GET.get("next", ""))[:ADDRESS_MAX]
    if is_student_of(request, category):
        return redirect(after_login(request, category, wanted))
    if request.method != "POST":
        form = LogInForm(request=request, category=category)
    elif "refresh" in request.POST:
        form = LogInForm(initial=request.POST, request=request, category=category)
    else:
        form = LogInForm(request.POST, request=request, category=category)
        try:
            admitted = form.is_valid()
        except Locked as locked:
            return _locked(request, locked, wanted)
        if admitted:
            auth.login(request, form.user)
            remember(request, form.user)
            return redirect(after_login(request, category, wanted))
    return render(request, "portal/accounts/login.html", {"form": form, "next": wanted})


def _locked(request: HttpRequest, locked: Locked, wanted: str) -> HttpResponse:
    """暫停登入: the same page for every 帳號, with the minute from which one may try again."""
    seconds = math.ceil((locked.until - timezone.now()).total_seconds())
    username = request.POST.get("username", "")[:USERNAME_MAX]
    context = {"until": whole_minute(locked.until), "next": wanted, "username": username}
    response = render(request, "portal/accounts/locked.html", context, status=429)
    response.headers["Retry-After"] = str(max(seconds, 1))
    return response


@page
@never_cache
def log_out(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """登出 (圖15, 圖16): back to the category's log-in page. By POST; a GET asks first."""
    if request.method == "POST":
        auth.logout(request)
        messages.success(request, _("您已登出"))
    elif is_student_of(request, category):
        return render(request, "portal/accounts/logout.html")
    return redirect("accounts:login", category)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: a student who is logged in keeps their menu and their name."""
    user = getattr(request, "user", None)  # no middleware ran for an address that is none
    for category in categories.all_categories():
        if user is not None and is_student_of(request, category):
            return render(request, "portal/accounts/not_found.html", {"category": category, "is_lost": True}, status=404)
    return page_not_found(request, exception)
