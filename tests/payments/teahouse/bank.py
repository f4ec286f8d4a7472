"""Its gateway: codes that are issued by asking, messages that are signed forms."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl, urlencode

from portal.payments.gateways.base import BaseGateway
from portal.payments.protocol import (
    NOTHING_SAID,
    Answer,
    GatewayStatus,
    NotIssued,
    Outcome,
    Raw,
    Refused,
    Slip,
    Start,
    Statement,
    Unavailable,
)

if TYPE_CHECKING:
    from portal.payments.models import Payment

KEY, FORM = b"a key of the teahouse", "application/x-www-form-urlencoded"


class Teabank(BaseGateway):
    """What stands behind the counter; a test decides how it behaves."""

    code = "bank"
    merchant = "student-permits"
    demo_only = False
    trouble: ClassVar[type[Exception] | None] = None
    asked: ClassVar[list[str]] = []

    def hand_over(self, payment: "Payment", said: Mapping[str, str] = NOTHING_SAID) -> Start:
        """The same code, however often it is asked for."""
        self.asked.append(payment.reference)
        if self.trouble in {Unavailable, NotIssued}:
            raise self.trouble
        return Slip({"code": f"TEA{payment.pk}"}, date(2026, 12, 1))

    def read(self, raw: Raw) -> Statement:
        """The whole message is signed, and says when it was paid."""
        if raw.headers.get("Content-Type") != FORM:
            raise Refused("content type")
        if not hmac.compare_digest(sign(raw.body), raw.headers.get("X-Tea-Signature", "")):
            raise Refused("wrong signature")
        form = dict(parse_qsl(raw.body.decode()))
        if form["said"] not in set(GatewayStatus):
            raise Refused("unknown word")
        return Statement(
            GatewayStatus(form["said"]),
            form["merchant"],
            form["reference"],
            int(form["amount"]),
            "TWD",
            datetime.fromisoformat(form["paid_at"]),
            f"TEA{form['reference']}",
        )

    def ask(self, payment: "Payment", now: datetime) -> Raw:
        if self.trouble is Unavailable:
            raise Unavailable
        return message(payment, GatewayStatus.PENDING, now)

    def read_answer(self, raw: Raw) -> Statement:
        return self.read(raw)

    def answer(self, outcome: Outcome) -> Answer:
        return Answer(400 if outcome is Outcome.REFUSED else 200, b"TEA")


def message(payment: "Payment", said: str, now: datetime, *, amount: int | None = None, merchant: str | None = None) -> Raw:
    """What the teahouse says of an attempt."""
    fields = {
        "said": said,
        "merchant": merchant or Teabank.merchant,
        "reference": payment.reference,
        "amount": payment.amount if amount is None else amount,
        "paid_at": "2026-11-23T10:35:12+08:00",
    }
    body = urlencode(fields).encode()
    return Raw({"X-Tea-Signature": sign(body), "Content-Type": FORM}, body, now)


def sign(body: bytes) -> str:
    return hmac.new(KEY, body, hashlib.sha256).hexdigest()


gateway = Teabank()
