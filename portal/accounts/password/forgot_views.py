"""重寄認證信, 忘記密碼 and 設定新密碼 (manual, chapter 1)."""

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts import email_requests as email_requests
from portal.accounts.access import StudentRequest, student_required
from portal.accounts.account.forms import NewPasswordForm
from portal.accounts.forms import ResendForm
from portal.accounts.models import EmailRequest
from portal.accounts.views import page
from portal.core.categories import StudentCategory
from portal.throttling.limits import MoreProof, as_minute
from portal.throttling.network import client_network

from . import changing as passwords
from . import one_time as one_time_passwords


@page
@never_cache
def resend_activation(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """重寄認證信: the same answer whatever 帳號 is typed."""
    form = _email_form(request, category)
    if form.is_bound and form.is_valid() and _ask(request, category, form, EmailRequest.Kind.ACTIVATION):
        messages.success(request, _("若此帳號尚未開通，認證信已寄到註冊時填寫的信箱，請至信箱收取認證信"))
        return redirect("accounts:login", category)
    return render(request, "portal/accounts/resend_activation.html", {"form": form})


@page
@never_cache
def forgot_password(request: HttpRequest, category: StudentCategory) -> HttpResponse:
    """忘記密碼 (圖11): the same answer whatever 帳號 is typed."""
    form = _email_form(request, category)
    if form.is_bound and form.is_valid() and _ask(request, category, form, EmailRequest.Kind.PASSWORD):
        messages.success(request, _("若有此帳號，一次性密碼已寄到帳號所設定的信箱，請至信箱收信，並於 30 分鐘內以一次性密碼登入"))
        return redirect("accounts:login", category)
    return render(request, "portal/accounts/forgot_password.html", {"form": form})


def _email_form(request: HttpRequest, category: StudentCategory) -> ResendForm:
    step = email_requests.network_step(client_network(request), now=timezone.now())
    known: dict[str, Any] = {"request": request, "realm": category.slug, "step": step}
    if request.method != "POST":
        return ResendForm(**known)
    return ResendForm(initial=request.POST, **known) if "refresh" in request.POST else ResendForm(request.POST, **known)


def _ask(request: HttpRequest, category: StudentCategory, form: ResendForm, kind: EmailRequest.Kind) -> bool:
    match form.once(lambda: _try_to_ask(request, category, form, kind)):
        case {"step": step}:
            form.ask_more(MoreProof(step))
        case {"early": until}:
            said = _("剛剛已經索取過，信件可能還在路上，請也查看垃圾信件匣；如仍未收到，請於 {when} 以後再索取")
            form.add_error(None, said.format(when=until))
        case {"asked": True}:
            return True
    return False


def _try_to_ask(request: HttpRequest, category: StudentCategory, form: ResendForm, kind: EmailRequest.Kind) -> dict[str, Any]:
    """What the first of the same forms leads to; a second click reads it."""
    network, now = client_network(request), timezone.now()
    try:
        email_requests.ask(kind, form.cleaned_data["username"], category=category, network=network, now=now, proof=form.proof)
    except MoreProof as needed:
        return {"step": needed.step}
    except email_requests.TooEarly as early:
        return {"early": as_minute(early.until)}
    return {"asked": True}


@page
@student_required
@sensitive_post_parameters("new_password", "new_password_again")
def new_password(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """設定新密碼: for who logged in with a one-time password; it asks for no 目前密碼."""
    if not one_time_passwords.session_is_one_time(request):
        return redirect("my_cases:todo", category)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=request.user)
    if form.is_valid():
        passwords.change(request.user, form.cleaned_data["new_password"], now=timezone.now())
        auth.logout(request)
        messages.success(request, _("修改成功，請重新登入"))
        return redirect("accounts:login", category)
    return render(request, "portal/accounts/new_password.html", {"form": form})
