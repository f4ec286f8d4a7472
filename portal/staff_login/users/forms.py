"""設定 → 使用者: what an administrator fills in, and what staff change of their own under 帳號."""
# mypy: allow-untyped-calls, disable-error-code="misc"
# Wagtail's forms carry no types.

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from wagtail.admin.forms.auth import PasswordChangeForm

from portal.accounts.account.forms import WRONG_PASSWORD
from portal.accounts.forms import USERNAME
from portal.accounts.models import User
from portal.accounts.password import changing as passwords
from portal.fields.cleaning import CleanForm
from portal.fields.form_fields import EmailField, PasswordField, UsernameField
from portal.fields.passwords import PASSWORD_MAX
from portal.fields.row_forms import RowForm
from portal.staff_login import emails, operations
from portal.staff_login import own_account as own
from portal.throttling import limits
from portal.throttling.form_limits import LengthFirst

from . import students

NO_GROUP_OF_THE_ADMIN = "請至少選擇一個可進入管理後臺的群組，或設為系統管理人員。"
TAKEN = "此帳號已有人使用，請改用其他帳號。"
ROLES = ("is_superuser", "groups")


class RoleFields(CleanForm, forms.ModelForm[User]):
    """What a member of staff is called, where their emails go, and what they may do."""

    chinese_name = forms.CharField(label="姓名", max_length=60)
    email = EmailField()
    is_superuser = forms.BooleanField(
        label="系統管理人員", required=False, help_text="全部功能，包括管理帳號。請至少有兩位，才能互相核准重設第二道驗證。"
    )
    groups = forms.ModelMultipleChoiceField(
        label="人員群組", queryset=Group.objects.order_by("name"), required=False, widget=forms.CheckboxSelectMultiple
    )
    required_css_class = "required"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if set(ROLES) & self.fields.keys() and not self.errors:
            may_enter = cleaned.get("is_superuser", self.instance.is_superuser) or operations.opens_admin(cleaned["groups"])
            if not may_enter:
                self.add_error("groups", NO_GROUP_OF_THE_ADMIN)
        return cleaned


class StaffCreationForm(RoleFields):
    """新增人員: the person sets the password and the authenticator on the link that is mailed to them."""

    username = UsernameField(help_text="4 至 30 個英文字母、數字或 . _ -，大小寫視為相同。", error_messages={"unique": TAKEN})

    class Meta:
        model = User
        fields = ("username", "chinese_name", "email", "is_superuser", "groups")

    def clean_username(self) -> str:
        username = User.normalize_username(self.cleaned_data["username"])
        if not USERNAME.fullmatch(username):
            raise ValidationError("帳號須為 4 至 30 個英文字母、數字或 . _ -。", code="invalid")
        return username

    def save(self, commit: bool = True) -> User:
        chosen = {name: self.cleaned_data[name] for name in ("username", "chinese_name", "email", "is_superuser")}
        now = timezone.now()
        self.instance = operations.create(operations.NewMember(**chosen), self.cleaned_data["groups"], now=now)
        operations.invite(self.instance, now=now)
        return self.instance


class EditForm(RowForm, CleanForm, forms.ModelForm[User]):
    """What every account's page has: the Email, and whether the account is open."""

    email = EmailField(help_text="變更後，新、舊信箱都會收到通知信。")
    is_active = forms.BooleanField(label="帳號啟用中", required=False, help_text="停用後立即登出所有裝置，並以 Email 通知本人。")
    required_css_class = "required"

    def __init__(self, *args: Any, actor: User, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        if editing_self:
            for name in {"is_active", *ROLES} & self.fields.keys():
                del self.fields[name]
            self.fields["email"].disabled, self.fields["email"].help_text = True, emails.OWN


class StaffEditForm(EditForm, RoleFields):
    """A member of staff. The 帳號 stays; nobody but the person sets the password."""

    field_order = ("chinese_name", "email", "is_active", "is_superuser", "groups")

    class Meta:
        model = User
        fields = ("chinese_name", "email", "is_active", "is_superuser", "groups")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email != self.initial["email"] and (why := emails.why_it_stays(self.instance, actor=self.actor, now=timezone.now())):
            raise ValidationError(why, code="stays")
        return email

    def save(self, commit: bool = True) -> User:
        """Raises emails.Stays, when somebody asked for a reset since the page was opened."""
        user: User = self.instance
        now = timezone.now()
        user.save(update_fields=["chinese_name"])
        if set(ROLES) & set(self.changed_data):
            operations.set_roles(user, **{name: self.cleaned_data[name] for name in ROLES}, now=now)
        if "is_active" in self.changed_data:
            operations.set_active(user, self.cleaned_data["is_active"], now=now)
        emails.change(user, self.cleaned_data["email"], actor=self.actor, now=now)
        return user


class StudentEditForm(EditForm):
    """A student: who they are comes from the agency's records, and there is no group and no password to give."""

    class Meta:
        model = User
        fields = ("email", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.awaits_activation:
            self.fields["is_active"].disabled = True
            self.fields["is_active"].help_text = "待開通：學生以認證信的連結自行開通。"

    def save(self, commit: bool = True) -> User:
        user: User = self.instance
        now = timezone.now()
        if "is_active" in self.changed_data:
            students.set_active(user, self.cleaned_data["is_active"], now=now)
        students.change_email(user, self.cleaned_data["email"], now=now)
        return user


class CurrentPassword:
    """Mixin: the password in use, asked once nothing else is wrong. Raises passwords.TooManyTries out of `is_valid`."""

    session_key = ""
    cleaned_data: dict[str, Any]
    add_error: Callable[..., None]

    def check_current(self, user: User, name: str) -> None:
        password = self.cleaned_data.get(name)
        if not password:
            self.add_error(name, ValidationError("請輸入目前密碼。", code="required"))
        elif not passwords.is_current(user, password, session_key=self.session_key):
            said = format_lazy(WRONG_PASSWORD, tries=limits.CURRENT_PASSWORD.count)
            self.add_error(name, ValidationError(said, code="wrong"))


class OwnNameForm(CurrentPassword, LengthFirst, forms.ModelForm[User]):
    """帳號: one's own name and address. Another address asks for the password in use."""

    chinese_name = forms.CharField(label="姓名", max_length=60)
    email = EmailField(help_text="變更後，新、舊信箱都會收到通知信。")
    current_password = PasswordField(
        label="目前密碼", autocomplete="current-password", required=False, help_text="變更 Email 信箱時才需要填寫。"
    )

    class Meta:
        model = User
        fields = ("chinese_name", "email")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and cleaned["email"] != self.initial["email"]:
            self.check_current(self.instance, "current_password")
        return cleaned

    def save(self, commit: bool = True) -> User:
        self.instance.save(update_fields=["chinese_name"])
        emails.change_own(self.instance, self.cleaned_data["email"], now=timezone.now())
        return self.instance


class OwnPasswordForm(CurrentPassword, LengthFirst, PasswordChangeForm):
    """帳號: one's own password, by who knows the one in use; every other device is logged out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.max_length = PASSWORD_MAX  # type: ignore[attr-defined]  # each is a CharField

    def clean_old_password(self) -> str:
        """Looked at last, and counted."""
        password: str = self.cleaned_data["old_password"]
        return password

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        # Wagtail lets either be empty; Django compares them only when neither is.
        if not self.errors and cleaned["new_password1"] != cleaned["new_password2"]:
            self.add_error("new_password2", ValidationError(self.error_messages["password_mismatch"], code="password_mismatch"))
        if not self.errors:
            self.check_current(self.user, "old_password")
        return cleaned

    def save(self, commit: bool = True) -> User:
        password_hash = make_password(self.cleaned_data["new_password1"])
        own.change_password(self.user, password_hash, session_key=self.session_key, now=timezone.now())
        user: User = self.user
        return user


class ReasonForm(LengthFirst, forms.Form):
    """申請重設第二道驗證."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        help_text="例如：手機遺失，備用碼也不在身邊。請先以電話或當面確認是本人。",
        error_messages={"required": "請填寫原因。"},
    )
