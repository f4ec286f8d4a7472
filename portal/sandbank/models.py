"""The bank's own books. Card numbers are never among them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Order(models.Model):
    """What a merchant asked the bank to collect."""

    class State(models.TextChoices):
        OPEN = "open", _("等待付款")
        CHALLENGE = "challenge", _("等待確認")
        PAID = "paid", _("交易成功")
        FAILED = "failed", _("交易失敗")
        CANCELLED = "cancelled", _("交易取消")

    class Pace(models.TextChoices):
        """Which comes first at the merchant: the browser or the notice."""

        TOGETHER = "together", _("同時")
        NOTICE_FIRST = "notice_first", _("先通知，再返回")
        RETURN_FIRST = "return_first", _("先返回，3 秒後通知")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    merchant = models.CharField(max_length=40)
    trade_no = models.CharField(max_length=20)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=20)
    return_url = models.URLField(max_length=400)
    notify_url = models.URLField(max_length=400)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    pace = models.CharField(max_length=12, choices=Pace, default=Pace.TOGETHER)
    message = models.CharField(max_length=60, blank=True)
    # Of the e-government platform: the account that the payer agreed on, or any; the way, and its fee on top.
    agreed = models.BooleanField(default=False)
    payer = models.CharField(max_length=20, blank=True)  # masked
    way = models.CharField(max_length=10, blank=True)
    fee = models.PositiveIntegerField(default=0)
    # Of an order in ECPay's dialect: its form, and what was given back.
    terms = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "trade_no"], name="a_trade_no_is_used_once")]

    def __str__(self) -> str:
        return self.trade_no

    @property
    def debited(self) -> int:
        """What leaves the payer's account: the amount and the fee of the channel, which the merchant never sees."""
        return self.amount + self.fee

    @property
    def bank_trade_no(self) -> str:
        """The bank's own number."""
        return f"SB{self.created_at:%y%m%d}{self.pk:06}"


class Delivery(models.Model):
    """One event for the merchant, sent until he answers exactly as agreed. `event_id` stays the same on every try."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.CharField(max_length=40, unique=True)
    body = models.TextField()
    visible_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)
    last_answer = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.event_id


class Desk(models.Model):
    """One row: the bank's clock, and the faults that are switched on."""

    days_ahead = models.PositiveSmallIntegerField(default=0)
    faults = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.days_ahead} days ahead"
