"""Many at the same moment, with real threads and connections of their own. Each race has a twin without its guard."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.mail.models import OutgoingMail
from portal.payments import ledger, operations, registry
from portal.payments.models import Bill, BillLine, LedgerEvent, Notice, Payment, Receipt
from portal.payments.operations import NotPayable
from portal.payments.protocol import Outcome, Statement
from tests.factories import payments as make
from tests.factories.cases import NOW

pytestmark = pytest.mark.django_db(transaction=True)
PARALLEL = 30
T = TypeVar("T")


def together(times: int, call: Callable[[], T]) -> list[T]:
    """The same call that many times at once, each in a thread with a connection of its own."""
    barrier = Barrier(times)

    def run(_: int) -> T:
        barrier.wait(timeout=30)
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def delivering(payment: Payment) -> Callable[[], tuple[int, bytes]]:
    """One delivery of one and the same notice, through everything a request goes through."""
    body = make.dump(make.event(payment))
    headers = make.signed(body)

    def deliver() -> tuple[int, bytes]:
        response = Client().post(make.NOTIFY, body, content_type="application/json", headers=headers)
        return response.status_code, response.content

    return deliver


def test_18_thirty_parallel_deliveries_are_one_event_one_receipt_one_letter(payment: Payment) -> None:
    answers = together(PARALLEL, delivering(payment))
    assert answers == [(200, b"OK")] * PARALLEL
    assert list(LedgerEvent.objects.values_list("kind", "amount")) == [("captured", 1000)]
    assert Receipt.objects.get().number == "R115-000001"
    assert OutgoingMail.objects.filter(kind="payment_received").count() == 1
    outcomes = sorted(Notice.objects.values_list("outcome", flat=True))
    assert outcomes == ["booked", *["duplicate"] * (PARALLEL - 1)]


def test_18_twin_look_then_write_books_more_than_once(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger as one would first write it: look whether it is paid, then write that it is."""
    everybody_looks = Barrier(PARALLEL)

    def record(notice: Notice, statement: Statement, *, now: dt.datetime) -> Outcome:
        found = Payment.objects.get(reference=statement.reference)
        with suppress(BrokenBarrierError):
            everybody_looks.wait(timeout=20)
        if found.state == Payment.State.CAPTURED:
            return Outcome.DUPLICATE
        Payment.objects.filter(pk=found.pk).update(state=Payment.State.CAPTURED)
        fields = {"kind": "captured", "payment": found, "amount": statement.amount, "at": now, "notice": notice}
        LedgerEvent.objects.create(business_key=str(notice.uid), **fields)
        return Outcome.BOOKED

    monkeypatch.setattr(ledger, "record", record)
    together(PARALLEL, delivering(payment))
    assert LedgerEvent.objects.filter(kind="captured").count() > 1


def test_46_a_double_click_starts_one_attempt(bill: Bill, sandbank: str) -> None:
    def start() -> Any:
        return operations.start_payment(Bill.objects.get(), registry.method("card"), now=NOW)

    first, second = together(2, start)
    assert Payment.objects.get().reference == "P115000001A01"
    assert first.url.split("signature")[0] == second.url.split("signature")[0]


def test_43_one_case_is_put_on_one_bill(owner: User, case: Case) -> None:
    bills = together(10, lambda: operations.open_bill(owner, [case], now=NOW))
    assert {bill.pk for bill in bills} == {Bill.objects.get(state="open").pk}
    assert BillLine.objects.filter(live=True).count() == 1


def test_43_two_selections_that_share_a_case_end_in_one_live_bill(owner: User, three_cases: list[Case]) -> None:
    one, two, three = three_cases
    selections = iter([[one, two], [two, three]])

    def pick() -> Bill | None:
        try:
            return operations.open_bill(owner, next(selections), now=NOW)
        except NotPayable:
            return None

    together(2, pick)
    assert BillLine.objects.filter(live=True, case=two).count() == 1
    for bill in Bill.objects.exclude(state="open"):
        assert not bill.lines.filter(live=True).exists()


def test_43_twin_the_database_refuses_the_second_line(owner: User, bill: Bill, case: Case) -> None:
    other = Bill.objects.create(number="B115-999999", owner=owner, category=owner.category, total=1000)
    with pytest.raises(IntegrityError):
        BillLine.objects.create(bill=other, case=case, item="多次證", amount=1000)


def test_19_notice_and_questions_at_once_book_once(payment: Payment, sandbank: str) -> None:
    deliver = delivering(payment)
    turns = iter(range(12))

    def act() -> None:
        if next(turns) % 2:
            operations.inquire(Payment.objects.get(), now=NOW, every=operations.AT_ONCE)
        else:
            deliver()

    together(12, act)
    assert LedgerEvent.objects.filter(kind="captured").count() == 1
    assert Receipt.objects.count() == 1
