"""The one writer of an attempt's state."""

from typing import Any

from .models import Payment
from .states import PaymentState, before


def transition(payment: Payment, target: PaymentState, **fields: Any) -> bool:
    """Take one edge of the graph, or say that it was not there to take.

    One conditional UPDATE: of any number at once, on any database, one gets the row.
    """
    return bool(Payment.objects.filter(pk=payment.pk, state__in=before(target)).update(state=target, **fields))
