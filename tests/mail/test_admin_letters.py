"""Emails of the workflow leave by the outbox, to who decides and back to who asked."""

# mypy: allow-untyped-calls
# Wagtail carries no types.

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import Task

from portal.accounts.models import User
from portal.home.models import HomePage
from portal.mail.models import OutgoingMail
from tests.pages import source
from tests.staff import logged_in, make_staff


@pytest.fixture
def chief(db: None) -> User:
    return make_staff("chief", "總編輯")


@pytest.mark.usefixtures("seeded", "chief")
def test_who_decides_is_written_to_and_who_asked_is_answered() -> None:
    writer = make_staff("writer", "編輯")
    page = source(HomePage)
    page.save_revision(user=writer)
    state = page.get_workflow().start(page, writer)
    (asked,) = OutgoingMail.objects.filter(kind="admin_letter", to="chief@staff.example")
    assert f"「{page.title}」" in asked.subject or page.title in asked.subject
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in asked.body
    logged_in(User.objects.get(username="chief")).post(
        reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "reject", state.current_task_state.pk]),
        {"comment": "請補上日期。"},
    )
    (answered,) = OutgoingMail.objects.filter(kind="admin_letter", to="writer@staff.example")
    assert "請補上日期。" in answered.body
    assert mail.outbox == []
    assert Task.objects.count() == 1
