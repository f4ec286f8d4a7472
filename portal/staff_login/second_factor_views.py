"""第二道驗證 of staff, below /admin/second-factor/. Wagtail has let in who may enter the admin at all."""

from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.models import User
from portal.throttling import limits
from portal.throttling.network import client_network

from . import own_account as own
from . import second_factor

WRONG = "驗證碼不正確，或已經用過。請輸入驗證器現在顯示的 6 位數字。"
WAIT = "嘗試次數過多，請於 {when} 以後再試，或現在輸入一組備用碼。若不是您本人操作，有人知道您的密碼，請於登入後立即更換。"
UNREADABLE = "系統目前無法核對您的驗證器，請通知系統管理人員。"
WRONG_NEW = "新驗證器的驗證碼不正確。請輸入新驗證器現在顯示的 6 位數字。"
WRONG_CURRENT = "目前的驗證碼不正確，或已經用過。請輸入目前的驗證器下一組顯示的 6 位數字，或一組備用碼。"
FEW = "備用碼只剩 {left} 組，請產生新的一組。"
page = require_http_methods(["GET", "HEAD", "POST"])


class StaffRequest(HttpRequest):
    """A request inside the admin: somebody is logged in."""

    user: User


@never_cache
@page
@sensitive_post_parameters("code")
def verify(request: StaffRequest) -> HttpResponse:
    """Six digits, or a recovery code; who has no authenticator is shown how to come by one."""
    if second_factor.has_passed(request):
        return redirect(_wanted(request))
    if second_factor.authenticator(request.user) is None:
        return render(request, "portal/staff/second_factor_missing.html", status=403)
    problem = ""
    if request.method == "POST" and "show" not in request.POST:
        answer = second_factor.verify(
            request.user, request.POST.get("code", ""), network=client_network(request), now=timezone.now()
        )
        if answer is True:
            return _passed(request)
        problem = words_of(answer)
    code = second_factor.shown_code(request.user)
    return _page(request, "verify", problem, demonstration=bool(code), code=code if "show" in request.POST else "")


def _passed(request: StaffRequest) -> HttpResponse:
    second_factor.mark_passed(request, request.user)
    left = second_factor.recovery_codes_left(request.user)
    if 0 < left < 3:
        messages.warning(request, FEW.format(left=left))
    return redirect(_wanted(request))


def words_of(answer: second_factor.Answer | own.Wrong) -> str:
    """Why a code was refused."""
    if isinstance(answer, second_factor.WaitUntil):
        return WAIT.format(when=limits.as_minute(answer.moment))
    if isinstance(answer, second_factor.CannotRead):
        return UNREADABLE
    if isinstance(answer, own.Wrong):
        return WRONG_NEW if answer is own.Wrong.NEW else WRONG_CURRENT
    return WRONG


@never_cache
@page
@sensitive_post_parameters("code", "current")
def enrol(request: StaffRequest) -> HttpResponse:
    """Set up another authenticator, with a code of the one in use. The first one needs a mailed link (accounts.roles)."""
    if not second_factor.has_passed(request):
        return redirect("second_factor:verify")
    device, problem = second_factor.new_authenticator(request, request.user), ""
    if request.method == "POST":
        answer = own.replace_authenticator(device, request.POST.get("code", ""), **_proof(request))
        if isinstance(answer, list):
            second_factor.mark_passed(request, request.user)
            return _page(request, "codes", codes=answer)
        problem = words_of(answer)
    picture = segno.make_qr(device.config_url, error="m").png_data_uri(scale=5, border=3)
    key = second_factor.readable_key(device)
    return _page(request, "enrol", problem, picture=picture, key=key)


def _proof(request: StaffRequest) -> dict[str, Any]:
    """The code of the authenticator in use, and what it is counted by."""
    return {"current": request.POST.get("current", ""), "network": client_network(request), "now": timezone.now()}


@never_cache
@require_POST
@sensitive_post_parameters("current")
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """Eight new ones, with a code of the authenticator in use."""
    answer = own.new_recovery_codes(request.user, **_proof(request))
    if isinstance(answer, list):
        return _page(request, "codes", codes=answer)
    return _settings(request, words_of(answer))


@never_cache
@page
def settings_page(request: StaffRequest) -> HttpResponse:
    """What is set up, and what may be done about it."""
    return _settings(request)


def _settings(request: StaffRequest, problem: str = "") -> HttpResponse:
    context = {"device": second_factor.authenticator(request.user), "left": second_factor.recovery_codes_left(request.user)}
    return render(
        request, "portal/staff/second_factor_settings.html", {**context, "problem": problem}, status=400 if problem else 200
    )


def _page(request: StaffRequest, name: str, problem: str = "", **context: Any) -> HttpResponse:
    context |= {"problem": problem, "next": _wanted(request)}
    return render(request, f"portal/staff/second_factor_{name}.html", context, status=400 if problem else 200)


def _wanted(request: HttpRequest) -> str:
    """The page of the admin that was asked for first."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    home = reverse("wagtailadmin_home")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith(home) and not wanted.startswith(reverse("second_factor:verify")) else home
