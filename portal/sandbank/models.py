"""The bank's own books. Card numbers are never among them."""

import uuid

from django.db import models


class Order(models.Model):
    """What a merchant asked the bank to collect."""

    class State(models.TextChoices):
        OPEN = "open", "等待輸入卡號"
        CHALLENGE = "challenge", "等待 3D 驗證"
        PAID = "paid", "交易成功"
        FAILED = "failed", "交易失敗"
        CANCELLED = "cancelled", "交易取消"

    class Pace(models.TextChoices):
        """Which comes first at the merchant: the browser or the notice."""

        TOGETHER = "together", "同時"
        NOTICE_FIRST = "notice_first", "先通知，再返回"
        RETURN_FIRST = "return_first", "先返回，3 秒後通知"

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
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant", "trade_no"], name="a_trade_no_is_used_once")]

    def __str__(self) -> str:
        return self.trade_no

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
