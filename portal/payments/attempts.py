"""One attempt: the one writer of its state, and what its money comes to.

The latter follows from the lines of the ledger alone, in whatever order they were written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from . import emails
from .models import Bill, LedgerEvent, Payment
from .protocol import Slip
from .states import PaymentState, before

Kind = LedgerEvent.Kind
CAME: Final = frozenset({Kind.CAPTURED, Kind.OVERPAID})
MONEY: Final = CAME | {Kind.REVERSED, Kind.REFUNDED}


def transition(payment: Payment, target: PaymentState, **fields: Any) -> bool:
    """Take one edge of the graph, or say that it was not there to take.

    One conditional UPDATE: of any number at once, on any database, one gets the row.
    """
    return bool(Payment.objects.filter(pk=payment.pk, state__in=before(target)).update(state=target, **fields))


@transaction.atomic
def issue_code(payment: Payment, slip: Slip) -> bool:
    """已取號: the attempt holds its codes and until when they are good, and the student is written to. The first slip stays."""
    transition(payment, PaymentState.STARTED)
    issued = transition(
        payment, PaymentState.CODE_ISSUED, codes=dict(slip.codes), pay_until=slip.pay_until, slip_number=slip.number or None
    )
    payment.refresh_from_db()
    if issued:
        emails.slip_made(payment)
    return issued


def keep_print(payment: Payment, name: str, sha256: str) -> bool:
    """The file of the slip as it was first printed; one that was there before stays, unless it was lost or damaged."""
    was = Payment.objects.filter(pk=payment.pk, slip_file=payment.slip_file.name or "")
    return bool(was.update(slip_file=name, slip_sha256=sha256))


@dataclass(frozen=True)
class Account:
    """The transactions of one attempt that were paid and those that were reversed, and what is left of all of them."""

    paid: frozenset[str]
    reversed: frozenset[str]
    balance: int

    @property
    def standing(self) -> frozenset[str]:
        """Paid and not reversed."""
        return self.paid - self.reversed

    @property
    def state(self) -> PaymentState | None:
        """What the attempt is, if money ever came: a refund is another matter."""
        if self.standing:
            return PaymentState.CAPTURED
        return PaymentState.REVERSED if self.paid else None


def transaction_of(business_key: str) -> str:
    """Which transaction of a gateway a line is about, whatever is said of it."""
    return business_key.rpartition(":")[0]


def number_of(payment: Payment, business_key: str) -> str:
    """The gateway's own number of the transaction that a line is about; of a refund, the attempt's."""
    ours = f"{payment.gateway}:{payment.reference}:"
    return transaction_of(business_key).removeprefix(ours) if business_key.startswith(ours) else payment.gateway_reference


def account_of(lines: Iterable[tuple[str, str, int]]) -> Account:
    """From `kind`, `business_key` and `amount` of every line of an attempt."""
    paid, undone, balance = set(), set(), 0
    for kind, key, amount in lines:
        if kind in MONEY:
            balance += amount
        if kind in CAME:
            paid.add(transaction_of(key))
        elif kind == Kind.REVERSED:
            undone.add(transaction_of(key))
    return Account(frozenset(paid), frozenset(undone), balance)


def account(payment: Payment) -> Account:
    """As the ledger has it now."""
    return account_of(payment.events.values_list("kind", "business_key", "amount"))


def paid_attempts(bill: Bill) -> QuerySet[Payment]:
    """The attempts of the bill of whose money something is left, the first first."""
    balance = Sum("events__amount", filter=Q(events__kind__in=MONEY))
    return bill.payments.filter(state=PaymentState.CAPTURED).annotate(balance=balance).filter(balance__gt=0).order_by("pk")
