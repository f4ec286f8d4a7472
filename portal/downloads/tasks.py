"""Documents are made after commit. What a task could not make is made when the student asks for it."""

from contextlib import suppress

from celery import shared_task

from portal.cases.models import Case
from portal.payments.models import Receipt

from . import operations


@shared_task
def make_permit(case_pk: int) -> None:
    """Make the permit of a closed case."""
    with suppress(operations.CannotPrint):  # logged there, and told to the student who asks for it
        operations.issue_permit(Case.objects.get(pk=case_pk))


@shared_task
def make_receipt(receipt_pk: int) -> None:
    """Make the receipt's paper."""
    with suppress(operations.CannotPrint):
        operations.issue_receipt(Receipt.objects.get(pk=receipt_pk))
