"""密碼修改, 基本資料維護."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import AccountForm
from portal.accounts.models import User
from portal.accounts.password import changing as passwords
from portal.core.languages import TAGS
from portal.fields.form_fields import EmailField, MobileField, PasswordField
from portal.throttling import limits

SAME_PASSWORD = _("新密碼與目前密碼相同，請改用不同的密碼")
WRONG_PASSWORD = _("目前密碼不正確。連續錯誤 {tries} 次會自動登出")


class OwnerForm(AccountForm):
    """What the owner of an account fills."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class NewPasswordForm(OwnerForm):
    """新密碼, 再確認（新密碼）: any sentence will do that is not easily guessed."""

    new_password = PasswordField(
        label=_("新密碼"), autocomplete="new-password", help_text=_("至少 8 個字元。可使用較長的句子，也可貼上。")
    )
    new_password_again = PasswordField(
        label=_("再確認（新密碼）"), autocomplete="new-password", error_messages={"empty": _("請再次輸入新密碼")}
    )

    def clean_new_password(self) -> str:
        password: str = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        new, again = data.get("new_password"), data.get("new_password_again")
        if new and again and new != again:
            self.add_error("new_password_again", ValidationError(_("兩次輸入的密碼不相同"), code="differs"))
        return data


class CurrentPasswordForm(OwnerForm):
    """目前密碼, asked once nothing else is wrong. Raises passwords.TooManyTries out of `is_valid`."""

    current_password = PasswordField(label=_("目前密碼"), autocomplete="current-password")

    def __init__(self, *args: Any, session_key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session_key = session_key

    def check_current_password(self, password: str) -> None:
        if not passwords.is_current(self.user, password, session_key=self.session_key):
            said = format_lazy(WRONG_PASSWORD, tries=limits.CURRENT_PASSWORD.count)
            self.add_error("current_password", ValidationError(said, code="wrong"))


class PasswordForm(CurrentPasswordForm, NewPasswordForm):
    """密碼修改 (圖63)."""

    field_order = ["current_password", "new_password", "new_password_again"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        old, new = data.get("current_password", ""), data.get("new_password", "")
        if new and new.casefold() == old.casefold():
            self.add_error("new_password", ValidationError(SAME_PASSWORD, code="same"))
        if not self.errors:
            self.check_current_password(old)
        return data


class Languages(forms.Select):
    """The languages of the site, each by its own name and marked as its own."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["lang"] = TAGS[value]
        return option


class ProfileForm(CurrentPasswordForm):
    """基本資料維護 (圖67): what is the student's own. A new Email asks for 目前密碼."""

    email = EmailField(help_text=_("變更後會寄確認信到新的信箱；按下信中的連結確認之前，仍使用原來的信箱。"))
    mobile = MobileField()
    language = forms.ChoiceField(
        label=_("偏好語言"), choices=settings.LANGUAGES, widget=Languages, help_text=_("網站與信件使用的語言。")
    )
    field_order = ["email", "current_password", "mobile", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["current_password"]
        field.required, field.help_text = False, _("變更 Email 信箱時才需要填寫。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and data["email"] != self.user.email:
            self._ask_password(data["current_password"])
        return data

    def _ask_password(self, password: str) -> None:
        if password:
            self.check_current_password(password)
        else:
            self.add_error("current_password", ValidationError(_("變更 Email 信箱，請輸入目前密碼"), code="required"))
