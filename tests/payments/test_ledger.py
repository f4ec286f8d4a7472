"""The one writer of money. Numbers are those of the list of failure tests that payments were designed by."""

import datetime as dt
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.operations import expire, settle
from portal.cases.states import Status
from portal.core.models import Serial
from portal.mail.models import OutgoingMail
from portal.payments import ledger, operations, queries
from portal.payments.attempts import transition
from portal.payments.models import Bill, LedgerEvent, Notice, Payment, Receipt
from portal.payments.protocol import GatewayStatus, Outcome, Raw
from portal.payments.signals import receipt_created
from portal.payments.states import BillState, PaymentState
from tests.factories import payments as make
from tests.factories.cases import NOW, TAIPEI

pytestmark = pytest.mark.django_db
Kind = LedgerEvent.Kind
AFTER = dt.datetime(2026, 12, 8, tzinfo=TAIPEI)  # the deadline was 2026-12-07
LAST_SECOND = AFTER - dt.timedelta(seconds=1)


def events() -> list[tuple[str, int]]:
    return list(LedgerEvent.objects.values_list("kind", "amount"))


def state(of: Payment | Bill | Case) -> str:
    of.refresh_from_db()
    return of.status if isinstance(of, Case) else of.state


def failing(table: str) -> Callable[..., Any]:
    """The database fails when a row is added to that table."""

    def wrapper(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith("INSERT") and table in sql:
            raise DatabaseError("the disk is full")
        return execute(sql, *args)

    return wrapper


def test_money_settles_attempt_bill_and_case_and_writes_receipt_and_email(payment: Payment, case: Case, owner: User) -> None:
    assert make.record(payment) is Outcome.BOOKED
    assert (state(payment), state(payment.bill), state(case)) == ("captured", "settled", Status.COMPLETED)
    assert events() == [(Kind.CAPTURED, 1000)]
    receipt = Receipt.objects.get()
    assert (receipt.number, receipt.amount, receipt.bill, receipt.payment) == ("R115-000001", 1000, payment.bill, payment)
    assert (receipt.issued_at, receipt.available_on) == (NOW, dt.date(2026, 11, 23))
    email = OutgoingMail.objects.get(kind="payment_received")
    assert (email.to, email.subject, email.cause) == (owner.email, "學生線上申辦系統：繳費完成通知", "receipt:R115-000001")
    for words in ("王小明 您好：", "R115-000001", "新臺幣 1,000 元", case.group_no, case.case_no, "(02) 2796-7162"):
        assert words in email.body


def test_the_news_is_said_after_commit(payment: Payment, django_capture_on_commit_callbacks: pytest.FixtureRequest) -> None:
    notified: list[Receipt] = []

    def listen(receipt: Receipt, **kwargs: object) -> None:
        notified.append(receipt)

    receipt_created.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            make.record(payment)
            assert notified == []
    finally:
        receipt_created.disconnect(listen)
    assert notified == [Receipt.objects.get()]


def test_16_five_deliveries_are_one_event(payment: Payment) -> None:
    outcomes = [make.record(payment) for _ in range(5)]
    assert outcomes == [Outcome.BOOKED, *[Outcome.DUPLICATE] * 4]
    assert events() == [(Kind.CAPTURED, 1000)]
    assert Receipt.objects.count() == OutgoingMail.objects.filter(kind="payment_received").count() == 1
    assert Notice.objects.count() == 5


def test_17_a_retry_whose_bytes_differ_is_the_same_event(payment: Payment) -> None:
    make.record(payment)
    assert make.record(payment, message="paid") is Outcome.DUPLICATE
    assert events() == [(Kind.CAPTURED, 1000)]


@pytest.mark.parametrize("said", [GatewayStatus.PENDING, GatewayStatus.NOT_FOUND])
def test_20_information_after_the_money_changes_nothing(payment: Payment, said: GatewayStatus) -> None:
    make.record(payment)
    assert make.record(payment, said=said) is Outcome.IGNORED
    assert state(payment) == "captured"


@pytest.mark.parametrize("said", list(ledger.ENDS))
def test_21_failure_never_overwrites_success(payment: Payment, said: GatewayStatus) -> None:
    make.record(payment)
    assert make.record(payment, said=said) is Outcome.IGNORED
    assert (state(payment), state(payment.bill), events()) == ("captured", "settled", [(Kind.CAPTURED, 1000)])


@pytest.mark.parametrize(("said", "ended"), ledger.ENDS.items())
def test_22_success_wins_over_failure(payment: Payment, case: Case, said: GatewayStatus, ended: PaymentState) -> None:
    assert make.record(payment, said=said, message="發卡銀行拒絕交易") is Outcome.ENDED
    assert (state(payment), payment.message, state(payment.bill)) == (ended, "發卡銀行拒絕交易", "open")
    assert make.record(payment) is Outcome.BOOKED
    assert (state(payment), payment.message, state(case)) == ("captured", "", Status.COMPLETED)
    assert events() == [(Kind.FAILED, 0), (Kind.CAPTURED, 1000)]


def test_a_failure_reported_twice_is_one_event(payment: Payment) -> None:
    make.record(payment, said=GatewayStatus.FAILED)
    assert make.record(payment, said=GatewayStatus.FAILED) is Outcome.DUPLICATE
    assert events() == [(Kind.FAILED, 0)]


def test_23_a_notice_before_the_attempt_counts_as_begun_is_booked(bill: Bill) -> None:
    early = Payment.objects.create(bill=bill, reference="P115000001A01", method="card", gateway="sandbank", amount=1000)
    assert early.state == "created"
    assert make.record(early) is Outcome.BOOKED
    assert state(early) == "captured"


def test_24_a_crash_in_the_middle_is_repaired_by_the_next_delivery(payment: Payment, case: Case) -> None:
    raw = make.raw(payment)

    with connection.execute_wrapper(failing("portal_payments_receipt")), pytest.raises(DatabaseError):
        ledger.receive("sandbank", raw, now=NOW)
    assert (Notice.objects.get().processed_at, state(payment), events()) == (None, "started", [])
    assert ledger.receive("sandbank", raw, now=NOW) is Outcome.BOOKED
    assert (state(payment), state(case), events()) == ("captured", Status.COMPLETED, [(Kind.CAPTURED, 1000)])


def test_26_an_unknown_reference_is_kept_for_the_cashier_once(payment: Payment) -> None:
    for _ in range(2):
        assert make.record(payment, reference="P999999999A01") is Outcome.UNKNOWN_REFERENCE
    event = LedgerEvent.objects.get()
    assert (event.kind, event.payment, event.amount, event.detail) == (Kind.MISMATCH, None, 1000, "查無此交易編號")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": 999}, "不符：金額"),
        ({"amount": 1001}, "不符：金額"),
        ({"currency": "USD"}, "不符：幣別"),
        ({"merchant": "somebody-else"}, "不符：商店"),
        ({"amount": 1, "currency": "USD", "merchant": "x"}, "不符：金額、幣別、商店"),
    ],
    ids=["29 one too few", "29 one too many", "30 currency", "8 merchant", "all"],
)
def test_29_30_what_differs_settles_nothing_and_is_kept(payment: Payment, changes: dict[str, object], why: str) -> None:
    assert make.record(payment, **changes) is Outcome.MISMATCH
    assert make.record(payment, **changes) is Outcome.MISMATCH
    event = LedgerEvent.objects.get()
    assert (event.kind, event.payment, event.detail) == (Kind.MISMATCH, payment, why)
    assert (state(payment), state(payment.bill), Receipt.objects.count()) == ("started", "open", 0)


def test_a_mismatch_does_not_stand_in_the_way_of_the_right_notice(payment: Payment) -> None:
    make.record(payment, amount=999)
    assert make.record(payment) is Outcome.BOOKED


def test_31_the_attempt_of_another_gateway_is_unknown(payment: Payment) -> None:
    notice = ledger.keep("elsewhere", Raw({}, b"", NOW))
    assert ledger.record(notice, make.statement(payment), now=NOW) is Outcome.UNKNOWN_REFERENCE
    assert state(payment) == "started"


def test_33_the_second_paid_attempt_of_a_bill_is_overpaid(payment: Payment) -> None:
    make.record(payment, said=GatewayStatus.CANCELLED)
    second = Payment.objects.create(bill=payment.bill, reference="P115000001A02", method="card", gateway="sandbank", amount=1000)
    assert make.record(second) is Outcome.BOOKED
    assert make.record(payment) is Outcome.OVERPAID
    assert events() == [(Kind.FAILED, 0), (Kind.CAPTURED, 1000), (Kind.OVERPAID, 1000)]
    assert (state(payment), Receipt.objects.get().payment) == ("captured", second)


def test_33_one_attempt_charged_twice_is_overpaid(payment: Payment) -> None:
    make.record(payment, gateway_reference="SB1")
    assert [make.record(payment, gateway_reference="SB2") for _ in range(2)] == [Outcome.OVERPAID, Outcome.DUPLICATE]
    assert events() == [(Kind.CAPTURED, 1000), (Kind.OVERPAID, 1000)]
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("closed", [BillState.CANCELLED, BillState.EXPIRED])
def test_35_36_money_for_a_closed_bill_is_late(payment: Payment, case: Case, closed: BillState) -> None:
    Bill.objects.update(state=closed, cancelled_at=NOW if closed == BillState.CANCELLED else None)
    paid_at = NOW if closed == BillState.CANCELLED else AFTER
    assert make.record(payment, occurred_at=paid_at, now=AFTER) is Outcome.LATE
    assert (state(payment), state(payment.bill), state(case)) == ("captured", "late_paid", Status.AWAITING_PAYMENT)
    assert (events(), Receipt.objects.count()) == ([(Kind.CAPTURED, 1000)], 0)


def test_37_money_for_a_case_that_ended_otherwise_is_booked_and_the_cashier_notified(payment: Payment, case: Case) -> None:
    settle(case, paid_at=NOW, now=NOW)
    assert make.record(payment) is Outcome.BOOKED
    assert (state(case), state(payment.bill)) == (Status.COMPLETED, "settled")
    assert events() == [(Kind.CAPTURED, 1000), (Kind.MISMATCH, 1000)]
    assert LedgerEvent.objects.get(kind=Kind.MISMATCH).detail == f"收件號 {case.case_no} 之狀態無法結案"
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("is_lapsed", [False, True])
@pytest.mark.parametrize(("paid_at", "is_in_time"), [(LAST_SECOND, True), (AFTER, False)])
def test_38_the_banks_time_decides_whenever_it_is_reported(
    payment: Payment, case: Case, paid_at: dt.datetime, is_in_time: bool, is_lapsed: bool
) -> None:
    notified = AFTER + dt.timedelta(hours=9)
    if is_lapsed:
        expire(case, now=notified)
    outcome = make.record(payment, occurred_at=paid_at, now=notified)
    if is_in_time:
        assert (outcome, state(case), state(payment.bill)) == (Outcome.BOOKED, Status.COMPLETED, "settled")
        assert Receipt.objects.get().issued_at == notified
    else:
        waiting = Status.LAPSED if is_lapsed else Status.AWAITING_PAYMENT
        assert (outcome, state(case), state(payment.bill)) == (Outcome.LATE, waiting, "late_paid")
        assert Receipt.objects.count() == 0
    assert events() == [(Kind.CAPTURED, 1000)]


def test_of_a_bill_paid_between_two_deadlines_the_cases_in_time_are_settled(owner: User, three_cases: list[Case]) -> None:
    first, second, _ = three_cases
    payment = make.started(make.open_bill(owner, first, second))
    Case.objects.filter(pk=first.pk).update(deadline=NOW.date() - dt.timedelta(days=3))
    assert make.record(payment) is Outcome.BOOKED
    assert (state(first), state(second)) == (Status.AWAITING_PAYMENT, Status.COMPLETED)
    assert LedgerEvent.objects.get(kind=Kind.MISMATCH).detail == f"收件號 {first.case_no} 逾期繳費"


def test_74_receipts_have_no_gaps_when_a_booking_is_rolled_back(owner: User, three_cases: list[Case]) -> None:
    first, second, third = (make.started(make.open_bill(owner, case)) for case in three_cases)
    make.record(first)
    with connection.execute_wrapper(failing("portal_mail_outgoingmail")), pytest.raises(DatabaseError):
        make.record(second)
    make.record(third)
    assert list(Receipt.objects.order_by("number").values_list("number", flat=True)) == ["R115-000001", "R115-000002"]
    assert Serial.objects.get(name="receipt:115").last == 2


def test_75_the_year_of_a_receipt_changes_at_midnight_in_taipei(owner: User, three_cases: list[Case]) -> None:
    before, after = (make.started(make.open_bill(owner, case)) for case in three_cases[:2])
    midnight = dt.datetime(2026, 12, 31, 16, tzinfo=dt.UTC)
    make.record(before, now=midnight - dt.timedelta(seconds=1))
    make.record(after, now=midnight)
    assert list(Receipt.objects.order_by("issued_at").values_list("number", flat=True)) == ["R115-000001", "R116-000001"]


@pytest.mark.parametrize("sql", ["UPDATE portal_payments_ledgerevent SET amount = 1", "DELETE FROM portal_payments_ledgerevent"])
def test_78_the_database_refuses_to_change_the_ledger(payment: Payment, sql: str) -> None:
    make.record(payment)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert events() == [(Kind.CAPTURED, 1000)]


def test_90_a_booking_that_is_done_again_queues_no_second_email(payment: Payment) -> None:
    make.record(payment)
    make.record(payment)
    email = OutgoingMail.objects.get(kind="payment_received")
    assert email.message_id


def test_every_case_of_the_bill_is_settled(owner: User, three_cases: list[Case]) -> None:
    payment = make.started(make.open_bill(owner, *three_cases))
    assert payment.amount == 2000
    make.record(payment)
    assert {state(case) for case in three_cases} == {Status.COMPLETED}
    assert Receipt.objects.get().amount == 2000


def test_receipts_and_paid_cases_are_found(payment: Payment, case: Case, owner: User, stranger: User) -> None:
    assert (queries.receipt_of(case), list(queries.paid_cases(owner, today=NOW.date()))) == (None, [])
    make.record(payment)
    receipt = queries.receipt_of(case)
    found = queries.paid_cases(owner, today=NOW.date()).get()
    assert receipt == Receipt.objects.get()
    assert (found, found.receipt_number, found.paid_at) == (case, "R115-000001", NOW)
    assert list(queries.paid_cases(stranger, today=NOW.date())) == []


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_list_and_the_rule_say_the_same_of_a_receipt(payment: Payment, owner: User, days: int) -> None:
    make.record(payment)
    receipt, today = Receipt.objects.get(), NOW.date() + dt.timedelta(days=days)
    assert queries.paid_cases(owner, today=today).get().receipt_waits is not receipt.is_available(today)


def test_a_voided_receipt_is_none(payment: Payment, case: Case, owner: User) -> None:
    make.record(payment)
    Receipt.objects.update(voided_at=NOW)
    assert (queries.receipt_of(case), list(queries.paid_cases(owner, today=NOW.date()))) == (None, [])


def test_a_case_that_stood_on_a_cancelled_bill_is_paid_once(owner: User, three_cases: list[Case]) -> None:
    first, second, _ = three_cases
    make.open_bill(owner, first)
    payment = make.started(make.open_bill(owner, first, second))
    make.record(payment)
    assert list(queries.paid_cases(owner, today=NOW.date()).order_by("pk")) == [first, second]


EDGES = {
    "created": {"started", "captured", "unknown"},
    "started": {"code_issued", "captured", "unknown", "failed", "cancelled", "expired"},
    "code_issued": {"captured", "failed", "cancelled", "expired"},
    "unknown": {"started", "captured", "failed"},
    "failed": {"captured"},
    "cancelled": {"captured", "failed"},
    "expired": {"captured", "failed", "cancelled"},
    "captured": {"reversed"},
    "reversed": {"captured"},
}


def test_an_attempt_moves_along_the_graph_only(payment: Payment) -> None:
    for source, target in product(PaymentState, PaymentState):
        Payment.objects.update(state=source)
        allowed = target in EDGES[source]
        assert transition(payment, target) is allowed, f"{source} > {target}"
        assert state(payment) == (target if allowed else source)


def test_the_ledger_speaks_of_an_attempt_as_begun(payment: Payment) -> None:
    Payment.objects.update(state=PaymentState.UNKNOWN)
    make.record(payment, said=GatewayStatus.CANCELLED)
    assert state(payment) == "cancelled"
    assert not operations.queries.live_attempt(payment.bill)
