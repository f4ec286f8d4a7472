"""The demo's mailbox, and what staff see of emails."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from portal.accounts.models import User
from portal.home.groups import EDITORS
from portal.mail.models import OutgoingMail
from portal.review.groups import SUPERVISORS
from tests.staff import logged_in, make_staff

from .conftest import queued

MAILBOX = "/demo/mailbox/"
ADMIN = "/admin/portal_mail/outgoingmail/"


def test_an_empty_mailbox(client: Client, db: None) -> None:
    response = client.get(MAILBOX)
    assert "目前沒有信件。" in response.text
    assert reverse("demo:mailbox") == MAILBOX


@pytest.mark.parametrize("emails", [1, 3])
def test_emails_the_newest_first(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries, emails: int
) -> None:
    client.get(MAILBOX)
    for number in range(emails):
        queued(to=f"student{number}@example.test")
    with django_assert_num_queries(3):
        response = client.get(MAILBOX)
    assert [email.to for email in response.context["page"]] == [f"student{number}@example.test" for number in range(emails)][::-1]
    assert "student0@example.test" in response.text
    assert response.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_fifty_emails_a_page(client: Client, db: None) -> None:
    for number in range(51):
        queued(to=f"student{number}@example.test")
    first, second = client.get(MAILBOX), client.get(MAILBOX, {"page": "2"})
    assert 'href="?page=2"' in first.text
    assert 'href="?page=1"' in second.text
    assert [email.to for email in second.context["page"]] == ["student0@example.test"]
    assert client.get(MAILBOX, {"page": "x"}).context["page"].number == 1


def test_a_email_with_its_links(client: Client, email: OutgoingMail) -> None:
    assert reverse("demo:email", args=[email.message_id]) in client.get(MAILBOX).text
    text = client.get(f"{MAILBOX}{email.message_id}/").text
    link = "http://localhost:8000/somewhere/?a=1&amp;b=2"
    assert f'<p>王小明 您好：<br><a href="{link}" rel="nofollow">{link}</a></p>' in text
    assert "xiaoming@example.test" in text


def test_a_email_cannot_bring_markup(client: Client, db: None) -> None:
    email = queued(name='<script>alert(1)</script> javascript:alert(1) http://x.test/"onclick="alert(1)')
    text = client.get(reverse("demo:email", args=[email.message_id])).text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert '"onclick=' not in text


def test_no_such_email(client: Client, db: None) -> None:
    assert client.get(f"{MAILBOX}00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get(f"{MAILBOX}1/").status_code == 404


def test_only_a_demo_shows_emails(client: Client, email: OutgoingMail, settings: Settings) -> None:
    settings.DEMO = False
    assert client.get(MAILBOX).status_code == 404
    assert client.get(f"{MAILBOX}{email.message_id}/").status_code == 404


def test_nothing_is_sent_to_the_mailbox(client: Client, db: None) -> None:
    assert client.post(MAILBOX).status_code == 405


@pytest.fixture
def reader(db: None) -> Client:
    """Staff who may see emails."""
    return logged_in(make_staff("reader", SUPERVISORS))


def test_staff_see_how_the_sending_went_but_not_the_text(reader: Client, email: OutgoingMail) -> None:
    email.state, email.attempts, email.last_error = OutgoingMail.State.FAILED, 8, "SMTPServerDisconnected: x"
    email.save()
    listed = reader.get(ADMIN).text
    assert "xiaoming@example.test" in listed
    assert "寄送失敗" in listed
    inspected = reader.get(f"{ADMIN}inspect/{email.pk}/").text
    assert "SMTPServerDisconnected: x" in inspected
    assert "測試信件" in inspected
    assert "/somewhere/" not in listed + inspected


@pytest.mark.parametrize("action", ["create/", "edit/{}/", "delete/{}/"])
def test_nobody_touches_a_email(email: OutgoingMail, admin_user: User, action: str) -> None:
    client = logged_in(admin_user)
    address = ADMIN + action.format(email.pk)
    for response in (client.get(address), client.post(address)):
        assert response.status_code in (302, 404)
        if response.status_code == 302:
            assert response.headers["Location"] == "/admin/"
    assert OutgoingMail.objects.get() == email


def test_staff_without_the_permission_are_refused(email: OutgoingMail, db: None) -> None:
    client = logged_in(make_staff("editor", EDITORS))
    for address in (ADMIN, f"{ADMIN}inspect/{email.pk}/"):
        assert client.get(address).headers["Location"] == "/admin/"
    assert "寄出信件" not in client.get("/admin/").text


def test_students_and_visitors_are_refused(email: OutgoingMail, owner_client: Client, client: Client) -> None:
    for visitor in (owner_client, client):
        response = visitor.get(f"{ADMIN}inspect/{email.pk}/")
        assert response.headers["Location"].startswith("/admin/login/")
