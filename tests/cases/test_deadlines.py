"""What a deadline does by itself: an email before it, an end after it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from portal.accounts.models import User
from portal.cases import deadlines, operations, queries
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import TooLate
from portal.cases.states import Action, Status
from portal.mail.models import OutgoingMail
from portal.office_calendar import queries as office_calendar
from portal.office_calendar.models import OfficeYear
from portal.office_calendar.operations import import_year
from portal.office_calendar.periods import PLAIN_WEEK
from tests.factories.cases import NOW, TAIPEI, act, in_status, submitted
from tests.office_calendar.files import with_days, write
from tests.questions import nothing_is_written

pytestmark = pytest.mark.django_db
AFTER_CORRECTION = dt.datetime(2027, 1, 26, tzinfo=TAIPEI)  # the deadline was 2027-01-25
LAST_SECOND = AFTER_CORRECTION - dt.timedelta(seconds=1)
RETURNED = [Status.CORRECTION, Status.SUPPLEMENT]


def status(case: Case) -> str:
    case.refresh_from_db()
    return case.status


@pytest.mark.parametrize("returned", RETURNED)
def test_what_was_not_corrected_is_rejected_after_the_last_second(
    returned: Status, owner: User, officer: User, kind: CaseKind
) -> None:
    case = in_status(returned, owner, officer, kind=kind)
    assert case.deadline == dt.date(2027, 1, 25)
    assert deadlines.end_uncorrected(now=LAST_SECOND) == 0
    assert status(case) == returned
    assert deadlines.end_uncorrected(now=AFTER_CORRECTION) == 1
    assert (status(case), case.reject_reason, case.decided_at) == (Status.REJECTED, "deadline_missed", AFTER_CORRECTION)
    event = case.events.latest("id")
    assert (event.action, event.role, event.actor, event.at) == ("expire", "system", None, AFTER_CORRECTION)


def test_running_again_changes_nothing_and_writes_no_second_email(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    assert [deadlines.end_uncorrected(now=AFTER_CORRECTION) for _ in range(3)] == [1, 0, 0]
    assert case.events.filter(action="expire").count() == 1
    assert OutgoingMail.objects.filter(kind="case_rejected").count() == 1


@pytest.mark.parametrize("other", sorted(set(Status) - set(RETURNED)))
def test_no_other_case_is_touched(other: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status(other), owner, officer, kind=kind)
    assert deadlines.end_uncorrected(now=AFTER_CORRECTION + dt.timedelta(days=400)) == 0
    assert status(case) == other


@pytest.mark.django_db(transaction=True)
def test_the_schedule_alone_ends_a_case(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    with time_machine.travel(AFTER_CORRECTION):
        call_command("run_schedule", once=True)
    assert status(case) == Status.REJECTED
    assert submitted(owner, kind=kind).status == Status.SUBMITTED  # and nothing stands in the way of another


@pytest.mark.parametrize("returned", RETURNED)
def test_a_correction_is_taken_through_the_last_second(returned: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(returned, owner, officer, kind=kind)
    with pytest.raises(TooLate):
        act(Action.RESUBMIT, case, owner, now=AFTER_CORRECTION)
    assert act(Action.RESUBMIT, case, owner, now=LAST_SECOND).status == Status.SUBMITTED


@pytest.mark.parametrize(("paid_at", "is_taken"), [(dt.time(23, 59, 59), True), (dt.time.min, False)])
def test_settle_counts_by_the_time_of_the_payment(
    paid_at: dt.time, is_taken: bool, owner: User, officer: User, kind: CaseKind
) -> None:
    case = in_status(Status.AWAITING_PAYMENT, owner, officer, kind=kind)
    day = dt.date(2026, 12, 7) if is_taken else dt.date(2026, 12, 8)
    paid = dt.datetime.combine(day, paid_at, TAIPEI)
    notified = paid + dt.timedelta(days=3)
    if is_taken:
        assert operations.settle(case, paid_at=paid, now=notified).completed_at == notified
    else:
        with pytest.raises(TooLate):
            operations.settle(case, paid_at=paid, now=notified)
        assert status(case) == Status.AWAITING_PAYMENT


def test_a_calendar_that_comes_later_moves_a_deadline_that_was_written_down_without_it(
    owner: User, officer: User, kind: CaseKind, tmp_path: Path
) -> None:
    OfficeYear.objects.filter(year=2027).delete()
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    assert case.deadline == dt.date(2027, 1, 25)
    import_year(write(tmp_path / "2027.csv", with_days(2027, d0125="20270125,一,2,補假")), now=NOW)
    assert deadlines.end_uncorrected(now=AFTER_CORRECTION) == 0
    assert deadlines.end_uncorrected(now=AFTER_CORRECTION + dt.timedelta(days=1)) == 1


# -- lists -------------------------------------------------------------------------


@pytest.mark.parametrize("waiting", [*RETURNED, Status.AWAITING_PAYMENT])
def test_a_list_and_the_rule_say_the_same(waiting: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(waiting, owner, officer, kind=kind)
    assert case.deadline
    calendar = office_calendar.current()
    for days in range(-10, 20):
        today = case.deadline + dt.timedelta(days=days)
        listed = queries.with_overdue(queries.cases_of(owner), today, calendar).values_list("is_overdue", flat=True).get()
        assert listed is queries.is_overdue(case, today, calendar)
        assert listed is queries.overdue([waiting], today, calendar).exists()
        assert listed is (days > 0)


@pytest.mark.parametrize("other", [Status.SUBMITTED, Status.IN_REVIEW, Status.COMPLETED, Status.LAPSED, Status.REJECTED])
def test_a_case_that_waits_for_nobody_is_not_overdue(other: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(other, owner, officer, kind=kind)
    day = dt.date(2030, 1, 1)
    assert not queries.is_overdue(case, day, PLAIN_WEEK)
    assert not queries.with_overdue(queries.cases_of(owner), day, PLAIN_WEEK).values_list("is_overdue", flat=True).get()


# -- the email before -------------------------------------------------------------


def reminders() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="case_reminder"))


def on(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), TAIPEI)


@pytest.mark.parametrize("waiting", [*RETURNED, Status.AWAITING_PAYMENT])
def test_one_email_within_three_days_of_the_deadline(waiting: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(waiting, owner, officer, kind=kind)
    assert case.deadline
    for days, written in ((4, 0), (3, 1), (3, 1), (1, 1), (0, 1), (-1, 1)):
        deadlines.remind(now=on(case.deadline - dt.timedelta(days=days)))
        assert len(reminders()) == written, days
        with nothing_is_written():
            deadlines.remind(now=on(case.deadline - dt.timedelta(days=days)))


@pytest.mark.parametrize("waiting", [*RETURNED, Status.AWAITING_PAYMENT])
def test_no_email_once_it_has_passed(waiting: Status, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(waiting, owner, officer, kind=kind)
    assert case.deadline
    assert deadlines.remind(now=on(case.deadline + dt.timedelta(days=1))) == 0
    assert not operations.remind(case, now=on(case.deadline + dt.timedelta(days=1)))
    assert reminders() == []


@pytest.mark.django_db(transaction=True)
def test_the_case_is_held_while_it_is_looked_at(owner: User, officer: User, kind: CaseKind) -> None:
    """Whoever acts in that moment waits, and no email says what is true no longer."""
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    held: list[bool] = []

    def look(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith("SELECT") and f'FROM "{Case._meta.db_table}"' in sql:
            held.append(connection.in_atomic_block)
        return execute(sql, *args)

    with connection.execute_wrapper(look):
        assert operations.remind(case, now=on(dt.date(2027, 1, 24)))
    assert held == [True]


def test_who_acted_meanwhile_is_not_reminded(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    act(Action.RESUBMIT, case, owner)
    assert not operations.remind(case, now=on(dt.date(2027, 1, 24)))
    assert reminders() == []


def test_a_second_deadline_has_a_email_of_its_own(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.CORRECTION, owner, officer, kind=kind)
    deadlines.remind(now=on(dt.date(2027, 1, 24)))
    case = act(Action.RESUBMIT, case, owner)
    case = act(Action.TAKE, case, officer)
    case = act(Action.ASK_SUPPLEMENT, case, officer)
    deadlines.remind(now=on(dt.date(2027, 1, 24)))
    assert [email.cause for email in reminders()] == [f"reminder:{case.uid}:6", f"reminder:{case.uid}:3"]


def test_the_email_of_who_has_not_paid(owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(Status.AWAITING_PAYMENT, owner, officer, kind=kind)
    deadlines.remind(now=on(dt.date(2026, 12, 4)))
    (email,) = reminders()
    assert email.to == "xiaoming@example.test"
    assert (
        f"{email.subject}\n{email.body.rstrip()}"
        == f"""學生線上申辦系統：案件期限將屆提醒
王小明 您好：

您的「with-fee申請」已核准，尚未繳費。請於期限內繳費；逾期未繳費，案件即結束，須重新申請。如已繳費，請不必理會本信。

收件號：{case.case_no}
團號：S11511230001
應繳金額：新臺幣 1,000 元
期限：2026/12/07

請登入後點選「線上繳費」：
{django_settings.BASE_URL}/china-student/individual/payments/

電腦操作/系統維修諮詢專線：(02) 2796-7162
服務時間：週一至週五，08:30 - 19:00"""
    )


@pytest.mark.parametrize(
    ("returned", "sentence"),
    [
        (Status.CORRECTION, "您的「with-fee申請」尚未補正。請於期限內補正資料；逾期未補正，將不予核准。"),
        (Status.SUPPLEMENT, "您的「with-fee申請」尚未補件。請於期限內補件；逾期未補件，將不予核准。"),
    ],
)
def test_the_email_of_who_has_not_corrected(returned: Status, sentence: str, owner: User, officer: User, kind: CaseKind) -> None:
    case = in_status(returned, owner, officer, kind=kind)
    deadlines.remind(now=on(dt.date(2027, 1, 22)))
    (email,) = reminders()
    assert email.body.splitlines()[2] == sentence
    assert "期限：2027/01/25" in email.body
    assert "應繳金額" not in email.body
    assert f"{django_settings.BASE_URL}/china-student/individual/corrections/{case.case_no}/" in email.body
