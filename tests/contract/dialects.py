"""How each gateway's own side makes its messages. A new gateway adds one `Dialect` to `GATEWAYS`.

A message says what its attempt says, and that it was paid `PAID_AT`. What a gateway refuses, it refuses with one of these in its
words, for the log: "wrong signature", "content type", "unknown" (of a word that it does not know).
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from portal.payments import registry
from portal.payments.gateways import signature
from portal.payments.models import Payment
from portal.payments.protocol import GatewayStatus, Outcome, Raw
from tests.factories import ecpay
from tests.factories import payments as make
from tests.factories.cases import NOW
from tests.payments.teahouse import bank as tea

PAID_AT = dt.datetime(2026, 11, 23, 2, 35, 12, tzinfo=dt.UTC)
_SAMPLE = Payment(reference="P1", amount=1)


@dataclass(frozen=True)
class Dialect:
    """A gateway's messages, and what they mean. `name` is the gateway's in PAYMENT_METHODS: its code, or where it stands."""

    name: str
    # A notice that an attempt is paid; `amount` and `merchant` may differ.
    notice: Callable[..., Raw]
    # The answer to a question, with one of `statuses`.
    answer: Callable[[Payment, str], Raw]
    # The same message with that field changed, or without its signature.
    tampered: Callable[[Raw, str], Raw]
    unsigned: Callable[[Raw], Raw]
    fields: tuple[str, ...]
    answers: Mapping[Outcome, tuple[int, bytes]]
    statuses: Mapping[str, GatewayStatus]

    @property
    def code(self) -> str:
        return registry.code_of(self.name)


def _json_answer(payment: Payment, status: str) -> Raw:
    body = make.dump(make.event(payment, status=status))
    return Raw(make.signed(body), body, NOW)


def _json_tampered(raw: Raw, name: str) -> Raw:
    data = json.loads(raw.body)
    data[name] = data[name] + 1 if isinstance(data[name], int) else f"{data[name]}x"
    return replace(raw, body=make.dump(data))


SANDBANK = Dialect(
    name="sandbank",
    notice=make.raw,
    answer=_json_answer,
    tampered=_json_tampered,
    unsigned=lambda raw: replace(raw, headers={name: text for name, text in raw.headers.items() if name != signature.HEADER}),
    fields=tuple(make.event(_SAMPLE)),
    answers={
        Outcome.REFUSED: (400, b"REFUSED"),
        Outcome.UNKNOWN_REFERENCE: (404, b"UNKNOWN"),
        **dict.fromkeys(set(Outcome) - {Outcome.REFUSED, Outcome.UNKNOWN_REFERENCE}, (200, b"OK")),
    },
    statuses={
        "paid": GatewayStatus.PAID,
        "failed": GatewayStatus.FAILED,
        "cancelled": GatewayStatus.CANCELLED,
        "expired": GatewayStatus.EXPIRED,
        "open": GatewayStatus.PENDING,
        "processing": GatewayStatus.PENDING,
        "not_found": GatewayStatus.NOT_FOUND,
        "reversed": GatewayStatus.REVERSED,
    },
)


def _form_notice(payment: Payment, *, amount: int | None = None, merchant: str | None = None) -> Raw:
    changes: dict[str, Any] = {"TradeAmt": amount, "MerchantID": merchant}
    return ecpay.raw(ecpay.notice(payment, **{name: value for name, value in changes.items() if value is not None}))


def _form_tampered(raw: Raw, name: str) -> Raw:
    fields = ecpay.fields_of(raw)
    return ecpay.unsigned({**fields, name: f"{fields[name]}1"})


ECPAY = Dialect(
    name="ecpay",
    notice=_form_notice,
    answer=lambda payment, status: ecpay.raw(ecpay.trade(payment, TradeStatus=status)),
    tampered=_form_tampered,
    unsigned=lambda raw: ecpay.unsigned({name: text for name, text in ecpay.fields_of(raw).items() if name != "CheckMacValue"}),
    fields=(*ecpay.notice(_SAMPLE), "CheckMacValue"),
    answers={
        Outcome.REFUSED: (400, b"0|Refused"),
        Outcome.UNKNOWN_REFERENCE: (404, b"0|Unknown"),
        **dict.fromkeys(set(Outcome) - {Outcome.REFUSED, Outcome.UNKNOWN_REFERENCE}, (200, b"1|OK")),
    },
    statuses={
        "0": GatewayStatus.PENDING,
        "1": GatewayStatus.PAID,
        "10200047": GatewayStatus.NOT_FOUND,
        "10200095": GatewayStatus.FAILED,
    },
)


def _tea_tampered(raw: Raw, name: str) -> Raw:
    fields = dict(parse_qsl(raw.body.decode()))
    return replace(raw, body=urlencode({**fields, name: f"{fields[name]}1"}).encode())


# Of another package: docs/add-a-payment-method.md.
TEABANK = Dialect(
    name="tests.payments.teahouse.bank",
    notice=lambda payment, **changes: tea.message(payment, GatewayStatus.PAID, NOW, **changes),
    answer=lambda payment, status: tea.message(payment, status, NOW),
    tampered=_tea_tampered,
    unsigned=lambda raw: replace(raw, headers={"Content-Type": raw.headers["Content-Type"]}),
    fields=("said", "merchant", "reference", "amount", "paid_at"),
    answers={Outcome.REFUSED: (400, b"TEA"), **dict.fromkeys(set(Outcome) - {Outcome.REFUSED}, (200, b"TEA"))},
    statuses={said.value: said for said in GatewayStatus},
)
GATEWAYS = [SANDBANK, ECPAY, TEABANK]
