"""The link of a new member of staff, and 重設第二道驗證 by two administrators.

A page of a link that is still good answers 200 to bad input too: Django logs the address of a 400, and this one holds a secret.
"""

from typing import Any, Final

import segno
from django.contrib import auth, messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin.auth import user_passes_test

from portal.accounts.account.forms import NewPasswordForm
from portal.accounts.models import LinkState, User
from portal.accounts.roles import is_administrator, is_staff_member
from portal.staff_login import operations, resets, second_factor
from portal.staff_login.models import SecondFactorReset, SetUpLink
from portal.staff_login.second_factor_views import WRONG, StaffRequest, page, words_of
from portal.throttling.network import client_network

from .forms import ReasonForm

# In the session, between the two steps of a link: which link, and the digest of the password that was chosen.
PENDING: Final = "staff_set_up"
LINK_STATUS: Final = {LinkState.UNKNOWN: 404}  # used, replaced and expired ones are gone
SPENT: Final = 410
RECENT: Final = 50
administrators_only = user_passes_test(is_administrator)


# -- the link -----------------------------------------------------------------------


@never_cache
@page
@sensitive_post_parameters("new_password", "new_password_again", "code")
@sensitive_variables("chosen")
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """First the password, then the authenticator. Opening the link changes nothing; the last step uses it up."""
    link = operations.find_link(token)
    state = operations.state_of(link, now=timezone.now())
    if link is None or state is not LinkState.VALID:
        return _no_link(request, state)
    if request.method == "POST" and "new_password" in request.POST:
        return _choose_password(request, link)
    if not (chosen := _chosen(request, link)):
        return _password_page(request, link, NewPasswordForm(user=link.user))
    try:
        return _prove(request, link, chosen)
    except operations.LinkSpent:
        return _no_link(request, operations.state_of(operations.find_link(token), now=timezone.now()))


def _no_link(request: HttpRequest, state: LinkState) -> HttpResponse:
    return render(request, "portal/staff/set_up_link.html", {"state": state.value}, status=LINK_STATUS.get(state, SPENT))


def _choose_password(request: HttpRequest, link: SetUpLink) -> HttpResponse:
    form = NewPasswordForm(request.POST, user=link.user)
    if not form.is_valid():
        return _password_page(request, link, form)
    request.session[PENDING] = {"link": link.pk, "password": make_password(form.cleaned_data["new_password"])}
    return redirect(request.path)


def _chosen(request: HttpRequest, link: SetUpLink) -> str:
    pending = request.session.get(PENDING, {})
    return str(pending["password"]) if pending.get("link") == link.pk else ""


def _password_page(request: HttpRequest, link: SetUpLink, form: NewPasswordForm) -> HttpResponse:
    context = {"form": form, "person": link.user, "problem": "密碼尚未設定，請看下方的說明。" if form.errors else ""}
    return render(request, "portal/staff/set_up_password.html", context)


def _prove(request: HttpRequest, link: SetUpLink, chosen: str) -> HttpResponse:
    """The second step: who has no authenticator sets one up, everybody else shows the one in use."""
    code = request.POST.get("code", "") if request.method == "POST" else None
    if second_factor.authenticator(link.user) is not None:
        return _with_authenticator(request, link, chosen, code)
    device, problem = second_factor.new_authenticator(request, link.user), ""
    if code is not None:
        codes = operations.set_up(link, password_hash=chosen, device=device, code=code, now=timezone.now())
        if codes is not None:
            return render(request, "portal/staff/second_factor_codes.html", {"codes": codes, "next": _enter(request, link)})
        problem = WRONG
    picture = segno.make_qr(device.config_url, error="m").png_data_uri(scale=5, border=3)
    key = second_factor.readable_key(device)
    return _code_page(request, "second_factor_enrol", problem, person=link.user, picture=picture, key=key)


def _with_authenticator(request: HttpRequest, link: SetUpLink, chosen: str, code: str | None) -> HttpResponse:
    problem = ""
    if code is not None:
        answer = operations.set_password(
            link, password_hash=chosen, code=code, network=client_network(request), now=timezone.now()
        )
        if answer is True:
            address = _enter(request, link)
            messages.success(request, "密碼已設定。")
            return redirect(address)
        problem = words_of(answer)
    return _code_page(request, "second_factor_verify", problem, person=link.user)


def _code_page(request: HttpRequest, name: str, problem: str, **context: Any) -> HttpResponse:
    context |= {"problem": problem, "before_login": True}
    return render(request, f"portal/staff/{name}.html", context)


def _enter(request: HttpRequest, link: SetUpLink) -> str:
    """Both factors were shown: the person is logged in."""
    request.session.flush()
    user = User.objects.get(pk=link.user_id)
    if not is_staff_member(user):
        return reverse("wagtailadmin_login")
    auth.login(request, user, backend="portal.accounts.backends.StaffBackend")
    second_factor.mark_passed(request, user)
    return reverse("wagtailadmin_home")


# -- administrators -----------------------------------------------------------------


def _person(pk: int) -> User:
    return get_object_or_404(User, pk=pk, category="")


@never_cache
@require_POST
@administrators_only  # type: ignore[untyped-decorator]
def send_link(request: StaffRequest, pk: int) -> HttpResponse:
    """寄送設定連結: to who has not set up yet, or forgot the password. Who has an authenticator needs it there."""
    person = _person(pk)
    if not person.is_active:
        messages.error(request, "帳號已停用，請先啟用。")
    elif not person.email:
        messages.error(request, "帳號沒有 Email 信箱，請先填寫並儲存。")
    else:
        operations.invite(person, now=timezone.now())
        messages.success(request, f"已寄出設定連結給「{person}」，72 小時內有效；先前的連結已失效。")
    return redirect("wagtailusers_users:edit", person.pk)


@never_cache
@require_http_methods(["GET", "HEAD"])
@administrators_only  # type: ignore[untyped-decorator]
def reset_list(request: StaffRequest) -> HttpResponse:
    """What waits for another administrator, and what was done."""
    now = timezone.now()
    waiting = [(each, resets.may_confirm(request.user, each, now=now)) for each in resets.waiting(now)]
    log = SecondFactorReset.objects.select_related("person", "actor")[:RECENT]
    return render(request, "portal/staff/resets.html", {"waiting": waiting, "log": log})


@never_cache
@page
@administrators_only  # type: ignore[untyped-decorator]
def ask_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """申請重設, with its reason."""
    person = _person(pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    why = resets.may_ask(request.user, person, now=timezone.now())
    if form.is_valid():
        try:
            resets.ask(person, actor=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        except resets.Refused as refused:
            why = str(refused)
        else:
            messages.success(request, f"已申請重設「{person}」的第二道驗證，並通知本人。請另一位系統管理人員在 72 小時內核准。")
            return redirect("staff:resets")
    context = {"form": form, "person": person, "why": why}
    return render(request, "portal/staff/reset_ask.html", context, status=400 if form.is_bound else 200)


@never_cache
@require_POST
@administrators_only  # type: ignore[untyped-decorator]
def confirm_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """核准重設."""
    asked = get_object_or_404(SecondFactorReset, pk=pk)
    return _ended(request, lambda: resets.confirm(asked, actor=request.user, now=timezone.now()), "已重設，並寄出新的設定連結。")


@never_cache
@require_POST
@administrators_only  # type: ignore[untyped-decorator]
def decline_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """不重設."""
    asked = get_object_or_404(SecondFactorReset, pk=pk)
    return _ended(request, lambda: resets.decline(asked, actor=request.user, now=timezone.now()), "已取消申請，未重設。")


def _ended(request: StaffRequest, end: Any, done: str) -> HttpResponse:
    try:
        end()
    except resets.Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect("staff:resets")
