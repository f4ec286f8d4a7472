"""The language that a student reads in follows them: through the flows, into their emails, back from the bank."""

from urllib.parse import urlencode

from django.test import Client

from portal.accounts import operations
from portal.accounts.models import User
from portal.cases.states import Status
from portal.mail.models import OutgoingMail
from portal.payments.gateways import returns
from portal.records.models import Applicant
from tests import people
from tests.factories.cases import in_status
from tests.factories.payments import attempt

from . import steps

PAYMENTS = "/china-student/individual/payments/"


def test_reading_in_another_language_is_remembered(owner_client: Client, owner: User) -> None:
    assert owner.language == "zh-hant"
    owner_client.get("/en/china-student/individual/todo/")
    owner.refresh_from_db()
    assert owner.language == "en"


def test_links_stay_in_the_language(owner_client: Client) -> None:
    text = owner_client.get("/en/china-student/individual/todo/").content.decode()
    assert 'href="/en/china-student/individual/payments/"' in text
    assert 'href="/china-student/individual/todo/" lang="zh-Hant-TW"' in text


def test_who_is_sent_to_log_in_comes_back_in_the_language_chosen_there(owner: User, client: Client) -> None:
    assert client.get(PAYMENTS).headers["Location"] == f"{steps.LOGIN}?{urlencode({'next': PAYMENTS})}"
    english = f"/en{steps.LOGIN}"
    answers = {"username": "xiaoming", "password": people.PASSWORD, "next": PAYMENTS}
    assert steps.submit(client, english, answers).headers["Location"] == f"/en{PAYMENTS}"


def test_emails_of_an_account_are_in_the_language_of_its_registration(wang: Applicant, client: Client) -> None:
    steps.submit(client, f"/en{steps.REGISTER}", steps.WANG)
    email = OutgoingMail.objects.get(kind="activation")
    assert User.objects.get().language == "en"
    assert "/en/china-student/individual/activate/" in email.body
    assert not any("\u4e00" <= character <= "\u9fff" for character in email.subject)


def test_emails_of_a_case_are_in_the_students_language_whoever_decides(owner: User, officer: User) -> None:
    operations.set_language(owner, "en")
    in_status(Status.CORRECTION, owner, officer)
    returned = OutgoingMail.objects.get(kind="case_returned")
    assert "/en/china-student/individual/" in returned.body


def test_the_bank_sends_the_browser_back_in_the_students_language(owner: User, officer: User) -> None:
    operations.set_language(owner, "zh-hans")
    payment = attempt(owner, officer)
    response = Client().get(returns.return_url("sandbank", payment.reference).removeprefix("http://localhost:8000"))
    assert response.headers["Location"].startswith("/zh-hans/china-student/individual/payments/")
