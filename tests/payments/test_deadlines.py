"""Approved cases that nobody paid for end by themselves: the gateway is asked first, and the bank's time decides."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.mail.models import OutgoingMail
from portal.payments import registry
from portal.payments.cashier import books
from portal.payments.deadlines import end_unpaid
from portal.payments.models import Bill, LedgerEvent, Payment, Receipt, ReviewItem
from portal.payments.operations import Overdue, open_bill, start_payment
from portal.payments.protocol import Outcome
from tests.factories import payments as make
from tests.factories.cases import NOW, TAIPEI, act, submitted
from tests.staff import logged_in

from .test_operations import NOBODY, bank, state

pytestmark = pytest.mark.django_db
AFTER = dt.datetime(2026, 12, 8, tzinfo=TAIPEI)  # the deadline was Monday 2026-12-07
LAST_SECOND = AFTER - dt.timedelta(seconds=1)
LIST = "/china-student/individual/payments/"


@pytest.fixture
def after() -> Iterator[None]:
    """The first hour of the day after the deadline."""
    with time_machine.travel(AFTER, tick=True):
        yield


def status(case: Case) -> str:
    case.refresh_from_db()
    return case.status


def test_a_case_without_a_bill_lapses_after_the_last_second(case: Case, owner: User) -> None:
    assert case.deadline == dt.date(2026, 12, 7)
    assert end_unpaid(now=LAST_SECOND) == 0
    assert status(case) == Status.AWAITING_PAYMENT
    assert [end_unpaid(now=AFTER) for _ in range(3)] == [1, 0, 0]
    assert status(case) == Status.LAPSED
    assert OutgoingMail.objects.filter(kind="case_lapsed").count() == 1
    assert submitted(owner, now=NOW).status == Status.SUBMITTED  # nothing stands in the way of another


def test_a_bill_that_nobody_began_to_pay_expires_with_its_case(case: Case, bill: Bill) -> None:
    assert end_unpaid(now=AFTER) == 1
    assert (status(case), state(bill), bill.lines.get().live) == (Status.LAPSED, "expired", False)


@pytest.mark.django_db(transaction=True)
def test_the_schedule_alone_ends_a_case(case: Case, after: None) -> None:
    call_command("run_schedule", once=True)
    assert status(case) == Status.LAPSED


@pytest.mark.parametrize("said", ["open", "processing", "not_found", "failed", "cancelled", "expired"])
def test_59_the_gateway_is_asked_and_says_unpaid(
    payment: Payment, case: Case, settings: Settings, said: str, after: None
) -> None:
    with bank(settings, payment, said, now=AFTER) as asked:
        assert end_unpaid(now=AFTER) == 1
    assert len(asked) == 1
    ended = said if said in {"failed", "cancelled", "expired"} else "expired"
    assert (status(case), state(payment), state(payment.bill)) == (Status.LAPSED, ended, "expired")


def test_59_the_gateway_is_asked_and_says_paid_in_time(payment: Payment, case: Case, settings: Settings, after: None) -> None:
    with bank(settings, payment, "paid", now=AFTER, occurred_at=LAST_SECOND.isoformat()):
        assert end_unpaid(now=AFTER) == 0
    assert (status(case), state(payment), state(payment.bill)) == (Status.COMPLETED, "captured", "settled")
    assert Receipt.objects.count() == 1
    assert not OutgoingMail.objects.filter(kind="case_lapsed").exists()


def test_59_the_gateway_is_asked_and_says_paid_too_late(payment: Payment, case: Case, settings: Settings, after: None) -> None:
    with bank(settings, payment, "paid", now=AFTER, occurred_at=AFTER.isoformat()):
        assert end_unpaid(now=AFTER) == 1
    assert (status(case), state(payment), state(payment.bill)) == (Status.LAPSED, "captured", "late_paid")
    assert (LedgerEvent.objects.get().kind, Receipt.objects.count()) == ("captured", 0)


def test_60_while_the_gateway_is_silent_the_case_stays_and_is_asked_about_again(
    payment: Payment, case: Case, settings: Settings, after: None
) -> None:
    settings.SANDBANK_URL = NOBODY
    assert end_unpaid(now=AFTER) == 0
    assert (status(case), state(payment), state(payment.bill)) == (Status.AWAITING_PAYMENT, "unknown", "open")
    with bank(settings, payment, "open", now=AFTER):
        assert end_unpaid(now=AFTER + dt.timedelta(seconds=1)) == 1
    assert (status(case), state(payment)) == (Status.LAPSED, "expired")


def test_a_silent_gateway_holds_up_nobody_else(payment: Payment, three_cases: list[Case], settings: Settings) -> None:
    settings.SANDBANK_URL = NOBODY
    assert end_unpaid(now=AFTER) == 2
    assert sorted(map(status, three_cases)) == [Status.AWAITING_PAYMENT, Status.LAPSED, Status.LAPSED]


@pytest.fixture
def payment(request: pytest.FixtureRequest, owner: User) -> Payment:
    """On its way, for the only case or the first of three."""
    three = request.getfixturevalue("three_cases") if "three_cases" in request.fixturenames else None
    return make.started(make.open_bill(owner, three[0] if three else request.getfixturevalue("case")))


def test_paid_in_time_and_reported_after_the_end_is_paid(payment: Payment, case: Case, settings: Settings, after: None) -> None:
    with bank(settings, payment, "processing", now=AFTER):
        assert end_unpaid(now=AFTER) == 1
    assert make.record(payment, occurred_at=LAST_SECOND, now=AFTER) is Outcome.BOOKED
    assert (status(case), state(payment.bill), payment.bill.lines.get().live) == (Status.COMPLETED, "settled", True)
    assert Receipt.objects.get().payment == payment
    assert [event.action for event in case.events.all()][-2:] == ["expire", "settle"]


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_where_the_student_has_applied_again_meanwhile_the_cashier_decides(
    payment: Payment, case: Case, owner: User, settings: Settings, after: None, is_taken_back: bool
) -> None:
    """Of one permit comes one: the money of the case that lapsed is there, and another case has its permit."""
    with bank(settings, payment, "processing", now=AFTER):
        assert end_unpaid(now=AFTER) == 1
    again = submitted(owner, now=AFTER)
    if is_taken_back:
        act(Action.WITHDRAW, again, owner, now=AFTER)
    assert make.record(payment, occurred_at=LAST_SECOND, now=AFTER) is Outcome.BOOKED
    assert (status(case), ReviewItem.objects.count()) == ((Status.COMPLETED, 0) if is_taken_back else (Status.LAPSED, 1))
    if not is_taken_back:
        assert ReviewItem.objects.get().event.detail == f"收件號 {case.case_no} 之狀態無法結案"
        assert list(books.problems()) == []


def test_paid_too_late_and_reported_after_the_end_is_for_the_cashier(
    payment: Payment, case: Case, settings: Settings, after: None
) -> None:
    with bank(settings, payment, "processing", now=AFTER):
        assert end_unpaid(now=AFTER) == 1
    assert make.record(payment, occurred_at=AFTER, now=AFTER) is Outcome.LATE
    assert (status(case), state(payment.bill), Receipt.objects.count()) == (Status.LAPSED, "late_paid", 0)


def test_of_a_bill_over_two_cases_the_one_that_is_in_time_is_paid_anew(owner: User, three_cases: list[Case]) -> None:
    first, second, _ = three_cases
    Case.objects.filter(pk=second.pk).update(deadline=dt.date(2026, 12, 31))
    bill = make.open_bill(owner, first, second)
    Case.objects.filter(pk=three_cases[2].pk).update(deadline=dt.date(2026, 12, 31))
    assert end_unpaid(now=AFTER) == 1
    assert (status(first), status(second), state(bill)) == (Status.LAPSED, Status.AWAITING_PAYMENT, "expired")
    assert open_bill(owner, [Case.objects.get(pk=second.pk)], now=AFTER).total == 300


def test_money_for_the_first_bill_pays_what_stands_on_no_other(
    owner: User, three_cases: list[Case], settings: Settings, after: None
) -> None:
    first, second, _ = three_cases
    Case.objects.exclude(pk=first.pk).update(deadline=dt.date(2026, 12, 31))
    payment = make.started(make.open_bill(owner, first, second))
    with bank(settings, payment, "processing", now=AFTER):
        end_unpaid(now=AFTER)
    other = open_bill(owner, [Case.objects.get(pk=second.pk)], now=AFTER)
    assert make.record(payment, occurred_at=LAST_SECOND, now=AFTER) is Outcome.BOOKED
    assert (status(first), status(second), state(other)) == (Status.COMPLETED, Status.AWAITING_PAYMENT, "open")
    notified = LedgerEvent.objects.get(kind=LedgerEvent.Kind.MISMATCH)
    assert (notified.detail, notified.amount) == (f"收件號 {second.case_no} 之狀態無法結案", 300)


# -- no new attempt after the deadline ---------------------------------------------


def test_an_overdue_case_is_put_on_no_bill(owner: User, case: Case) -> None:
    with pytest.raises(Overdue):
        open_bill(owner, [case], now=AFTER)
    assert open_bill(owner, [case], now=LAST_SECOND).state == "open"
    with pytest.raises(Overdue):
        open_bill(owner, [case], now=AFTER)


def test_nobody_is_sent_to_the_bank_after_the_deadline(bill: Bill) -> None:
    with pytest.raises(Overdue):
        start_payment(bill, registry.method("card"), now=AFTER)
    assert Payment.objects.count() == 0


def test_nor_with_an_attempt_that_was_begun_before(payment: Payment, settings: Settings, after: None) -> None:
    with bank(settings, payment, "open", now=AFTER), pytest.raises(Overdue):
        start_payment(payment.bill, registry.method("card"), now=AFTER)
    assert Payment.objects.count() == 1


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_list_shows_an_overdue_case_without_a_box(case: Case, owner_client: Client) -> None:
    assert f'value="{case.group_no}"' in text(owner_client, LIST)
    assert "繳費</button>" in text(owner_client, LIST)
    with time_machine.travel(AFTER):
        fresh = _again()
        found = text(fresh, LIST)
        assert case.case_no in found
        assert "已逾繳費期限" in found
        assert f'value="{case.group_no}"' not in found
        assert "繳費</button>" not in found
        assert "無法繳費。期限內已繳費者，金融機構確認後即可結案；如仍需辦理，請於案件結束後重新申請。" in found
        refused = " ".join(fresh.post(LIST, {"cases": [case.group_no]}).content.decode().split())
    assert "所選案件已逾繳費期限，無法繳費。如仍需辦理，請於案件結束後重新申請。" in refused
    assert Bill.objects.count() == 0


def test_the_bill_and_its_method_say_so(bill: Bill, owner_client: Client) -> None:
    with time_machine.travel(AFTER):
        client = _again()
        found = text(client, f"{LIST}{bill.number}/")
        assert "已逾繳費期限，無法繳費。期限內已繳費者，金融機構確認後即可結案；如仍需辦理，請於案件結束後重新申請。" in found
        assert "確認繳費</a>" not in found
        for call in (client.get, client.post):
            answer = call(f"{LIST}{bill.number}/method/", {"method": "card"})
            assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{bill.number}/")  # type: ignore[attr-defined]
    assert Payment.objects.count() == 0


def _again() -> Client:
    """Two weeks later the log-in is over: the same student logs in anew."""
    return logged_in(User.objects.get(username="xiaoming"))
