"""What stood in the ledger of a day, the day's close 日結, and whether states and sums follow from the ledger (parity)."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from portal.accounts.models import User
from portal.core.append_only import link

from .. import attempts, registry
from ..models import Bill, DayClose, LedgerEvent, Payment, Receipt, Refund
from ..states import BillState, PaymentState, RefundState

Kind = LedgerEvent.Kind
NUMBER: Final = re.compile(r"R(\d+)-(\d{6})")


class ClosedAlready(Exception):
    """The day is closed, or not over yet."""


def sums(first: date, last: date) -> list[list[Any]]:
    """Of money that came or went on those days, by the bank's time in Taipei: [kind, method, count, amount]."""
    grouped = (
        _lines(first, last).values(method=F("payment__method"), of=F("kind")).annotate(count=Count("pk"), amount=Sum("amount"))
    )
    return [[row["of"], row["method"], row["count"], row["amount"]] for row in grouped.order_by("of", "method")]


def rows(first: date, last: date, *, method: str = "") -> Iterator[list[Any]]:
    """Line by line for accounting, below what the columns are called: Taipei's time, words instead of codes."""
    yield ["時間（臺北）", "種類", "金額", "繳費方式", "金流", "交易編號", "金流交易編號", "繳費單號", "說明"]
    lines = _lines(first, last).filter(payment__method=method) if method else _lines(first, last)
    for event in lines.select_related("payment__bill").order_by("at", "pk").iterator(chunk_size=2000):
        paid = event.payment
        assert paid is not None  # noqa: S101  # asked for
        number = attempts.number_of(paid, event.business_key)
        numbers = [paid.get_gateway_display(), paid.reference, number, paid.bill.number]
        at = f"{timezone.localtime(event.at):%Y/%m/%d %H:%M:%S}"
        yield [at, event.get_kind_display(), event.amount, str(paid.method_name), *numbers, event.detail]


def _lines(first: date, last: date) -> QuerySet[LedgerEvent]:
    return LedgerEvent.objects.filter(at__date__range=(first, last), kind__in=attempts.MONEY, payment__isnull=False)


def in_words(found: list[list[Any]]) -> list[tuple[str, str, int, int]]:
    """The same for people: 種類 and 繳費方式 by their names."""
    return [(Kind(kind).label, str(registry.name_of(method)), count, amount) for kind, method, count, amount in found]


def close(day: date, *, by: User, now: datetime) -> DayClose:
    """日結 of a day that is over, once. Raises ClosedAlready."""
    if day >= timezone.localdate(now):
        raise ClosedAlready("今天還沒結束，請於次日起日結")
    try:
        with transaction.atomic():
            return DayClose.objects.create(day=day, closed_by=by, closed_at=now, sums=sums(day, day))
    except IntegrityError:
        raise ClosedAlready("這一天已經日結過") from None


def came_later(closes: Sequence[DayClose]) -> dict[date, int]:
    """By day, how many lines of it were booked after it was closed: all that there are now and its sums do not count."""
    money = LedgerEvent.objects.filter(at__date__in=[close.day for close in closes], kind__in=attempts.MONEY)
    counted = dict(money.order_by().values_list(TruncDate("at")).annotate(Count("pk")))
    return {close.day: counted.get(close.day, 0) - sum(count for _, _, count, _ in close.sums) for close in closes}


def problems() -> Iterator[str]:
    """Where a state, a sum, a number or a digest does not follow from the ledger."""
    yield from _of_payments()
    yield from _of_bills()
    yield from _of_receipts()
    yield from _of_refunds()
    yield from _of_chain()


def _of_payments() -> Iterator[str]:
    lines: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for event in (
        LedgerEvent.objects.filter(payment__isnull=False).only("payment_id", "kind", "business_key", "amount").iterator()
    ):
        lines[event.payment_id or 0].append((event.kind, event.business_key, event.amount))
    with_good_receipt = dict(Receipt.objects.filter(voided_at=None).values_list("payment_id", "number"))
    for payment in Payment.objects.iterator():
        account = attempts.account_of(lines[payment.pk])
        if account.state != (payment.state if payment.state in {PaymentState.CAPTURED, PaymentState.REVERSED} else None):
            yield f"payment {payment.reference}: state {payment.state} does not follow from the ledger"
        if account.balance <= 0 and payment.pk in with_good_receipt:
            yield f"receipt {with_good_receipt[payment.pk]}: nothing is left of its money"
    wrong = LedgerEvent.objects.filter(kind__in=attempts.CAME).exclude(amount=F("payment__amount"))
    for event in wrong.select_related("payment"):
        yield f"payment {event.payment}: the ledger has {event.amount}"


def _of_bills() -> Iterator[str]:
    for bill in Bill.objects.annotate(lines_sum=Sum("lines__amount")).iterator():
        if bill.total != bill.lines_sum:
            yield f"bill {bill.number}: total {bill.total}, lines {bill.lines_sum}"
    settled = {BillState.SETTLED, BillState.REVERSED, BillState.REFUNDED, BillState.LATE_PAID}
    with_money = set(LedgerEvent.objects.filter(kind=Kind.CAPTURED).values_list("payment__bill", flat=True))
    with_receipt = set(Receipt.objects.filter(voided_at=None).values_list("bill", flat=True))
    for pk, number, state in Bill.objects.values_list("pk", "number", "state"):
        if (pk in with_money) != (state in settled):
            yield f"bill {number}: state {state} does not follow from the ledger"
        if (pk in with_receipt) != (state == BillState.SETTLED):
            yield f"bill {number}: state {state} and its receipts do not go together"


def _of_receipts() -> Iterator[str]:
    series: dict[str, list[int]] = defaultdict(list)
    for number in Receipt.objects.order_by("number").values_list("number", flat=True):
        if not (found := NUMBER.fullmatch(number)):
            yield f"receipt {number}: no number of ours"
        else:
            series[found[1]].append(int(found[2]))
    for year, numbers in series.items():
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"receipts of {year}: there are gaps"
    for receipt in Receipt.objects.exclude(amount=F("payment__amount")):
        yield f"receipt {receipt.number}: another amount than its payment"


def _of_refunds() -> Iterator[str]:
    done = {
        f"refund:{uid}": -amount for uid, amount in Refund.objects.filter(state=RefundState.DONE).values_list("uid", "amount")
    }
    booked = dict(LedgerEvent.objects.filter(kind=Kind.REFUNDED).values_list("business_key", "amount"))
    for key in done.keys() | booked.keys():
        if done.get(key) != booked.get(key):
            yield f"{key}: {done.get(key)} paid back, {booked.get(key)} in the ledger"


def _of_chain() -> Iterator[str]:
    """The lines of each attempt follow one another."""
    last: dict[int | None, str] = defaultdict(str)
    for event in LedgerEvent.objects.order_by("pk").iterator():
        if event.chain != link(last[event.payment_id] if event.payment_id else "", event.said()):
            yield f"ledger line {event.pk}: its digest does not fit"
        last[event.payment_id] = event.chain
