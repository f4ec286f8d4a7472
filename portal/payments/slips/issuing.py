"""Codes that we make ourselves, as the payee of a collection contract 代收, for gateways that need not be asked for them."""

from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from portal.core.serials import next_serial
from portal.fields.dates import roc_year
from portal.payments import queries
from portal.payments.protocol import NotIssued, Slip

from .store_barcodes import barcodes

if TYPE_CHECKING:
    from portal.payments.models import Payment

LAST: Final = 999_999


def virtual_account(payment: "Payment", *, now: datetime) -> Slip:
    """虛擬帳號: the amount is inside its check digit. Raises NotIssued."""
    account = _account(payment, now)
    return Slip({"account": account}, queries.pay_until(payment.bill, today=timezone.localdate(now)), number=account)


def store(payment: "Payment", *, now: datetime) -> Slip:
    """三段條碼 of the convenience stores; the second is the virtual account. Raises NotIssued."""
    account, pay_until = _account(payment, now), queries.pay_until(payment.bill, today=timezone.localdate(now))
    written = barcodes(pay_until=pay_until, item_code=settings.STORE_ITEM_CODE, number=account, amount=payment.amount)
    return Slip({f"barcode_{place}": text for place, text in enumerate(written, start=1)}, pay_until, number=account)


def _account(payment: "Payment", now: datetime) -> str:
    scheme = import_string(settings.VIRTUAL_ACCOUNT_SCHEME)
    return cast(str, scheme(settings.COLLECTION_CODE, _next_number(now), payment.amount))


@transaction.atomic
def _next_number(now: datetime) -> str:
    """自訂編號: ROC year and a serial, never used twice. A number that nobody used in the end is no harm."""
    year = roc_year(timezone.localdate(now))
    serial = next_serial(f"slip:{year}")
    if serial > LAST:
        raise NotIssued(f"the numbers of the year {year} are used up")
    return f"{year:03d}{serial:06d}"
