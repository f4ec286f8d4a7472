"""The form with which a browser leaves for ECPay: AioCheckOut/V5."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from portal.payments import queries
from portal.payments.gateways import returns
from portal.payments.protocol import NotIssued

if TYPE_CHECKING:
    from portal.payments.models import Bill, Payment

CODE: Final = "ecpay"
ITEMS_MAX: Final = 400
DESCRIPTION: Final = "內政部移民署規費"
# Longest life of a code; what lapses sooner by our own deadline is asked for so.
ACCOUNT_DAYS, STORE_DAYS = 60, 30
# What gives codes to pay with elsewhere; the others are paid on ECPay's own pages.
ACCOUNT, STORE_CODE, STORE_BARCODES = "ATM", "CVS", "BARCODE"
CODES: Final = frozenset({ACCOUNT, STORE_CODE, STORE_BARCODES})
_LANGUAGES: Final = {"en": "ENG", "zh-hans": "CHI"}
# Characters that ECPay reads otherwise, inside of a name.
_NAMES: Final = str.maketrans({"#": "＃", "&": "＆", "<": "＜", ">": "＞", "%": "％"})
_LAST_MINUTE: Final = time(23, 59)


def way(method: str) -> tuple[str, str]:
    """ChoosePayment and ChooseSubPayment of one of our methods, as ECPAY_PAYMENTS has them; empty, where ECPay has none."""
    chosen, _colon, bank = settings.ECPAY_PAYMENTS.get(method, "").partition(":")
    return chosen, bank


def order(payment: "Payment", *, now: datetime) -> dict[str, str]:
    """The fields, unsigned. Raises NotIssued for what ECPay does not take."""
    chosen, bank = way(payment.method)
    if not chosen:
        raise NotIssued(f"ECPay does not carry {payment.method}")
    if not re.fullmatch(r"[A-Za-z0-9]{1,20}", payment.reference):
        raise NotIssued("a reference that is no MerchantTradeNo")
    back = returns.return_url(CODE, payment.reference)
    fields = {
        "MerchantID": settings.ECPAY_MERCHANT_ID,
        "MerchantTradeNo": payment.reference,
        "MerchantTradeDate": f"{timezone.localtime(payment.created_at):%Y/%m/%d %H:%M:%S}",
        "PaymentType": "aio",
        "TotalAmount": str(payment.amount),
        "TradeDesc": DESCRIPTION,
        "ItemName": items(payment.bill),
        "ReturnURL": returns.notify_url(CODE),
        "ChoosePayment": chosen,
        "EncryptType": "1",
        "ClientBackURL": back,
        **({"ChooseSubPayment": bank} if bank else {}),
        **_language(payment),
    }
    return fields | (_codes(payment, chosen, back, now) if chosen in CODES else {"OrderResultURL": back})


def items(bill: "Bill") -> str:
    """ItemName: the lines of the bill, joined with `#`."""
    lines = bill.lines.order_by("case__group_no").values_list("item", "amount")
    return "#".join(f"{item.translate(_NAMES)} {amount} TWD x 1" for item, amount in lines)[:ITEMS_MAX]


def _language(payment: "Payment") -> dict[str, str]:
    known = _LANGUAGES.get(payment.bill.owner.language)
    return {"Language": known} if known else {}


def _codes(payment: "Payment", chosen: str, back: str, now: datetime) -> dict[str, str]:
    """How long the code lives: until our own deadline. After the code is made, the browser comes back to us."""
    until = queries.pay_until(payment.bill, today=timezone.localdate(now))
    return {"PaymentInfoURL": returns.notify_url(CODE), "ClientRedirectURL": back, **_life(chosen, until, now)}


def _life(chosen: str, until: date, now: datetime) -> dict[str, str]:
    """ECPay counts an account and barcodes in days, and a store's code in minutes."""
    if chosen == STORE_CODE:
        end = timezone.make_aware(datetime.combine(until, time.max))
        minutes = min(end - now, timedelta(days=STORE_DAYS)) // timedelta(minutes=1)
        return _if_any("StoreExpireDate", minutes)
    days = (until - timezone.localdate(now)).days
    if chosen == ACCOUNT:
        return _if_any("ExpireDate", min(days, ACCOUNT_DAYS))
    return _if_any("StoreExpireDate", min(days, STORE_DAYS))


def _if_any(name: str, count: int) -> dict[str, str]:
    if count < 1:
        raise NotIssued("no code would lapse in time")
    return {name: str(count)}


def last_day(written: str) -> date:
    """The last whole day of an ExpireDate. Raises ValueError."""
    if len(written) <= len("2026/11/30"):
        return datetime.strptime(written, "%Y/%m/%d").date()  # noqa: DTZ007 -- a day in Taipei
    end = datetime.strptime(written, "%Y/%m/%d %H:%M:%S")  # noqa: DTZ007
    return end.date() if end.time() >= _LAST_MINUTE else end.date() - timedelta(days=1)
