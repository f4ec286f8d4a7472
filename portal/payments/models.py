"""Money. Only `ledger`, `operations` and `deadlines` write these rows; states are caches of the ledger."""

import uuid

from django.conf import settings
from django.db import models

from portal.core.categories import StrOrPromise

from . import registry
from .states import LIVE, BillState, PaymentState


class Bill(models.Model):
    """繳費單: what a student pays in one go. A case stands on one live bill."""

    State = BillState

    number = models.CharField("繳費單號", max_length=16, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bills")
    category = models.SlugField(max_length=40)
    total = models.PositiveIntegerField("總金額")
    state = models.CharField("狀態", max_length=10, choices=BillState, default=BillState.OPEN)
    created_at = models.DateTimeField("開立時間", auto_now_add=True)
    settled_at = models.DateTimeField("繳清時間", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "繳費單"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.number


class BillLine(models.Model):
    """One case on a bill. `live` until the bill is cancelled or expires."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey("portal_cases.Case", on_delete=models.PROTECT, related_name="bill_lines")
    item = models.CharField("項目", max_length=60)
    amount = models.PositiveIntegerField("金額")
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=models.Q(live=True), name="a_case_stands_on_one_live_bill")
        ]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.item}"


class Payment(models.Model):
    """One attempt. Its reference is unique for ever; each try is a new attempt."""

    State = PaymentState

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments", verbose_name="繳費單")
    reference = models.CharField("交易編號", max_length=20, unique=True)
    method = models.SlugField("繳費方式", max_length=20)
    gateway = models.SlugField("金流", max_length=20)
    amount = models.PositiveIntegerField("金額")
    state = models.CharField("狀態", max_length=12, choices=PaymentState, default=PaymentState.CREATED)
    gateway_reference = models.CharField("金流交易編號", max_length=64, blank=True)
    message = models.CharField("金流訊息", max_length=200, blank=True)
    created_at = models.DateTimeField("建立時間", auto_now_add=True)
    asked_at = models.DateTimeField("查詢時間", null=True, blank=True)
    captured_at = models.DateTimeField("入帳時間", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "繳費紀錄"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["bill"],
                condition=models.Q(state__in=sorted(state.value for state in LIVE)),
                name="one_live_attempt_per_bill",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_live(self) -> bool:
        """Whether it may still end in either way."""
        return self.state in LIVE

    @property
    def method_name(self) -> StrOrPromise:
        """繳費方式 in words."""
        return registry.name_of(self.method)

    def get_method_display(self) -> StrOrPromise:
        """The same, by the name under which the admin asks for it."""
        return self.method_name


class Notice(models.Model):
    """Every message a gateway sent, raw, stored before it is read."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gateway = models.SlugField(max_length=20)
    received_at = models.DateTimeField(auto_now_add=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    verified = models.BooleanField(default=False)
    outcome = models.CharField(max_length=40, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.gateway} {self.received_at:%Y-%m-%d %H:%M:%S}"


class LedgerEvent(models.Model):
    """Append-only: what happened to money. The database refuses UPDATE and DELETE.

    `business_key` makes a repeated notice one event.
    """

    class Kind(models.TextChoices):
        CAPTURED = "captured", "入帳"
        FAILED = "failed", "失敗"
        REVERSED = "reversed", "沖正"
        OVERPAID = "overpaid", "溢繳"
        MISMATCH = "mismatch", "不符"

    at = models.DateTimeField("時間")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="events", verbose_name="繳費紀錄")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="events")
    amount = models.IntegerField("金額")
    business_key = models.CharField("事件編號", max_length=200, unique=True)
    detail = models.CharField("說明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "帳務紀錄"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


class Receipt(models.Model):
    """收據: created in the transaction of the captured money; numbers are gapless per year; voided, never deleted."""

    number = models.CharField("收據號碼", max_length=16, unique=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="receipts", verbose_name="繳費單")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    amount = models.PositiveIntegerField("金額")
    issued_at = models.DateTimeField("開立時間")
    available_on = models.DateField("可下載日")
    voided_at = models.DateTimeField("作廢時間", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收據"
        ordering = ["-issued_at"]

    def __str__(self) -> str:
        return self.number
