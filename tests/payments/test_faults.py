"""Each fault of the sandbank's panel: what goes wrong between bank and portal settles a bill once, and loses nothing."""

import os
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Status
from portal.mail.models import OutgoingMail
from portal.payments import attempts, operations, registry
from portal.payments.cashier import books, settlement
from portal.payments.models import Bill, LedgerEvent, Payment, Receipt, ReviewItem, SettlementFile
from portal.payments.protocol import Redirect, Slip
from portal.payments.states import BillState
from portal.review.groups import CASHIERS
from portal.sandbank import desk, dispatcher
from portal.sandbank.desk import Fault
from portal.sandbank.models import Delivery, Order
from portal.sandbank.tasks import dispatch_due
from tests import people
from tests.factories.cases import NOW, approved
from tests.factories.payments import notices_are_out, open_bill
from tests.staff import make_staff

from .test_journey import LIST, path

pytestmark = pytest.mark.django_db(transaction=True)
PIN = {"pin": "123456", "pace": "together"}


def pay(client: Client, case: Case) -> None:
    """By Web ATM, with the notices out."""
    detail = client.post(LIST, {"only": case.group_no})["Location"]
    away = client.post(f"{detail}method/", {"method": "web_atm"}).headers["Refresh"].removeprefix("0; url=")
    client.post(client.get(path(away))["Location"], PIN)
    notices_are_out()


def ask() -> None:
    """What the schedule does."""
    for payment in Payment.objects.all():
        operations.inquire(payment, now=NOW, every=operations.NO_DELAY)


def settled_once() -> tuple[object, ...]:
    return (
        Bill.objects.get().state,
        Payment.objects.get().state,
        LedgerEvent.objects.filter(kind="captured").count(),
        Receipt.objects.count(),
        OutgoingMail.objects.filter(kind="payment_received").count(),
        Case.objects.get().status,
    )


ONCE = ("settled", "captured", 1, 1, 1, Status.COMPLETED)


@pytest.mark.parametrize(
    ("fault", "events", "reviewed"),
    [
        (Fault.DROP, ["captured"], []),
        (Fault.DUPLICATE, ["captured"], []),
        (Fault.BAD_SIGNATURE, ["captured"], []),
        (Fault.REORDER, ["captured"], []),  # a failure after the success changes nothing
        (Fault.SUCCESS_AFTER_FAILURE, ["captured", "failed"], []),
        (Fault.WRONG_AMOUNT, ["captured", "mismatch"], ["mismatch"]),
        (Fault.NO_NOTICE, ["captured"], []),
    ],
)
def test_whatever_goes_wrong_a_bill_is_settled_once(
    owner_client: Client, case: Case, sandbank: str, fault: Fault, events: list[str], reviewed: list[str]
) -> None:
    desk.switch([fault])
    pay(owner_client, case)
    ask()
    assert settled_once() == ONCE
    assert sorted(LedgerEvent.objects.values_list("kind", flat=True)) == events
    assert list(ReviewItem.objects.values_list("event__kind", flat=True)) == reviewed


def test_a_notice_that_is_late_finds_it_asked_for_already(owner_client: Client, case: Case, sandbank: str) -> None:
    desk.switch([Fault.DELAY])
    detail = owner_client.post(LIST, {"only": case.group_no})["Location"]
    away = owner_client.post(f"{detail}method/", {"method": "web_atm"}).headers["Refresh"].removeprefix("0; url=")
    owner_client.post(owner_client.get(path(away))["Location"], PIN)
    ask()
    assert settled_once() == ONCE
    delivery = Delivery.objects.get()
    assert (delivery.delivered_at, dispatcher.deliver(delivery.pk, now=timezone.now() + dispatcher.SOON)) == (None, None)
    delivery.refresh_from_db()
    assert delivery.last_answer == "OK"
    assert settled_once() == ONCE


def test_44_what_is_reversed_on_the_next_day_blocks_the_permit(owner_client: Client, case: Case, sandbank: str) -> None:
    desk.switch([Fault.REVERSED])
    pay(owner_client, case)
    assert settled_once() == ONCE
    assert owner_client.post("/sandbank/desk/clock/", {"go": "on"}).status_code == 302
    notices_are_out()
    assert not Delivery.objects.filter(delivered_at=None).exists()
    assert (Bill.objects.get().state, Payment.objects.get().state) == ("reversed", "reversed")
    assert sorted(LedgerEvent.objects.values_list("kind", "amount")) == [("captured", 1000), ("reversed", -1000)]
    assert owner_client.get(f"/china-student/individual/downloads/permits/{case.case_no}.pdf").status_code == 404
    assert the_banks_books() == our_books() == {}


BILLS = 50
# Each fault alone takes ten times as long: EVERY_FAULT=1 .venv/bin/python -m pytest -n2 tests/payments/test_faults.py -k fifty
# (Where all of it is given back there is no line to settle: test_44.)
ALONE = [fault for fault in Fault if fault is not Fault.REVERSED] if os.environ.get("EVERY_FAULT") else []


def student(number: int) -> User:
    fields = {"email": f"many{number}@example.test", "category": people.CATEGORY, "chinese_name": "王小明"}
    return User.objects.create_user(f"many{number}", ui_no=f"A8900001{number:02}", birth_date="2004-05-06", **fields)


def pay_somehow(client: Client, bill: Bill, method: str) -> None:
    """By Web ATM at once, or with a slip in a store."""
    start: Any = operations.start_payment(bill, registry.method(method), now=timezone.now())
    if isinstance(start, Redirect):
        client.post(client.get(path(start.url))["Location"], PIN)
    else:
        assert isinstance(start, Slip)
        assert "已收款" in client.post("/sandbank/desk/store/", start.codes).content.decode()


def the_banks_books() -> dict[str, int]:
    """What the bank has collected for us and has not given back."""
    back = Delivery.objects.filter(body__contains="payment.reversed").values("order")
    return dict(Order.objects.filter(state=Order.State.PAID).exclude(pk__in=back).values_list("trade_no", "amount"))


def our_books() -> dict[str, int]:
    """What the ledger says is there, by the number under which the bank knows it."""
    found = {payment.slip_number or payment.reference: attempts.account(payment).balance for payment in Payment.objects.all()}
    return {number: balance for number, balance in found.items() if balance}


@pytest.fixture(params=[tuple(Fault), *((fault,) for fault in ALONE)], ids=["in turn", *ALONE])
def fifty(request: pytest.FixtureRequest, client: Client, officer: User, sandbank: str) -> list[tuple[Fault, str, Bill]]:
    """That many bills, paid while every fault was switched on in turn, and while one was all the time; days go by, and nobody
    asks the bank about any."""
    faults: tuple[Fault, ...] = request.param
    students = [student(number) for number in range(BILLS)]
    bills = [open_bill(owner, approved(owner, officer)) for owner in students]
    paid, methods = [], cycle(["web_atm", "web_atm", "store"])
    for turn, fault in enumerate(faults):
        desk.switch([fault])
        for bill, method in zip(bills[turn :: len(faults)], methods, strict=False):
            pay_somehow(client, bill, method)
            paid.append((fault, method, bill))
        notices_are_out()
    desk.switch([])
    for _day in range(5):  # a store reports after two working days, and goes back on the next
        desk.advance(timezone.now())
        dispatch_due()
        notices_are_out()
    return paid


@pytest.mark.slow
def test_after_fifty_bills_and_every_fault_one_settlement_file_makes_the_books_equal(
    fifty: list[tuple[Fault, str, Bill]], client: Client
) -> None:
    booked = [bill.pk for fault, _method, bill in fifty if fault in {Fault.NO_NOTICE, Fault.WRONG_AMOUNT}]
    assert (the_banks_books() != our_books()) == bool(booked)
    content = b"".join(client.get("/sandbank/desk/settlement.csv"))
    file = settlement.take_in("sandbank", "a.csv", content, by=make_staff("cashier", CASHIERS), now=timezone.now())
    assert the_banks_books() == our_books()
    assert sum(our_books().values()) == sum(row.amount for row in file.rows.all())
    reversed_ones = [bill.pk for fault, _method, bill in fifty if fault is Fault.REVERSED]
    assert sorted(file.rows.filter(result="booked").values_list("payment__bill", flat=True)) == sorted(booked)
    assert file.rows.filter(result="matched").count() == file.rows.count() - len(booked)
    assert [list(settlement.only_ours(file)), list(books.problems())] == [[], []]
    # Nothing twice, nothing lost.
    assert LedgerEvent.objects.filter(kind="captured").count() == Receipt.objects.count() == BILLS
    assert not LedgerEvent.objects.filter(kind="overpaid").exists()
    assert OutgoingMail.objects.filter(kind="payment_received").count() == BILLS
    assert set(Case.objects.values_list("status", flat=True)) == {Status.COMPLETED}
    assert sorted(Bill.objects.exclude(state=BillState.SETTLED).values_list("pk", "state")) == [
        (pk, BillState.REVERSED) for pk in sorted(reversed_ones)
    ]
    differing = [bill.pk for fault, _method, bill in fifty if fault is Fault.WRONG_AMOUNT]
    kinds = sorted(ReviewItem.objects.values_list("event__kind", flat=True))
    assert kinds == ["mismatch"] * len(differing) + ["reversed"] * len(reversed_ones)
    # And once more changes nothing.
    settlement.take_in("sandbank", "b.csv", content, by=file.imported_by, now=timezone.now())
    assert (SettlementFile.objects.count(), LedgerEvent.objects.filter(kind="captured").count()) == (1, BILLS)


def test_the_bank_writes_the_columns_that_we_read(client: Client) -> None:
    from portal.sandbank import settlement as the_banks

    assert (the_banks.COLUMNS, the_banks.TOTAL) == (settlement.COLUMNS, settlement.TOTAL)
    assert client.get("/sandbank/desk/settlement.csv").content.decode() == ",".join(settlement.COLUMNS) + "\r\nTOTAL,0,0\r\n"
