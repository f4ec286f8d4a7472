"""Reading money."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, QuerySet

from portal.accounts.models import User
from portal.cases import queries as cases
from portal.cases.models import Case
from portal.cases.states import Status
from portal.office_calendar import queries as office_calendar

from .models import Bill, Payment, Receipt
from .states import LIVE, BillState


def bills_of(user: User) -> QuerySet[Bill]:
    """A student's own bills."""
    return Bill.objects.filter(owner=user, category=user.category)


def is_payable(bill: Bill, *, today: date) -> bool:
    """Whether the student may begin to pay it: it waits for its money, and no deadline has passed."""
    return waits_for_money(bill) and not is_overdue(bill, today=today)


def is_overdue(bill: Bill, *, today: date) -> bool:
    """Whether it waits for the money of a case whose 繳費期限 has passed. Money paid in time is booked all the same."""
    return bill.state == BillState.OPEN and are_overdue(bill.lines.values_list("case_id", flat=True), today=today)


def are_overdue(numbers: Iterable[int], *, today: date) -> bool:
    """Whether the 繳費期限 of one of the cases with these primary keys has passed."""
    return cases.overdue([Status.AWAITING_PAYMENT], today, office_calendar.current()).filter(pk__in=numbers).exists()


def waits_for_money(bill: Bill) -> bool:
    """Whether the bill is open and each of its cases still waits for its fee."""
    return bill.state == BillState.OPEN and not bill.lines.exclude(case__status=Status.AWAITING_PAYMENT).exists()


def live_attempt(bill: Bill) -> Payment | None:
    """The attempt that may still end in either way; there is at most one."""
    return bill.payments.filter(state__in=LIVE).first()


def deciding_attempt(bill: Bill) -> Payment | None:
    """The attempt that 交易結果頁 tells of: the one with the receipt, or else the latest."""
    return bill.payments.order_by(F("receipt__id").desc(nulls_last=True), "-id").select_related("receipt").first()


def receipt_of(case: Case) -> Receipt | None:
    """The receipt on which the case stands, unless it was voided."""
    return Receipt.objects.filter(bill__lines__case=case, bill__lines__live=True, voided_at=None).first()


def paid_cases(user: User) -> QuerySet[Case]:
    """已繳費案件: a student's cases with a receipt, each with `receipt_number`, `paid_at` and `receipt_available_on`."""
    receipts = "bill_lines__bill__receipts"
    return Case.objects.filter(
        owner=user,
        category=user.category,
        bill_lines__live=True,
        **{f"{receipts}__isnull": False, f"{receipts}__voided_at": None},
    ).annotate(
        receipt_number=F(f"{receipts}__number"),
        paid_at=F(f"{receipts}__issued_at"),
        receipt_available_on=F(f"{receipts}__available_on"),
    )
