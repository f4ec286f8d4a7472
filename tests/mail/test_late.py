"""Validity begins when an email can be read: what waited too long for its mail server is made anew, or dropped and said so."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from pytest_django import Settings

from portal.accounts import email_requests
from portal.accounts.account import profile
from portal.accounts.emails import AT_ONCE, SOON
from portal.accounts.models import ActivationLink, EmailRequest, LinkState, User
from portal.accounts.operations import activate
from portal.accounts.password import one_time
from portal.accounts.tasks import write_requested_emails
from portal.cases import emails as case_emails
from portal.core import categories
from portal.mail import late, sending
from portal.mail.models import OutgoingMail
from portal.staff_login import operations as staff
from tests import people
from tests.factories import cases

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)
State = OutgoingMail.State
CATEGORY = categories.get(people.CATEGORY)
LINK = re.compile(r"http\S+/([\w-]{43})/")


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[None]:
    """No demonstration, which keeps every text. The transaction around a test keeps the sending after a commit away."""
    settings.DEMO = False
    with time_machine.travel(NOW, tick=False):
        yield


def newest(kind: str) -> OutgoingMail:
    return OutgoingMail.objects.filter(kind=kind).latest("pk")


def renewed(kind: str, *, at: dt.datetime) -> OutgoingMail:
    """What takes the place of an email whose turn comes at that time."""
    email = newest(kind)
    with time_machine.travel(at, tick=False):
        assert sending.send(email.pk, now=at) is sending.Outcome.LATE
    email.refresh_from_db()
    assert (email.state, email.last_error, email.body) == (State.LATE, late.RENEWED, "")
    assert newest(kind).pk != email.pk
    return newest(kind)


def dropped(kind: str, *, at: dt.datetime) -> bool:
    email = newest(kind)
    assert sending.send(email.pk, now=at) is sending.Outcome.LATE
    email.refresh_from_db()
    return (email.state, email.last_error, newest(kind).pk) == (State.LATE, late.DROPPED, email.pk)


def ask(kind: EmailRequest.Kind) -> None:
    email_requests.note(kind, "xiaoming", category=CATEGORY, now=NOW)
    write_requested_emails()


def password_in(email: OutgoingMail) -> str:
    return next(line for line in email.body.splitlines() if re.fullmatch(r"(\w{4}-){4}\w{4}", line))


def token_in(email: OutgoingMail) -> str:
    found = LINK.search(email.body)
    assert found
    return found[1]


def test_a_one_time_password_is_never_mailed_after_it_ended(owner: User) -> None:
    ask(EmailRequest.Kind.PASSWORD)
    old = password_in(newest("one_time_password"))
    at = NOW + 4 * HOUR  # the mail server was away all morning
    new = renewed("one_time_password", at=at)
    assert "至 2026/11/23 16:30 為止" in new.body
    assert not one_time.consume(owner, old, now=at)
    assert one_time.consume(owner, password_in(new), now=at + dt.timedelta(minutes=29))


def test_an_email_in_time_is_sent_as_it_is(owner: User) -> None:
    ask(EmailRequest.Kind.PASSWORD)
    email = newest("one_time_password")
    assert sending.send(email.pk, now=NOW + AT_ONCE - SECOND) is sending.Outcome.SENT


def test_control_an_email_without_its_last_moment_is_sent_though_it_is_worth_nothing(owner: User) -> None:
    ask(EmailRequest.Kind.PASSWORD)
    OutgoingMail.objects.update(not_after=None)
    email = newest("one_time_password")
    password, at = password_in(email), NOW + 4 * HOUR
    assert sending.send(email.pk, now=at) is sending.Outcome.SENT
    assert not one_time.consume(owner, password, now=at)


def test_who_has_asked_again_or_used_it_gets_no_third(owner: User) -> None:
    ask(EmailRequest.Kind.PASSWORD)
    one_time.consume(owner, password_in(newest("one_time_password")), now=NOW)
    assert dropped("one_time_password", at=NOW + HOUR)


def test_an_activation_link_has_its_whole_day(owner: User) -> None:
    User.objects.update(is_active=False, activated_at=None)
    ask(EmailRequest.Kind.ACTIVATION)
    old, at = token_in(newest("activation")), NOW + 30 * HOUR
    new = renewed("activation", at=at)
    assert activate(old, category=CATEGORY, now=at) is LinkState.UNKNOWN
    assert activate(token_in(new), category=CATEGORY, now=at + 23 * HOUR) is LinkState.VALID
    assert ActivationLink.objects.count() == 1


def test_no_link_to_who_is_activated_by_now(owner: User) -> None:
    User.objects.update(is_active=False, activated_at=None)
    ask(EmailRequest.Kind.ACTIVATION)
    User.objects.update(is_active=True, activated_at=NOW)
    assert dropped("activation", at=NOW + SOON)


def test_the_link_of_a_new_address_has_its_whole_day(owner: User) -> None:
    profile.save(owner, email="new@example.test", mobile="0912345678", language="zh-hant", now=NOW)
    at = NOW + 30 * HOUR
    new = renewed("email_confirm", at=at)
    assert new.to == "new@example.test"
    assert "2026/11/25 18:00" in new.body
    assert profile.waiting_email(owner, now=at + 23 * HOUR) == "new@example.test"


def test_a_cancelled_change_is_not_asked_for(owner: User) -> None:
    profile.save(owner, email="new@example.test", mobile="0912345678", language="zh-hant", now=NOW)
    profile.cancel_email_change(owner, now=NOW)
    assert dropped("email_confirm", at=NOW + SOON)


def test_the_link_for_staff_has_its_three_days(officer: User) -> None:
    staff.invite(officer, now=NOW)
    at = NOW + 80 * HOUR
    link = staff.find_link(token_in(renewed("staff_set_up", at=at)))
    assert staff.state_of(link, now=at + 71 * HOUR) is LinkState.VALID


def test_nobody_is_reminded_of_a_deadline_that_is_over(owner: User, officer: User) -> None:
    case = cases.approved(owner, officer)
    case.deadline = dt.date(2026, 11, 30)
    case_emails.remind(case)
    assert newest("case_reminder").not_after == dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC)
    assert dropped("case_reminder", at=dt.datetime(2026, 11, 30, 16, tzinfo=dt.UTC))


def test_an_email_is_not_made_anew_for_ever(owner: User) -> None:
    """The new one goes on with the tries that are left."""
    ask(EmailRequest.Kind.PASSWORD)
    OutgoingMail.objects.update(attempts=4)
    assert renewed("one_time_password", at=NOW + HOUR).attempts == 4
