"""Documents are made after commit. What a task could not make is made when the student asks for it."""

from contextlib import suppress
from typing import Final

from celery import shared_task
from django.utils import timezone

from portal.cases.models import Case
from portal.payments.models import Receipt

from . import operations, purging, queries

SECONDS: Final = 120  # what takes longer hangs


@shared_task(time_limit=SECONDS)
def make_permit(case_pk: int) -> None:
    """Make the permit of a closed case."""
    with suppress(operations.RenderError):  # logged there, and said to the student who asks for it
        operations.issue_permit(Case.objects.get(pk=case_pk))


@shared_task(time_limit=SECONDS)
def make_receipt(receipt_pk: int) -> None:
    """Make the receipt's paper, unless it was voided since."""
    with suppress(operations.RenderError, operations.NotIssuable):
        operations.issue_receipt(Receipt.objects.get(pk=receipt_pk))


@shared_task
def make_missing() -> int:
    """Have made what a worker that was killed left out, each by a task of its own; how many were asked for."""
    now = timezone.now()
    cases, receipts = queries.cases_without_permit(now=now), queries.receipts_without_paper(now=now)
    for case_pk in cases:
        make_permit.delay(case_pk)
    for receipt_pk in receipts:
        make_receipt.delay(receipt_pk)
    return len(cases) + len(receipts)


@shared_task
def sweep_files() -> int:
    """Delete printed documents on which no row stands; how many."""
    return purging.sweep(now=timezone.now())
