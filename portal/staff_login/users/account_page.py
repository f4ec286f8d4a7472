"""帳號: Wagtail's page on which staff keep their own name, address and password, with this portal's forms."""
# mypy: allow-untyped-calls, disable-error-code="assignment, misc, no-any-return"
# Wagtail carries no types.

from functools import cached_property
from typing import Any

from django.contrib import auth, messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from wagtail.admin.views import account
from wagtail.log_actions import log

from portal.accounts.password import changing as passwords
from portal.sessions.engine import session_of

from .forms import OwnNameForm, OwnPasswordForm

THROWN_OUT = "目前密碼錯誤次數過多，為保護您的帳號，已將您登出，請重新登入。"
SAVED = "已儲存帳號設定。"


class AsksForPassword:
    """A panel whose form is made once a request: each look at the password in use is counted."""

    request: HttpRequest

    @cached_property
    def form(self) -> Any:
        form = super().get_form()
        form.session_key = session_of(self.request).row_key
        return form

    def get_form(self) -> Any:
        return self.form


class NamePanel(AsksForPassword, account.NameEmailSettingsPanel):
    """姓名與 Email: the old address is notified of a new one."""

    form_class = OwnNameForm


class PasswordPanel(AsksForPassword, account.ChangePasswordPanel):
    """密碼: asks for the one in use, and logs out every other device."""

    form_class = OwnPasswordForm


OURS = {account.NameEmailSettingsPanel: NamePanel, account.ChangePasswordPanel: PasswordPanel}


class AccountView(account.AccountView):
    """Wagtail's page, two of its panels replaced."""

    @cached_property
    def panels(self) -> list[Any]:
        return [
            OURS[type(panel)](panel.request, panel.user, panel.profile) if type(panel) in OURS else panel
            for panel in super().get_panels()
        ]

    def get_panels(self) -> list[Any]:
        return self.panels

    def post(self, request: HttpRequest) -> HttpResponse:
        """As Wagtail's, but the session gets another key for a new password only: another key begins the count of tries anew."""
        forms = [panel.get_form() for panel in self.panels]
        try:
            valid = all(form.is_valid() or not form.is_bound for form in forms)
        except passwords.TooManyTries:
            auth.logout(request)
            messages.error(request, THROWN_OUT)
            return redirect("wagtailadmin_login")
        if not valid:
            return TemplateResponse(request, self.template_name, self.get_context_data())
        self._save([form for form in forms if form.is_bound])
        return redirect("wagtailadmin_account")

    def _save(self, forms: list[Any]) -> None:
        with transaction.atomic():
            for form in forms:
                form.save()
        user: Any = self.request.user
        log(user, "wagtail.edit")
        if any(isinstance(form, OwnPasswordForm) for form in forms):
            update_session_auth_hash(self.request, user)
        messages.success(self.request, SAVED)
