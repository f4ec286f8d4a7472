"""帳號: Wagtail's page on which staff keep their own name, address and password, with this portal's forms."""
# mypy: allow-untyped-calls, disable-error-code="assignment, misc, no-any-return"
# Wagtail carries no types.

from typing import Any

from wagtail.admin.views import account

from .forms import OwnNameForm, OwnPasswordForm


class NamePanel(account.NameEmailSettingsPanel):
    """姓名與 Email: the old address is told of a new one."""

    form_class = OwnNameForm


class PasswordPanel(account.ChangePasswordPanel):
    """密碼: asks for the one in use, and logs out every other device."""

    form_class = OwnPasswordForm

    def get_form(self) -> Any:
        form = super().get_form()
        form.session_key = self.request.session.session_key or ""
        return form


OURS = {account.NameEmailSettingsPanel: NamePanel, account.ChangePasswordPanel: PasswordPanel}


class AccountView(account.AccountView):
    """Wagtail's page, two of its panels replaced."""

    def get_panels(self) -> list[Any]:
        return [
            OURS[type(panel)](panel.request, panel.user, panel.profile) if type(panel) in OURS else panel
            for panel in super().get_panels()
        ]
