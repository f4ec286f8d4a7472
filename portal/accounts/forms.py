"""註冊帳號, 登入, 重寄認證信."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.captcha import answered
from portal.captcha.challenges import CaptchaField, Solved
from portal.core.categories import Number, StudentCategory
from portal.fields.asking import ask_for
from portal.fields.dates import Span
from portal.fields.form_fields import (
    AS_TYPED,
    ChineseNameField,
    CodeField,
    EmailField,
    GregorianDateField,
    MobileField,
    PasswordField,
    UsernameField,
)
from portal.records.protocol import Claim, Reason
from portal.records.school_field import SchoolField
from portal.throttling.form_limits import LengthFirst
from portal.throttling.limits import MoreProof
from portal.throttling.network import client_network

from .login_guard import Locked, NotActivated, captcha_step, network_step, note_wrong_captcha
from .models import User
from .operations import NewAccount
from .password import kept

BORN = Span(back=120, ahead=0)
USERNAME = re.compile(r"[a-z0-9._-]{4,30}")


class AccountForm(LengthFirst, forms.Form):
    """A form of this chapter: an empty field is named in its message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_empty_fields()

    def name_empty_fields(self) -> None:
        """The message of each empty field says its label; asked again by a form that adds fields."""
        for field in self.fields.values():
            field.error_messages["required"] = field.error_messages.get("empty") or ask_for(field)


class CaptchaForm(AccountForm):
    """A form with a 驗證碼, which asks for more proof where limits say so; wrong answers count for the visitor's network."""

    captcha = CaptchaField()
    realm = ""  # whose failures the network's are: a category's, staff's

    def __init__(
        self, *args: Any, request: HttpRequest | None = None, realm: str = "", step: int = 0, about: str = "", **kwargs: Any
    ) -> None:
        """`step`: what else is known to be asked for, besides the network's own wrong answers. `about`: what is sent besides
        the fields, such as a file: with another one it is not the same form.
        """
        super().__init__(*args, **kwargs)
        self.request, self.realm = request, realm
        self.needed = max(step, captcha_step(client_network(request), realm=realm, now=timezone.now()))
        where = request.path_info if request else ""
        self._captcha_field.form_digest = answered.digest_of(
            self.data, about=f"{type(self).__qualname__} {realm} {where} {about}"
        )
        shown = int("captcha_3" in self.initial)  # 換下一組驗證碼 pressed where more proof was asked for
        self._captcha_field.ask(max(self.needed, shown))

    @property
    def _captcha_field(self) -> CaptchaField:
        field = self.fields["captcha"]
        assert isinstance(field, CaptchaField)  # noqa: S101
        return field

    @property
    def proof(self) -> int:
        """The step of proof that was given."""
        solved: Solved = self.cleaned_data["captcha"]
        return solved.step

    def once(self, act: Callable[[], Any]) -> Any:
        """What `act` leads to, or led to when the same form was sent a moment ago; None, with an error, if nobody knows."""
        outcome = answered.once(self._captcha_field.form_digest, self.cleaned_data["captcha"].again, act)
        if outcome is None:
            self.add_error("captcha", ValidationError(self._captcha_field.error_messages["expired"], code="expired"))
        return outcome

    def ask_more(self, needed: MoreProof) -> None:
        """The proof was not enough: the page shows what is."""
        self._captcha_field.ask(needed.step)
        self.add_error("captcha", self._captcha_field.more())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.has_error("captcha", "wrong") and self.request:
            name = str(data.get("username", ""))
            note_wrong_captcha(name, realm=self.realm, request=self.request, now=timezone.now())
        elif "captcha" in data and data["captcha"].step < self.needed:
            self.ask_more(MoreProof(self.needed))
        return data


def _with_password(data: Any, request: HttpRequest | None) -> Any:
    """What was posted, with the password that the page carried where both boxes were left empty."""
    if data is None or request is None or data.get("password") or data.get("password_again") or not data.get(kept.NAME):
        return data
    password = kept.opened(request, data[kept.NAME], now=timezone.now())
    whole = data.copy()
    whole["password"] = whole["password_again"] = password
    return whole


def number_field(number: Number, *, required: bool = True) -> CodeField:
    """The field of a number that a category asks for."""
    keyboard = {"inputmode": "numeric"} if number.digits_only else AS_TYPED
    return CodeField(
        label=number.label,
        required=required,
        is_right=number.is_right,
        error_messages={"invalid": number.error},
        help_text=number.help,
        widget=forms.TextInput({"autocomplete": "off", **keyboard}),
    )


class RegistrationForm(CaptchaForm):
    """註冊帳號 (圖6): the category's identity adds its papers. `*` marks the required ones; of the two numbers one is enough."""

    username = UsernameField(help_text=_("4 至 30 個英文字母、數字或 . _ -，大小寫視為相同。"))
    password = PasswordField(
        label=_("密碼"), autocomplete="new-password", help_text=_("至少 8 個字元。可使用較長的句子，也可貼上。")
    )
    password_again = PasswordField(
        label=_("再次輸入密碼"), autocomplete="new-password", error_messages={"empty": _("請再次輸入密碼")}
    )
    chinese_name = ChineseNameField(
        label=_("中文姓名"),
        max_length=60,
        help_text=_("請與許可證上的姓名相同。"),
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    birth_date = GregorianDateField(
        label=_("出生日期（西元）"),
        span=BORN,
        help_text=_("例如 20040506 或 2004/5/6。"),
        widget=forms.TextInput({"autocomplete": "bday", "inputmode": "numeric"}),
    )
    school = SchoolField(label=_("就讀學校"))
    email = EmailField(help_text=_("認證信將寄到這個信箱。"))
    mobile = MobileField()

    kept_password = ""  # what the page carries, so that it is not typed again

    def __init__(self, data: Any = None, *args: Any, category: StudentCategory, **kwargs: Any) -> None:
        super().__init__(_with_password(data, kwargs.get("request")), *args, realm=category.slug, **kwargs)
        if category.identity is None:
            raise ValueError(f"registration for {category.slug} is not open")
        self.category, self.identity = category, category.identity
        either = {number.code: number_field(number, required=False) for number in (self.identity.ui_no, self.identity.permit_no)}
        papers = {paper.code: number_field(paper) for paper in self.identity.identifying}
        self.fields.update(either | papers)
        first = ("username", "password", "password_again", "chinese_name", "birth_date")
        self.order_fields([*first, *either, *papers, "school", "email", "mobile", "captcha"])
        self.name_empty_fields()

    def full_clean(self) -> None:
        """After another field's error neither the 驗證碼 nor the password is given again; nothing was looked up for them."""
        super().full_clean()
        if not self.is_bound or not self.errors:
            return
        if "captcha" in self.cleaned_data and not self.has_error("captcha"):
            self._captcha_field.keep(self.cleaned_data["captcha"])
            self["captcha"].help_text = ""
        if self.request and not {"password", "password_again"} & self.errors.keys() and self.cleaned_data.get("password"):
            self.kept_password = kept.seal(self.request, self.cleaned_data["password"], now=timezone.now())
            for name in ("password", "password_again"):
                self[name].help_text = _("密碼已保留，不必再輸入；要改用其他密碼，請重新輸入。")

    @property
    def papers(self) -> list[forms.BoundField]:
        """The fields of the category's papers."""
        return [self[paper.code] for paper in self.identity.identifying]

    def clean_username(self) -> str:
        name = User.normalize_username(self.cleaned_data["username"])
        if not USERNAME.fullmatch(name):
            raise ValidationError(_("帳號請使用 4 至 30 個英文字母、數字或 . _ -"), code="invalid")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not {"ui_no", "permit_no"} & self.errors.keys() and not (data["ui_no"] or data["permit_no"]):
            self.add_error("ui_no", ValidationError(str(self.identity.number_missing), code="required"))
        self._check_passwords(data)
        return data

    def _check_passwords(self, data: dict[str, Any]) -> None:
        password, again = data.get("password"), data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", ValidationError(_("兩次輸入的密碼不相同"), code="differs"))
        if password:
            person = User(username=data.get("username", ""), email=data.get("email", ""))
            try:
                password_validation.validate_password(password, person)
            except ValidationError as refused:
                self.add_error("password", refused)

    @property
    def is_unknown_person(self) -> bool:
        """查無此學生資料: the page then says what to compare."""
        return self.has_error(NON_FIELD_ERRORS, Reason.UNKNOWN_PERSON)

    def claim(self) -> Claim:
        """What is compared with the agency's records."""
        return Claim(
            category=self.category.slug,
            papers={paper.code: self.cleaned_data[paper.code] for paper in self.identity.identifying},
            school_code=self.cleaned_data["school"].pk,
            **{name: self.cleaned_data[name] for name in ("chinese_name", "birth_date", "ui_no", "permit_no")},
        )

    def account(self) -> NewAccount:
        """What the student chose for themselves."""
        typed = {name: self.cleaned_data[name] for name in ("username", "password", "email", "mobile")}
        return NewAccount(**typed, language=get_language() or settings.LANGUAGE_CODE)


class LogInForm(CaptchaForm):
    """登入 (圖5): 帳號, 密碼, 驗證碼. Nothing is hashed for a wrong 驗證碼. While locked, asking `is_valid` raises Locked."""

    username = UsernameField()
    password = PasswordField(label=_("密碼"), autocomplete="current-password")
    field_order = ["username", "password", "captcha"]
    user: User
    awaits_activation = False

    def __init__(self, *args: Any, request: HttpRequest, category: StudentCategory, **kwargs: Any) -> None:
        step = network_step(client_network(request), realm=category.slug, now=timezone.now())
        super().__init__(*args, request=request, realm=category.slug, step=step, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            self._authenticate(data["username"], data["password"])
        return data

    def _authenticate(self, username: str, password: str) -> None:
        if not USERNAME.fullmatch(User.normalize_username(username)):  # no account's: a slip of the hand costs no try
            raise ValidationError(_("帳號或密碼錯誤"), code="wrong")
        match self.once(lambda: self._look(username, password)):
            case {"step": step}:
                self.ask_more(MoreProof(step))
            case {"until": until}:
                raise Locked(datetime.fromisoformat(until))
            case {"awaits_activation": True}:
                self.awaits_activation = True
                raise ValidationError(_("帳號尚未開通，請至信箱收取認證信"), code="awaits_activation")
            case {"wrong": True}:
                raise ValidationError(_("帳號或密碼錯誤"), code="wrong")
            case {"user": pk, "backend": backend, "one_time": one_time}:
                self.user = User.objects.get(pk=pk, is_active=True)
                self.user.backend, self.user.with_one_time_password = backend, one_time

    def _look(self, username: str, password: str) -> dict[str, Any]:
        """What the first of the same forms finds; the second one reads it."""
        known = {"username": username, "password": password, "category": self.realm, "proof": self.proof}
        try:
            user = authenticate(self.request, **known)
        except MoreProof as needed:
            return {"step": needed.step}
        except Locked as locked:
            return {"until": locked.until.isoformat()}
        except NotActivated:
            return {"awaits_activation": True}
        if not isinstance(user, User):
            return {"wrong": True}
        return {"user": user.pk, "backend": user.backend, "one_time": user.with_one_time_password}


class ResendForm(CaptchaForm):
    """重寄認證信, 忘記密碼 (圖11): which account, and a 驗證碼."""

    username = UsernameField()
    field_order = ["username", "captcha"]
