"""What ECPay says: forms, each with its CheckMacValue. No network here."""

import re
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from django.conf import settings
from django.utils import timezone

from portal.payments.protocol import GatewayStatus, Raw, Refused, Slip, Statement

from . import contract, orders

CURRENCY: Final = "TWD"
FIELDS_MAX: Final = 100
# Kept with an answer: the reference that we asked about.
ASKED_ABOUT: Final = "Asked-About"
# 取號成功: of a virtual account, and of a store. Neither is a payment.
CODE_READY: Final = frozenset({"2", "10100073"})
PAID: Final = "1"
# 交易付款結果待確認中: not yet, and not failed either.
UNDECIDED: Final = "10300066"
TRADE_STATUSES: Final = {
    "0": GatewayStatus.PENDING,
    "1": GatewayStatus.PAID,
    "10200047": GatewayStatus.NOT_FOUND,
    "10200095": GatewayStatus.FAILED,
}
BANK_OF_TAIWAN: Final = "004"
_DATE: Final = "%Y/%m/%d %H:%M:%S"


def notice(raw: Raw) -> Statement:
    """付款結果通知 or 取號結果通知. Raises Refused."""
    if raw.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise Refused("wrong content type")
    fields = verified(raw)
    said = _said(fields)
    simulated = _is_simulated(fields)
    if simulated and not settings.DEMO:
        said = GatewayStatus.PENDING
    return _statement(fields, said, raw, simulated=simulated)


def answer(raw: Raw) -> Statement:
    """查詢訂單 (QueryTradeInfo), or 查詢取號結果 (QueryPaymentInfo), which has no TradeStatus. Raises Refused."""
    fields = verified(raw)
    if "TradeStatus" not in fields:
        if not has_code(fields):
            raise Refused("no answer about a code")
        return _statement(fields, GatewayStatus.CODE_ISSUED, raw)
    said = TRADE_STATUSES.get(fields["TradeStatus"])
    if said is None:
        raise Refused("unknown TradeStatus")
    return _not_found(fields, raw) if said is GatewayStatus.NOT_FOUND else _statement(fields, said, raw)


def _not_found(fields: dict[str, str], raw: Raw) -> Statement:
    """Of an order that ECPay has never seen it may repeat nothing, not even the number that was asked about."""
    reference = fields.get("MerchantTradeNo") or raw.headers.get(ASKED_ABOUT, "")
    return Statement(GatewayStatus.NOT_FOUND, settings.ECPAY_MERCHANT_ID, reference, 0, CURRENCY, raw.received_at)


def has_code(fields: dict[str, str]) -> bool:
    """Whether a code was made."""
    return fields.get("RtnCode") in CODE_READY


def verified(raw: Raw) -> dict[str, str]:
    """The fields, each once, that our keys have signed. Raises Refused."""
    fields = parsed(raw.body)
    contract.verify(fields)
    return fields


def parsed(body: bytes) -> dict[str, str]:
    """The fields of a form, each once. Raises Refused."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError as error:  # not UTF-8, or not a form
        raise Refused("not a form") from error
    if len({name for name, _ in pairs}) != len(pairs):
        raise Refused("repeated key")
    return dict(pairs)


def _said(fields: dict[str, str]) -> GatewayStatus:
    code = _text(fields, "RtnCode", r"0|[1-9][0-9]{0,9}")
    if code == PAID:
        return GatewayStatus.PAID
    if code in CODE_READY:
        return GatewayStatus.CODE_ISSUED
    return GatewayStatus.PENDING if code == UNDECIDED else GatewayStatus.FAILED


def _is_simulated(fields: dict[str, str]) -> bool:
    """模擬付款: somebody has pressed a button at ECPay, and no money has moved."""
    return _text(fields, "SimulatePaid", r"[01]?") == "1"


def _statement(fields: dict[str, str], said: GatewayStatus, raw: Raw, *, simulated: bool = False) -> Statement:
    number = _text(fields, "TradeNo", r"[A-Za-z0-9]{1,20}" if said is GatewayStatus.PAID else r"[A-Za-z0-9]{0,20}")
    return Statement(
        said=said,
        merchant=_text(fields, "MerchantID", r"[A-Za-z0-9]{1,10}"),
        reference=_text(fields, "MerchantTradeNo", r"[A-Za-z0-9]{1,20}"),
        amount=int(_text(fields, "TradeAmt", r"[0-9]{1,9}")),
        currency=CURRENCY,
        occurred_at=_moment(fields, said, raw),
        # The business key is TradeNo, RtnCode and SimulatePaid: money that comes after a simulation is another event.
        gateway_reference=f"{number}-simulated" if simulated else number,
        message=_message(fields) if said is GatewayStatus.FAILED else "",
        slip=_slip(fields) if said is GatewayStatus.CODE_ISSUED else None,
    )


def _text(fields: dict[str, str], name: str, form: str) -> str:
    value = fields.get(name, "")
    if not re.fullmatch(form, value, re.ASCII):
        raise Refused(f"{name} is missing or malformed")
    return value


def _message(fields: dict[str, str]) -> str:
    return "".join(filter(str.isprintable, fields.get("RtnMsg", "")))[:200]


def _moment(fields: dict[str, str], said: GatewayStatus, raw: Raw) -> datetime:
    """Taipei's time without an offset. Money needs its PaymentDate; anything else may go by the order's."""
    names = ["PaymentDate"] if said is GatewayStatus.PAID else ["PaymentDate", "TradeDate"]
    written = next((fields[name] for name in names if fields.get(name)), "")
    if not written and said is not GatewayStatus.PAID:
        return raw.received_at
    try:
        return timezone.make_aware(datetime.strptime(written, _DATE))  # noqa: DTZ007 -- made aware right here
    except ValueError as error:
        raise Refused(f"{names[0]} is malformed") from error


def _slip(fields: dict[str, str]) -> Slip | None:
    """The codes, if this message carries them; a payment notice of a code may say only that there is one."""
    codes = _account(fields) or _barcodes(fields) or _store_code(fields)
    if not codes:
        return None
    try:
        return Slip(codes, orders.last_day(fields.get("ExpireDate", "")))
    except ValueError as error:
        raise Refused("ExpireDate is malformed") from error


def _account(fields: dict[str, str]) -> dict[str, str]:
    """A virtual account; one of the Bank of Taiwan has a paper of ours, another is shown with its bank's code."""
    if not fields.get("vAccount"):
        return {}
    account, bank = _text(fields, "vAccount", r"[0-9]{1,16}"), _text(fields, "BankCode", r"[0-9]{3}")
    return {"account": account} if bank == BANK_OF_TAIWAN else {"code": f"({bank}) {account}"}


def _barcodes(fields: dict[str, str]) -> dict[str, str]:
    if not fields.get("Barcode1"):
        return {}
    return {f"barcode_{place}": _text(fields, f"Barcode{place}", r"[0-9A-Z]{1,20}") for place in (1, 2, 3)}


def _store_code(fields: dict[str, str]) -> dict[str, str]:
    return {"code": _text(fields, "PaymentNo", r"[A-Za-z0-9]{1,20}")} if fields.get("PaymentNo") else {}
