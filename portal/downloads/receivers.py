"""News from below, after commit: hand the work to a task."""

from portal.cases.models import Case
from portal.payments.models import Receipt

from . import tasks


def case_completed(sender: object, *, case: Case, **kwargs: object) -> None:
    """結案: make the permit, unless it is a card."""
    if case.kind.outcome.is_pdf:
        tasks.make_permit.delay(case.pk)


def receipt_created(sender: object, *, receipt: Receipt, **kwargs: object) -> None:
    """收據 is there: make its paper."""
    tasks.make_receipt.delay(receipt.pk)
