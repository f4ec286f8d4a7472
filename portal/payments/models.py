"""Money. Only `ledger`, `operations` and `deadlines` write these rows; states are caches of the ledger."""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.functional import cached_property

from portal.core.categories import StrOrPromise
from portal.core.files import private_storage

from . import registry
from .protocol import Slip
from .states import LIVE, WAITS_FOR_CASHIERS, BillState, PaymentState, RefundState


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
    cancelled_at = models.DateTimeField("取消時間", null=True, blank=True)

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

    @property
    def shown_item(self) -> StrOrPromise:
        """項目 in the reader's language; as it stands on the bill, if the kind calls it otherwise by now."""
        item = self.case.kind.fee(self.case.answers).item
        with translation.override(settings.LANGUAGE_CODE):
            is_same = str(item) == self.item
        return item if is_same else self.item


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
    # Of a slip: what is printed, the number that a counter reports (銷帳編號), the last day, and the paper as first printed.
    codes = models.JSONField("繳費代碼", default=dict, blank=True)
    slip_number = models.CharField("銷帳編號", max_length=32, unique=True, null=True, blank=True)
    pay_until = models.DateField("繳費單期限", null=True, blank=True)
    slip_file = models.FileField("繳費單檔案", storage=private_storage, max_length=200, blank=True)
    slip_sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField("建立時間", auto_now_add=True)
    asked_at = models.DateTimeField("查詢時間", null=True, blank=True)
    captured_at = models.DateTimeField("繳費時間", null=True, blank=True)

    # Of its last line, where `ledger` has read it under the lock of this row, for as long as that is held.
    chain_end: str | None = None

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
    def slip(self) -> Slip | None:
        """繳費單, once its codes were issued."""
        return Slip(self.codes, self.pay_until, self.slip_number or "") if self.codes and self.pay_until else None

    def is_past(self, today: date) -> bool:
        """Whether the last day of its slip is over: nobody is to pay it any more, but what was paid in time may be on its way."""
        return self.pay_until is not None and self.pay_until < today

    @cached_property
    def receipt(self) -> "Receipt | None":
        """收據 over its money, unless it was voided."""
        return self.receipts.filter(voided_at=None).first()

    @property
    def method_name(self) -> StrOrPromise:
        """繳費方式 in words."""
        return registry.name_of(self.method)

    def get_gateway_display(self) -> str:
        """金流 in words."""
        return registry.gateway_name(self.gateway)

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

    `business_key` makes a repeated notice one event. `chain` is a digest of the line and of the one before it of the same
    attempt: `manage.py verify_ledger` finds what was edited behind the database's back.
    """

    class Kind(models.TextChoices):
        CAPTURED = "captured", "入帳"
        FAILED = "failed", "失敗"
        REVERSED = "reversed", "沖正"
        REFUNDED = "refunded", "退費"
        OVERPAID = "overpaid", "溢繳"
        MISMATCH = "mismatch", "不符"

    at = models.DateTimeField("時間")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="events", verbose_name="繳費紀錄")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="events")
    amount = models.IntegerField("金額")
    business_key = models.CharField("事件編號", max_length=200, unique=True)
    detail = models.CharField("說明", max_length=200, blank=True)
    chain = models.CharField(max_length=64, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "帳務紀錄"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def named(self) -> str:
        """金流 and 交易編號 that a message named which is about no attempt of ours."""
        gateway, _colon, rest = self.business_key.partition(":")
        return f"{gateway} {rest.partition(':')[0]}"

    def said(self) -> dict[str, Any]:
        """All that the line says, for its digest."""
        names = ("at", "kind", "payment_id", "notice_id", "amount", "business_key", "detail")
        return {name: getattr(self, name) for name in names}


class Receipt(models.Model):
    """收據: created in the transaction of the captured money; numbers are gapless per year; voided, never deleted.

    Of one that was voided another may take the place, over other money for the same bill.
    """

    number = models.CharField("收據號碼", max_length=16, unique=True)
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="receipts", verbose_name="繳費單")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="receipts")
    amount = models.PositiveIntegerField("金額")
    issued_at = models.DateTimeField("開立時間")
    available_on = models.DateField("可下載日")
    voided_at = models.DateTimeField("作廢時間", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "收據"
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(fields=["bill"], condition=models.Q(voided_at=None), name="one_good_receipt_per_bill")
        ]

    def __str__(self) -> str:
        return self.number

    def is_available(self, today: date) -> bool:
        """Whether it can be downloaded by then: some methods' money is there days later."""
        return self.available_on <= today


class ReviewItem(models.Model):
    """What a cashier has to look at: overpaid, late, differing or reversed. One for each such line of the ledger."""

    event = models.OneToOneField(LedgerEvent, on_delete=models.PROTECT, related_name="review_item", verbose_name="帳務紀錄")
    opened_at = models.DateTimeField("建立時間", auto_now_add=True)
    closed_at = models.DateTimeField("處理時間", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="處理者"
    )
    note = models.CharField("處理情形", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "待處理款項"
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.event)


class Refund(models.Model):
    """退費: asked for by one cashier, approved by another. Where the channel cannot, a person pays back, with evidence."""

    State = RefundState

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name="繳費紀錄")
    amount = models.PositiveIntegerField("退費金額")
    reason = models.CharField("退費原因", max_length=200)
    state = models.CharField("狀態", max_length=10, choices=RefundState, default=RefundState.REQUESTED)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申請者")
    requested_at = models.DateTimeField("申請時間")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="核准者"
    )
    decided_at = models.DateTimeField("核准時間", null=True)
    done_at = models.DateTimeField("完成時間", null=True)
    evidence = models.CharField("憑證", max_length=200, blank=True)
    message = models.CharField("金流訊息", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "退費"
        ordering = ["-requested_at", "-id"]
        default_permissions = ()
        permissions = [("add_refund", "申請退費"), ("approve_refund", "核准退費")]

    def __str__(self) -> str:
        return f"{self.payment} {self.amount}"

    @property
    def money_is_gone(self) -> bool:
        """沖正: there is nothing to pay back any more of a refund that waits."""
        return self.state in WAITS_FOR_CASHIERS and self.payment.state != PaymentState.CAPTURED


class SettlementFile(models.Model):
    """對帳檔: a gateway's own list of what it settled. The same file twice is one file."""

    gateway = models.SlugField("金流", max_length=20)
    name = models.CharField("檔名", max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    first_day = models.DateField("起日", null=True)
    last_day = models.DateField("迄日", null=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="匯入者")
    imported_at = models.DateTimeField("匯入時間")

    class Meta:
        verbose_name = verbose_name_plural = "對帳檔"
        ordering = ["-imported_at", "-id"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return self.name

    def get_gateway_display(self) -> str:
        """金流 in words."""
        return registry.gateway_name(self.gateway)


class SettlementRow(models.Model):
    """One line of a settlement file, and how it compares with ours."""

    class Result(models.TextChoices):
        PENDING = "pending", "待比對"
        MATCHED = "matched", "相符"
        BOOKED = "booked", "補入帳"
        AMOUNT_DIFFERS = "amount", "金額不符"
        ONLY_THEIRS = "theirs", "僅金流有"
        DUPLICATE = "duplicate", "重複"

    file = models.ForeignKey(SettlementFile, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("行")
    reference = models.CharField("交易編號", max_length=32)
    gateway_reference = models.CharField("金流交易編號", max_length=64, blank=True)
    amount = models.IntegerField("金額")
    paid_at = models.DateTimeField("繳費時間")
    result = models.CharField("結果", max_length=10, choices=Result)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="settlement_rows")

    class Meta:
        ordering = ["file", "line"]
        constraints = [models.UniqueConstraint(fields=["file", "line"], name="one_row_per_line")]
        # Each line of a file asks whether another one has reported the same.
        indexes = [models.Index(fields=["reference", "gateway_reference"], name="settled_by_number")]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"


class DayClose(models.Model):
    """日結: what stood in the ledger of a day when a cashier closed it; `sums` are [kind, method, count, amount]."""

    day = models.DateField("日期", unique=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="日結者")
    closed_at = models.DateTimeField("日結時間")
    sums = models.JSONField()

    class Meta:
        verbose_name = verbose_name_plural = "日結"
        ordering = ["-day"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return str(self.day)
