"""Emails go after a season; those that wait never do."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.mail import purging
from portal.mail.models import OutgoingMail
from portal.mail.tasks import purge

State = OutgoingMail.State


def email(state: str, age: dt.timedelta) -> OutgoingMail:
    made = OutgoingMail.objects.create(
        kind="test", to="a@example.test", subject=f"{state} {age.days}", body="b", state=state, next_attempt_at=timezone.now()
    )
    OutgoingMail.objects.filter(pk=made.pk).update(created_at=timezone.now() - age)
    return made


@pytest.mark.django_db
def test_emails_go_after_ninety_days_unless_they_wait() -> None:
    old, young = purging.EMAIL_LIFE, purging.EMAIL_LIFE - dt.timedelta(seconds=60)
    kept = {email(State.SENT, young).pk, email(State.FAILED, young).pk, email(State.QUEUED, old).pk}
    email(State.SENT, old)
    email(State.FAILED, old)
    assert purge() == 2
    assert set(OutgoingMail.objects.values_list("pk", flat=True)) == kept
    assert purge() == 0
