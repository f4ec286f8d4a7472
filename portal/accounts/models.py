"""People who log in: students of a category, and staff."""

import enum
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower

from portal.fields import typed
from portal.fields.passwords import PASSWORD_MAX

# As long as AbstractUser.username, which longer names cannot equal.
USERNAME_MAX = 150


class AccountManager(UserManager["User"]):
    """Accounts, found by 帳號 whatever case it is typed in."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return super().get_by_natural_key(username and User.normalize_username(username))


class User(AbstractUser):
    """A student's account 帳號 (with a category) or a member of staff (without).

    The identity was matched with the agency's records when the account was made and is not edited here; name and date of birth
    follow an approved correction of these records (`operations.follow_records`), nothing else does.
    `ui_no` 統一證號 leads back to the records. `email` and `mobile` belong to the student (基本資料維護).
    `language` is the one they read the portal in last, and that of their emails.
    """

    category = models.SlugField("學生類別", max_length=40, blank=True)
    chinese_name = models.CharField("中文姓名", max_length=60, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    ui_no = models.CharField("統一證號", max_length=10, blank=True)
    mobile = models.CharField("手機", max_length=20, blank=True)
    activated_at = models.DateTimeField("帳號開通時間", null=True, blank=True)
    # Staff: since when as an administrator, with this authenticator, in an open account; and when the address was changed last.
    administrator_since = models.DateTimeField("成為系統管理人員的時間", null=True, blank=True)
    email_changed_at = models.DateTimeField("Email 變更時間", null=True, blank=True)
    language = models.CharField("語言", max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    # Said by the backend of the log-in that has just happened.
    with_one_time_password = False

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = "帳號"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "ui_no"], condition=~models.Q(ui_no=""), name="one_account_per_person_and_category"
            ),
            models.CheckConstraint(
                condition=models.Q(category="") | models.Q(is_staff=False, is_superuser=False), name="a_student_is_never_staff"
            ),
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="usernames_are_lower_case"),
        ]

    def __str__(self) -> str:
        return self.chinese_name or self.username

    def get_full_name(self) -> str:
        """As the admin and its history name who is at work."""
        return self.chinese_name

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """帳號 is kept in half-width lower case, so that `Wang` and `wang` are one."""
        return typed.value(username[:USERNAME_MAX]).lower()

    def check_password(self, raw_password: str | None) -> bool:
        """Nothing longer than a password may be is hashed."""
        return len(raw_password or "") <= PASSWORD_MAX and super().check_password(_one_spelling(raw_password))

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(_one_spelling(raw_password))

    @property
    def is_student(self) -> bool:
        return bool(self.category)

    @property
    def awaits_activation(self) -> bool:
        """待開通: registered, and the email's link was never followed. A closed account was activated once."""
        return not self.is_active and self.activated_at is None


def _one_spelling(password: str | None) -> str | None:
    """Keyboards compose é in two ways: the forms say it in one already, and commands and backends may not have asked them."""
    return password and typed.cleaned(password, typed.Shape.EXACT)


class LinkState(enum.StrEnum):
    """What the link of an email is worth."""

    VALID = "valid"
    UNKNOWN = "unknown"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"


class ActivationLink(models.Model):
    """帳號開通: one email's link. Only a hash of the token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="activation_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"activation link {self.pk}"

    def state(self, now: datetime) -> LinkState:
        """An account that is open already makes every one of its links a used one."""
        if self.used_at or not self.user.awaits_activation:
            return LinkState.USED
        if self.replaced_at:
            return LinkState.REPLACED
        return LinkState.VALID if now < self.expires_at else LinkState.EXPIRED


class LogInAttempt(models.Model):
    """登入紀錄: one line about a try to log in. Append-only; the database refuses UPDATE and DELETE.

    No password stands here, and not the name that was typed: people type passwords into the wrong box. A try whose password
    is looked at has two lines with one time: TRIED, written before anything is hashed so that tries at the same moment count
    one another, and its result, whose `parent` is the first. A try that never ended counts as a failure.
    """

    class Outcome(models.TextChoices):
        TRIED = "tried", "核對密碼"
        SUCCEEDED = "succeeded", "登入成功"
        WRONG = "wrong", "帳號或密碼錯誤"
        NOT_ACTIVATED = "not_activated", "帳號尚未開通"
        LOCKED = "locked", "暫停登入"
        CAPTCHA_WRONG = "captcha_wrong", "驗證碼錯誤"
        MORE_PROOF = "more_proof", "要求更多驗證"

    at = models.DateTimeField("時間")
    realm = models.SlugField("登入頁", max_length=40)
    account = models.BigIntegerField("帳號編號", null=True, blank=True)
    name_hash = models.CharField(max_length=64)
    network = models.CharField("來源網路", max_length=43)
    outcome = models.CharField("結果", max_length=13, choices=Outcome)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="results", verbose_name="嘗試"
    )

    class Meta:
        verbose_name = verbose_name_plural = "登入紀錄"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["name_hash", "at"], name="log_in_by_name"),
            models.Index(fields=["network", "at"], name="log_in_by_network"),
            models.Index(fields=["account", "at"], name="log_in_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y/%m/%d %H:%M} {self.get_outcome_display()}"


class OneTimePassword(models.Model):
    """忘記密碼: the newest one-time password of an account. Only a digest is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="one_time_password")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"one-time password of account {self.user_id}"


class EmailRequest(models.Model):
    """Somebody asked for an email to an account, which may not exist. Answered by a task, which forgets the 帳號."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", "註冊帳號"
        ACTIVATION = "activation", "重寄認證信"
        PASSWORD = "password", "忘記密碼"

    kind = models.CharField(max_length=10, choices=Kind)
    category = models.SlugField(max_length=40)
    username = models.CharField(max_length=150, blank=True)
    network = models.CharField(max_length=43, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["network", "asked_at"], name="email_requests_by_network")]

    def __str__(self) -> str:
        return f"email request {self.pk}"


class EmailChange(models.Model):
    """基本資料維護: a new Email that waits until its email's link is followed. Only a hash of the token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes")
    email = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # A newer one, 取消, or a new password took its place.
    replaced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"email change {self.pk}"

    def state(self, now: datetime) -> LinkState:
        if self.used_at:
            return LinkState.USED
        if self.replaced_at:
            return LinkState.REPLACED
        return LinkState.VALID if now < self.expires_at else LinkState.EXPIRED
