"""How staff come by a password and an authenticator, and by another one."""

from datetime import datetime

from django.db import models

from portal.accounts.models import LinkState, User

from .authenticators import Authenticator as Authenticator


class SetUpLink(models.Model):
    """The link on which a member of staff sets the password and the authenticator. Only a hash of the token is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="set_up_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # A newer one, or the closing of the account, took its place.
    replaced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"set-up link {self.pk}"

    def state(self, now: datetime) -> LinkState:
        if self.used_at:
            return LinkState.USED
        if self.replaced_at or not self.user.is_active:
            return LinkState.REPLACED
        return LinkState.VALID if now < self.expires_at else LinkState.EXPIRED


class SecondFactorReset(models.Model):
    """重設第二道驗證: who asked for it, who confirmed or declined it, for whom. Append-only.

    A request is open until another row names it in `of` or its time has passed; one row ends it, for `of` is unique.
    """

    class Step(models.TextChoices):
        ASKED = "asked", "申請重設"
        CONFIRMED = "confirmed", "核准重設"
        DECLINED = "declined", "不重設"
        COMMAND = "command", "於主機以指令重設"

    at = models.DateTimeField("時間")
    step = models.CharField("步驟", max_length=9, choices=Step)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="second_factor_resets", verbose_name="人員")
    # Nobody: a command on the server.
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="辦理者")
    reason = models.CharField("原因", max_length=200, blank=True)
    # Which address the link would be mailed to when it was asked for; the row stays for good, so the address is not written down.
    address_digest = models.CharField(max_length=64, blank=True)
    of = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="ending")

    class Meta:
        verbose_name = verbose_name_plural = "第二道驗證重設紀錄"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y/%m/%d %H:%M} {self.get_step_display()}"
