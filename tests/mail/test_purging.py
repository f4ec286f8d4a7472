"""Letters go after a season; those that wait never do."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.mail import purging
from portal.mail.models import OutgoingMail
from portal.mail.tasks import purge

State = OutgoingMail.State


def letter(state: str, age: dt.timedelta) -> OutgoingMail:
    made = OutgoingMail.objects.create(
        kind="test", to="a@example.test", subject=f"{state} {age.days}", body="b", state=state, next_attempt_at=timezone.now()
    )
    OutgoingMail.objects.filter(pk=made.pk).update(created_at=timezone.now() - age)
    return made


@pytest.mark.django_db
def test_letters_go_after_ninety_days_unless_they_wait() -> None:
    old, young = purging.LETTER_LIFE, purging.LETTER_LIFE - dt.timedelta(seconds=60)
    kept = {letter(State.SENT, young).pk, letter(State.FAILED, young).pk, letter(State.QUEUED, old).pk}
    letter(State.SENT, old)
    letter(State.FAILED, old)
    assert purge() == 2
    assert set(OutgoingMail.objects.values_list("pk", flat=True)) == kept
    assert purge() == 0
