"""第二道驗證 of staff, below /admin/second-factor/. Wagtail has let in who may enter the admin at all."""

import logging
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

from portal.core import limits
from portal.core.encryption import CannotDecrypt
from portal.core.network import client_network

from . import second_factor
from .models import User

logger = logging.getLogger(__name__)
WRONG = "驗證碼不正確，或已經用過。請輸入驗證器現在顯示的 6 位數字。"
WAIT = "嘗試次數過多，請於 {when} 以後再試，或現在輸入一組備用碼。若不是您本人操作，有人知道您的密碼，請於登入後立即更換。"
UNREADABLE = "系統目前無法核對您的驗證器，請通知系統管理人員。"
FEW = "備用碼只剩 {left} 組，請產生新的一組。"
page = require_http_methods(["GET", "HEAD", "POST"])


class StaffRequest(HttpRequest):
    """A request inside the admin: somebody is logged in."""

    user: User


@never_cache
@page
@sensitive_post_parameters("code")
def verify(request: StaffRequest) -> HttpResponse:
    """Six digits, or a recovery code; who has no authenticator is told how to come by one."""
    if second_factor.has_passed(request):
        return redirect(_wanted(request))
    if second_factor.authenticator(request.user) is None:
        return render(request, "staff/second_factor_missing.html", status=403)
    problem = ""
    if request.method == "POST" and "show" not in request.POST:
        try:
            answer = second_factor.verify(
                request.user, request.POST.get("code", ""), network=client_network(request), now=timezone.now()
            )
        except CannotDecrypt as error:
            logger.error("the authenticator of staff %s cannot be read: %s", request.user.pk, error)
            return _page(request, "verify", UNREADABLE, demonstration=False)
        if answer is True:
            return _passed(request)
        problem = waiting_words(answer) if isinstance(answer, second_factor.WaitUntil) else WRONG
    code = second_factor.demonstration_code(request.user)
    return _page(request, "verify", problem, demonstration=bool(code), code=code if "show" in request.POST else "")


def _passed(request: StaffRequest) -> HttpResponse:
    second_factor.mark_passed(request, request.user)
    left = second_factor.recovery_codes_left(request.user)
    if 0 < left < 3:
        messages.warning(request, FEW.format(left=left))
    return redirect(_wanted(request))


def waiting_words(answer: second_factor.WaitUntil) -> str:
    """Until when no code is looked at."""
    return WAIT.format(when=limits.told(answer.moment))


@never_cache
@page
@sensitive_post_parameters("code")
def enrol(request: StaffRequest) -> HttpResponse:
    """Set up another authenticator, by who has passed with the one in use. The first one needs a mailed link (accounts.staff)."""
    if not second_factor.has_passed(request):
        return redirect("second_factor:verify")
    device, problem = second_factor.new_authenticator(request, request.user), ""
    if request.method == "POST":
        if (codes := second_factor.enrol(device, request.POST.get("code", ""))) is not None:
            second_factor.mark_passed(request, request.user)
            return _page(request, "codes", codes=codes)
        problem = WRONG
    picture = segno.make_qr(device.config_url, error="m").png_data_uri(scale=5, border=3)
    key = second_factor.readable_key(device)
    return _page(request, "enrol", problem, picture=picture, key=key)


@never_cache
@require_POST
def recovery_codes(request: StaffRequest) -> HttpResponse:
    """Eight new ones; the middleware has seen to it that the second factor was passed."""
    return _page(request, "codes", codes=second_factor.new_recovery_codes(request.user))


@never_cache
@page
def settings_page(request: StaffRequest) -> HttpResponse:
    """What is set up, and what may be done about it."""
    context = {"device": second_factor.authenticator(request.user), "left": second_factor.recovery_codes_left(request.user)}
    return render(request, "staff/second_factor_settings.html", context)


def _page(request: StaffRequest, name: str, problem: str = "", **context: Any) -> HttpResponse:
    context |= {"problem": problem, "next": _wanted(request)}
    return render(request, f"staff/second_factor_{name}.html", context, status=400 if problem else 200)


def _wanted(request: HttpRequest) -> str:
    """The page of the admin that was asked for first."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    home = reverse("wagtailadmin_home")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted.startswith(home) and not wanted.startswith(reverse("second_factor:verify")) else home
