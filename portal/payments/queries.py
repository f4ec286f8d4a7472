"""Reading money."""

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum

from portal.accounts.models import User
from portal.cases import queries as cases
from portal.cases.models import Case
from portal.cases.states import Status
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.periods import last_day

from .models import Bill, BillLine, LedgerEvent, Payment, Receipt
from .states import LIVE, BillState, PaymentState


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


def pay_until(bill: Bill, *, today: date) -> date:
    """The last day on which the bill can be paid: the first 繳費期限 of its cases that ends; today, where there is none."""
    deadlines = [line.case.deadline for line in bill.lines.filter(live=True).select_related("case")]
    return last_day(min((day for day in deadlines if day), default=today), office_calendar.current())


def waits_for_money(bill: Bill, lines: Iterable[BillLine] | None = None) -> bool:
    """Whether the bill is open and each of its cases still waits for its fee; `lines` with their cases, where they are read."""
    if bill.state != BillState.OPEN:
        return False
    if lines is None:
        return not bill.lines.exclude(case__status=Status.AWAITING_PAYMENT).exists()
    return all(line.case.status == Status.AWAITING_PAYMENT for line in lines)


def live_attempt(bill: Bill) -> Payment | None:
    """The attempt that may still end in either way; there is at most one."""
    return bill.payments.filter(state__in=LIVE).first()


def deciding_attempt(bill: Bill) -> Payment | None:
    """The attempt that 交易結果頁 tells of: the one with the receipt, or else the latest."""
    receipts = Receipt.objects.filter(payment=OuterRef("pk"))
    found = bill.payments.annotate(is_good=Exists(receipts.filter(voided_at=None)), was_good=Exists(receipts))
    return found.order_by("-is_good", "-was_good", "-id").first()


def slips_of(user: User) -> QuerySet[Payment]:
    """A student's slips of which the money may still come, each with its bill; the day of some is over (`Payment.is_past`)."""
    issued = Payment.objects.filter(bill__in=bills_of(user), bill__state=BillState.OPEN, state=PaymentState.CODE_ISSUED)
    return issued.select_related("bill").order_by("pay_until", "pk")


def returned(payment: Payment) -> int:
    """How much of what was paid was paid back (退費)."""
    back = payment.events.filter(kind=LedgerEvent.Kind.REFUNDED).aggregate(sum=Sum("amount"))["sum"]
    return -int(back or 0)


def with_money(found: QuerySet[Case]) -> QuerySet[Case]:
    """Those cases, as a student reads of their money. `is_blocked`: completed, but the bank took the fee back. `went_back`:
    what became of all of a completed case's money, REVERSED or REFUNDED, or None.
    """
    lines = BillLine.objects.filter(case=OuterRef("pk"), case__status=Status.COMPLETED, live=True)
    gone = lines.filter(bill__state__in=[BillState.REVERSED, BillState.REFUNDED])
    known = {
        "is_blocked": Exists(lines.filter(bill__state=BillState.REVERSED)),
        "went_back": Subquery(gone.values("bill__state")[:1]),
    }
    return found.annotate(**known)


def is_reversed(case: Case) -> bool:
    """Whether the money for the case was taken back by the bank: its permit is blocked until a cashier has looked."""
    return reversed_cases().filter(pk=case.pk).exists()


def reversed_cases() -> QuerySet[Case]:
    """The cases of which the money was taken back."""
    return Case.objects.filter(bill_lines__live=True, bill_lines__bill__state=BillState.REVERSED)


def printable_slip(bill: Bill) -> Payment | None:
    """The attempt whose 繳費單 may be printed: one that can still be paid, or was; never one that was given up."""
    good = bill.payments.filter(state__in=[PaymentState.CODE_ISSUED, PaymentState.CAPTURED], pay_until__isnull=False)
    payment = good.order_by("-id").first()
    return payment if payment and payment.slip and payment.slip.has_paper else None


def receipt_of(case: Case) -> Receipt | None:
    """The receipt on which the case stands, unless it was voided."""
    return Receipt.objects.filter(bill__lines__case=case, bill__lines__live=True, voided_at=None).first()


def paid_at() -> Subquery:
    """繳費日期 of each case in a query of cases: the bank's time, by the receipt on which it stands or stood."""
    receipts = Receipt.objects.filter(bill__lines__case=OuterRef("pk"), bill__lines__live=True)
    newest = receipts.order_by(F("voided_at").asc(nulls_first=True), "-pk")
    return Subquery(newest.values("payment__captured_at")[:1])


def paid_cases(user: User, *, today: date) -> QuerySet[Case]:
    """已繳費案件: a student's cases with a receipt, each with `receipt_number` and `paid_at`, with `receipt_available_on` and
    `receipt_waits` (as `Receipt.is_available` has it).
    """
    receipts = "bill_lines__bill__receipts"
    return Case.objects.filter(
        owner=user,
        category=user.category,
        bill_lines__live=True,
        **{f"{receipts}__isnull": False, f"{receipts}__voided_at": None},
    ).annotate(
        receipt_number=F(f"{receipts}__number"),
        paid_at=F(f"{receipts}__payment__captured_at"),
        receipt_available_on=F(f"{receipts}__available_on"),
        receipt_waits=ExpressionWrapper(Q(**{f"{receipts}__available_on__gt": today}), output_field=BooleanField()),
    )
