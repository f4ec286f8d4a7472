"""Many at the same moment, with real threads and connections of their own. Each race has a control test without its guard."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import operations as cases
from portal.cases.models import Case
from portal.cases.operations import NotAllowed
from portal.mail.models import OutgoingMail
from portal.payments import ledger, operations, registry
from portal.payments.attempts import transition
from portal.payments.cashier import refunds, settlement
from portal.payments.deadlines import end_unpaid
from portal.payments.models import Bill, BillLine, LedgerEvent, Notice, Payment, Receipt, Refund, SettlementFile
from portal.payments.operations import NotPayable
from portal.payments.protocol import Outcome, Slip, Statement
from portal.payments.states import LIVE
from portal.review.groups import CASHIERS
from tests.factories import payments as make
from tests.factories.cases import NOW, TAIPEI
from tests.staff import make_staff

from .paying_back.sandbank import PayingBack

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


def delivering(payment: Payment, **changes: object) -> Callable[[], tuple[int, bytes]]:
    """One delivery of one and the same notice, through everything a request goes through."""
    body = make.dump(make.event(payment, **changes))
    headers = make.signed(body, now=timezone.now())

    def deliver() -> tuple[int, bytes]:
        response = Client().post(make.NOTIFY, body, content_type="application/json", headers=headers)
        return response.status_code, response.content

    return deliver


def test_18_thirty_parallel_deliveries_are_one_event_one_receipt_one_email(payment: Payment) -> None:
    answers = together(PARALLEL, delivering(payment))
    assert answers == [(200, b"OK")] * PARALLEL
    assert list(LedgerEvent.objects.values_list("kind", "amount")) == [("captured", 1000)]
    assert Receipt.objects.get().number == "R115-000001"
    assert OutgoingMail.objects.filter(kind="payment_received").count() == 1
    outcomes = sorted(Notice.objects.values_list("outcome", flat=True))
    assert outcomes == ["booked", *["duplicate"] * (PARALLEL - 1)]


def test_18_control_look_then_write_books_more_than_once(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_43_control_the_database_refuses_the_second_line(owner: User, bill: Bill, case: Case) -> None:
    other = Bill.objects.create(number="B115-999999", owner=owner, category=owner.category, total=1000)
    with pytest.raises(IntegrityError):
        BillLine.objects.create(bill=other, case=case, item="多次證", amount=1000)


def test_19_notice_and_questions_at_once_book_once(payment: Payment, sandbank: str) -> None:
    deliver = delivering(payment)
    turns = iter(range(12))

    def act() -> None:
        if next(turns) % 2:
            operations.inquire(Payment.objects.get(), now=NOW, every=operations.NO_DELAY)
        else:
            deliver()

    together(12, act)
    assert LedgerEvent.objects.filter(kind="captured").count() == 1
    assert Receipt.objects.count() == 1


AFTER = dt.datetime(2026, 12, 8, tzinfo=TAIPEI)  # the deadline was 2026-12-07
IN_TIME, TOO_LATE = "2026-12-07T23:59:59+08:00", "2026-12-08T00:00:00+08:00"


@pytest.fixture
def after() -> Iterator[None]:
    """The night after the deadline."""
    with time_machine.travel(AFTER, tick=True):
        yield


def steps(case: Case) -> list[str]:
    return list(case.events.values_list("action", flat=True))


@pytest.mark.usefixtures("after", "sandbank")
@pytest.mark.parametrize("attempt", range(3))
def test_a_payment_in_time_that_arrives_while_its_case_is_ended_counts(payment: Payment, case: Case, attempt: int) -> None:
    deliver, turns = delivering(payment, occurred_at=IN_TIME), iter(range(12))

    def act() -> None:
        if next(turns) % 2:
            end_unpaid(now=AFTER + dt.timedelta(seconds=30))
        else:
            deliver()

    together(12, act)
    case.refresh_from_db()
    bill = Bill.objects.get()
    assert (case.status, bill.state, bill.lines.get().live) == ("completed", "settled", True)
    assert steps(case) in (["submit", "take", "approve", "settle"], ["submit", "take", "approve", "expire", "settle"])
    assert list(LedgerEvent.objects.values_list("kind", "amount")) == [("captured", 1000)]
    assert Receipt.objects.count() == 1


@pytest.mark.usefixtures("after", "sandbank")
def test_a_payment_that_was_too_late_completes_nothing_whoever_comes_first(payment: Payment, case: Case) -> None:
    deliver, turns = delivering(payment, occurred_at=TOO_LATE), iter(range(12))
    together(12, lambda: end_unpaid(now=AFTER) if next(turns) % 2 else deliver())
    end_unpaid(now=AFTER)
    case.refresh_from_db()
    assert (case.status, Bill.objects.get().state) == ("lapsed", "late_paid")
    assert steps(case) == ["submit", "take", "approve", "expire"]
    assert (LedgerEvent.objects.get().kind, Receipt.objects.count()) == ("captured", 0)


@pytest.mark.usefixtures("after")
@pytest.mark.parametrize(("is_guarded", "outcome"), [(True, "completed"), (False, "lapsed")])
def test_a_case_that_is_paid_after_it_was_found_unpaid_is_not_ended(
    payment: Payment, case: Case, is_guarded: bool, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control without the lock: what was found is believed, and a paid case lapses."""
    found = Case.objects.get()
    assert delivering(payment, occurred_at=IN_TIME)() == (200, b"OK")
    if not is_guarded:
        monkeypatch.setattr(cases.performing, "lock", lambda case: case)
        monkeypatch.setattr(cases.performing, "write", _write_without_version)
    with suppress(NotAllowed):
        cases.expire(found, now=AFTER)
    case.refresh_from_db()
    assert case.status == outcome


def _write_without_version(case: Case, **changes: Any) -> None:
    Case.objects.filter(pk=case.pk).update(**changes, version=F("version") + 1)
    case.refresh_from_db()


def test_46_a_double_click_issues_one_slip(bill: Bill, sandbank: str) -> None:
    """Each draws a number; the first that is written down is everybody's."""

    def start() -> Any:
        return operations.start_payment(Bill.objects.get(), registry.method("store"), now=NOW)

    slips = together(8, start)
    payment = Payment.objects.get()
    assert {slip.number for slip in slips} == {payment.slip_number}
    assert OutgoingMail.objects.filter(kind="slip_made").count() == 1


def test_46_control_who_believes_what_was_just_issued_holds_another_slip(
    bill: Bill, sandbank: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the condition on the state the last one wins, and the first student holds a number that nobody knows."""
    everybody_has_one = Barrier(8)

    def issue_code(payment: Payment, slip: Slip) -> bool:
        with suppress(BrokenBarrierError):
            everybody_has_one.wait(timeout=20)
        Payment.objects.filter(pk=payment.pk).update(state="code_issued", slip_number=slip.number)
        payment.codes, payment.pay_until, payment.slip_number = dict(slip.codes), slip.pay_until, slip.number
        return True

    monkeypatch.setattr(operations, "issue_code", issue_code)
    slips = together(8, lambda: operations.start_payment(Bill.objects.get(), registry.method("store"), now=NOW))
    assert len({slip.number for slip in slips}) > 1


def test_48_two_tabs_with_two_methods_end_in_one_live_attempt(bill: Bill, sandbank: str) -> None:
    methods = iter(["card", "store"])

    def start() -> Any:
        try:
            return operations.start_payment(Bill.objects.get(), registry.method(next(methods)), now=NOW)
        except NotPayable:
            return None

    together(2, start)
    assert Payment.objects.filter(state__in=LIVE).count() == 1


def test_19_the_money_for_a_slip_and_its_end_at_once_is_booked(bill: Bill) -> None:
    payment = make.slip(bill)
    deliver, turns = delivering(payment, merchant_trade_no=payment.slip_number), iter(range(12))

    def act() -> None:
        if next(turns) % 2:
            transition(payment, Payment.State.EXPIRED)
        else:
            deliver()

    together(12, act)
    payment.refresh_from_db()
    assert (payment.state, Bill.objects.get().state, Receipt.objects.count()) == ("captured", "settled", 1)


def test_44_payment_and_reversal_at_once_come_to_the_same_end(payment: Payment) -> None:
    turns = iter(range(12))
    notices = delivering(payment), delivering(payment, type="payment.reversed", event_id="evt_0002")
    together(12, lambda: notices[next(turns) % 2]())
    payment.refresh_from_db()
    assert (payment.state, Bill.objects.get().state) == ("reversed", "reversed")
    assert sorted(LedgerEvent.objects.values_list("kind", "amount")) == [("captured", 1000), ("reversed", -1000)]
    assert Receipt.objects.get().voided_at is not None


@pytest.fixture
def asked(payment: Payment) -> Refund:
    """A refund of all that was captured, which two colleagues are about to approve."""
    make.record(payment)
    payment.refresh_from_db()
    return refunds.request(payment, 1000, reason="溢繳", by=make_staff("asks", CASHIERS), now=NOW)


def approving(refund: Refund, colleagues: Iterator[User]) -> Callable[[], str]:
    def approve() -> str:
        try:
            return refunds.approve(Refund.objects.get(pk=refund.pk), by=next(colleagues), now=NOW).state
        except refunds.Changed:
            return "changed"

    return approve


def test_69_two_who_approve_at_once_pay_back_once(asked: Refund, bank: PayingBack) -> None:
    colleagues = iter([make_staff(f"approves-{number}", CASHIERS) for number in range(8)])
    assert sorted(together(8, approving(asked, colleagues))) == ["changed"] * 7 + ["done"]
    assert bank.asked == [1000]
    assert list(LedgerEvent.objects.filter(kind="refunded").values_list("amount", flat=True)) == [-1000]
    assert (Bill.objects.get().state, OutgoingMail.objects.filter(kind="refunded").count()) == ("refunded", 1)


def test_69_control_who_looks_and_then_writes_pays_back_twice(
    asked: Refund, bank: PayingBack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock and the condition on the state the gateway is asked once by each."""
    everybody_looks = Barrier(8)

    def move(refund: Refund, target: str, **fields: Any) -> Refund:
        if refund.state == Refund.State.REQUESTED:
            with suppress(BrokenBarrierError):
                everybody_looks.wait(timeout=20)
        Refund.objects.filter(pk=refund.pk).update(state=target, **fields)
        refund.refresh_from_db()
        return refund

    for name in ("_move", "_move_covered"):
        monkeypatch.setattr(refunds, name, move)
    colleagues = iter([make_staff(f"approves-{number}", CASHIERS) for number in range(8)])

    def approve() -> str:
        try:
            return approving(asked, colleagues)()
        except IntegrityError:  # the ledger takes one line of a refund
            return "refused by the ledger"

    together(8, approve)
    assert len(bank.asked) > 1


def test_69_two_who_ask_for_all_of_it_at_once_get_it_once(payment: Payment) -> None:
    make.record(payment)
    payment.refresh_from_db()
    by = make_staff("asks", CASHIERS)

    def ask() -> bool:
        try:
            return bool(refunds.request(payment, 1000, reason="溢繳", by=by, now=NOW))
        except refunds.NotRefundable:
            return False

    assert sorted(together(8, ask)) == [False] * 7 + [True]
    assert Refund.objects.get().amount == 1000


def test_80_a_reversal_and_other_money_for_the_bill_at_once_leave_it_paid(payment: Payment) -> None:
    """Whichever comes first: the money of the second attempt takes the place of what the bank took back."""
    assert delivering(payment)() == (200, b"OK")
    reference = f"{payment.reference[:-2]}02"
    second = Payment.objects.create(bill=payment.bill, reference=reference, method="web_atm", gateway="sandbank", amount=1000)
    turns = iter(range(12))
    notices = (
        delivering(payment, type="payment.reversed", event_id="evt_0002"),
        delivering(second, event_id="evt_0003", bank_trade_no="SB2611230002"),
    )
    assert together(12, lambda: notices[next(turns) % 2]()) == [(200, b"OK")] * 12
    assert Bill.objects.get().state == "settled"
    assert [(receipt.payment, receipt.voided_at is None) for receipt in Receipt.objects.order_by("pk")] == [
        (payment, False),
        (second, True),
    ]


# -- a settlement file ----------------------------------------------------------------------


@pytest.fixture
def content(payment: Payment) -> bytes:
    """A line about money that nobody reported."""
    said = ["student-permits", payment.reference, f"SB{payment.reference}", "1000", "TWD", NOW.isoformat()]
    return "\n".join([",".join(settlement.COLUMNS), ",".join(said)]).encode()


def test_a_file_that_is_sent_twice_at_once_is_one_file(payment: Payment, content: bytes) -> None:
    by = make_staff("cashier", CASHIERS)
    found = together(8, lambda: settlement.take_in("sandbank", "a.csv", content, by=by, now=NOW).pk)
    assert len(set(found)) == 1
    assert SettlementFile.objects.get().rows.get().result in {
        "booked",
        "matched",
    }  # matched: by who looked after the other booked
    assert list(LedgerEvent.objects.values_list("kind", "amount")) == [("captured", 1000)]


def test_control_who_opens_a_file_without_looking_again_is_refused(payment: Payment, content: bytes) -> None:
    by, lines = make_staff("cashier", CASHIERS), settlement.read("sandbank", content, now=NOW)

    def opened() -> bool:
        try:
            return bool(settlement._open("sandbank", "a.csv", "0" * 64, lines, by=by, now=NOW))
        except IntegrityError:
            return False

    assert sorted(together(8, opened)) == [False] * 7 + [True]
