"""帳號維護 (manual, chapter 9), and the sessions of an account."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts.access import StudentRequest, is_student_of, shows_typed, student_required
from portal.accounts.models import LinkState
from portal.accounts.password import changing as passwords
from portal.accounts.session_time import SessionTime
from portal.accounts.views import LINK_STATUS, page
from portal.core.categories import StudentCategory
from portal.core.languages import in_language
from portal.sessions import devices as sessions_open
from portal.sessions import typed
from portal.sessions.browsers import plain
from portal.sessions.engine import session_of
from portal.throttling import limits

from . import profile
from .forms import PasswordForm, ProfileForm


@page
@sensitive_post_parameters("current_password", "new_password", "new_password_again")
@student_required
def password(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """密碼修改 (圖62-65): then log in anew, everywhere."""
    form = PasswordForm(request.POST if request.method == "POST" else None, user=request.user, session_key=_key(request))
    try:
        valid = form.is_valid()
    except passwords.TooManyTries:
        return _force_logout(request, category)
    if not valid:
        return render(request, "portal/accounts/password.html", {"form": form})
    passwords.change(request.user, form.cleaned_data["new_password"], now=timezone.now())
    auth.logout(request)
    messages.success(request, _("修改成功，請重新登入"))
    return redirect("accounts:login", category)


def _key(request: HttpRequest) -> str:
    return session_of(request).row_key


def _force_logout(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    auth.logout(request)
    messages.error(request, _("目前密碼錯誤次數過多，為保護您的帳號，已將您登出，請重新登入。"))
    return redirect("accounts:login", category)


@page
@sensitive_post_parameters("current_password")
@student_required
@shows_typed
def edit_profile(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """基本資料維護 (圖66-68)."""
    if "cancel_email" in request.POST:
        profile.cancel_email_change(request.user, now=timezone.now())
        messages.success(request, _("已取消變更 Email 信箱，仍使用原來的信箱"))
        return redirect("accounts:profile", category)
    form = _profile_form(request)
    try:
        if form.is_bound and form.is_valid():
            return _save_profile(request, category, form.cleaned_data)
    except passwords.TooManyTries:
        return _force_logout(request, category)
    except profile.TooManyChanges as refused:
        form.add_error("email", _("變更次數過多，請於 {when} 以後再試").format(when=limits.as_minute(refused.until)))
    now = timezone.now()
    context = {"recorded": profile.recorded(request.user), "waiting_email": profile.waiting_email(request.user, now=now)}
    return render(request, "portal/accounts/profile.html", {"form": form, **context})


def _profile_form(request: StudentRequest) -> ProfileForm:
    user, known = request.user, {"user": request.user, "session_key": _key(request)}
    if request.method == "POST":
        typed.take(request)
        return ProfileForm(request.POST, **known)
    initial: dict[str, Any] = {"email": user.email, "mobile": user.mobile, "language": user.language}
    waited = MultiValueDict(typed.waiting(request)).dict()
    return ProfileForm(initial=initial | waited, **known)


def _save_profile(request: StudentRequest, category: StudentCategory, data: dict[str, str]) -> HttpResponse:
    kept = {name: data[name] for name in ("email", "mobile", "language")}
    profile.save(request.user, **kept, now=timezone.now())
    with translation.override(data["language"]):
        messages.success(request, _("儲存成功"))
        if data["email"] != request.user.email:
            messages.info(request, _("確認信已寄到新的 Email 信箱，請於 24 小時內收信並按下信中的連結確認。"))
    return redirect(in_language(reverse("accounts:profile", args=[category]), data["language"]))


@page
@never_cache
def email(request: HttpRequest, category: StudentCategory, token: str) -> HttpResponse:
    """確認新的 Email 信箱: opening the email's link changes nothing, because scanners of mail open links; the button does."""
    now = timezone.now()
    if request.method == "POST":
        state = profile.confirm_email(token, category=category, now=now)
        if state is LinkState.VALID:
            messages.success(request, _("Email 信箱變更成功"))
            return redirect("accounts:profile" if is_student_of(request, category) else "accounts:login", category)
    else:
        change = profile.email_change(token, category=category)
        state = change.state(now) if change else LinkState.UNKNOWN
    return render(request, "portal/accounts/email.html", {"state": state.value}, status=LINK_STATUS.get(state, 410))


@page
@student_required
def sessions(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """登入中的裝置, and 登出其他裝置."""
    key = _key(request)
    if request.method == "POST":
        ended = sessions_open.end_others(request.user, but=key)
        messages.success(request, _("已登出其他裝置") if ended else _("沒有其他登入中的裝置"))
        return redirect("accounts:sessions", category)
    rows = [
        {"session": row, "browser": plain(row.agent), "is_this": row.pk == key}
        for row in sessions_open.open_sessions(request.user, now=timezone.now())
    ]
    return render(request, "portal/accounts/sessions.html", {"rows": rows})


@page
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its types know views of one argument only
def session(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """登入狀態: how much of it is left. Looking does not prolong it; 繼續使用 does. Shown in a frame where scripts are off."""
    if request.method == "POST":
        if is_student_of(request, category):
            session_of(request).touch(timezone.now())
        return redirect(request.get_full_path())
    time = SessionTime.of(request, category, now=timezone.now())
    response = render(request, "portal/accounts/session.html", {"time": time})
    response.headers["X-Session-Left"] = str(time.seconds)
    if time.next_look:
        response.headers["Refresh"] = str(time.next_look)
    return response
