"""The log-in form of the admin."""

from typing import Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import date
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.forms.auth import LoginForm

from portal.core.form_limits import LengthFirst

from .login_guard import Locked, whole_minute
from .password_length import PASSWORD_MAX


class StaffLogInForm(LengthFirst, LoginForm):
    """Wagtail's, which also says when a locked door opens again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.fields["password"].max_length = PASSWORD_MAX  # type: ignore[attr-defined]  # a CharField, as `username` is

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except Locked as locked:
            when = date(timezone.localtime(whole_minute(locked.until)), "Y/m/d H:i")
            raise ValidationError(_("登入失敗次數過多，請於 {when} 以後再試。").format(when=when), code="locked") from None
        return cleaned
