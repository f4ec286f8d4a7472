"""核准 of a case whose permit cannot be printed: refused on the decision page, with what was typed kept."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.cases import findings
from portal.cases.decisions import DecisionForm
from portal.cases.models import Case
from portal.cases.states import Action, Status
from portal.core.files import private_storage
from tests.factories.cases import NOW, act, document, multiple_entry, submitted
from tests.kinds import like, registered

from .conftest import ANSWERS
from .test_decision import address, post, text

pytestmark = pytest.mark.django_db


class AskedWhy(DecisionForm):
    """A kind that lets the officer say something."""

    reason = forms.CharField(label="理由", max_length=200)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mine(owner: User, officer: User) -> Iterator[Case]:
    """A case of such a kind, taken by the officer."""
    with registered(like(multiple_entry(), decision_form=AskedWhy)):
        yield act(Action.TAKE, submitted(owner, answers=ANSWERS, documents=[document()]), officer)


def approve(client: Client, case: Case) -> Any:
    accepted = [finding.code for finding in findings.of(Case.objects.get(), now=NOW)]
    return post(client, case, "approve", reason="雙聯學位，學校來函", accepted=accepted)


def test_a_name_that_cannot_be_printed_is_refused_in_words(mine: Case, officer_client: Client) -> None:
    Case.objects.update(answers={**ANSWERS, "department": "資訊\U0010fffd系"})

    page = approve(officer_client, mine)

    html = text(page)
    assert page.status_code == 409
    assert "許可證無法列印，不能核准：字型沒有收錄 U+10FFFD。請退請補正，由申請人改用其他寫法" in html
    assert 'role="alert"' in html
    assert 'value="雙聯學位，學校來函"' in html
    assert 'value="ask_correction"' in html
    found = Case.objects.get()
    assert (found.status, found.version, found.decision, found.permit_issued_on) == (Status.IN_REVIEW, mine.version, {}, None)


def test_a_photo_that_cannot_be_read_is_refused_in_words(mine: Case, officer_client: Client) -> None:
    with private_storage().open(mine.documents.get().file.name, "wb") as file:
        file.write(b"no picture")

    page = approve(officer_client, mine)

    assert page.status_code == 409
    assert "許可證無法列印，不能核准：照片無法讀取。請退請補件，由申請人重新上傳照片。" in text(page)
    assert Case.objects.get().status == Status.IN_REVIEW


def test_the_corrected_case_is_approved(mine: Case, officer: User, owner: User, officer_client: Client) -> None:
    Case.objects.update(answers={**ANSWERS, "chinese_name": "王\ue000明"})
    assert approve(officer_client, mine).status_code == 409
    post(officer_client, mine, "ask_correction", opinion="姓名請改用其他寫法")
    again = act(Action.TAKE, act(Action.RESUBMIT, Case.objects.get(), owner, answers=ANSWERS), officer)

    assert approve(officer_client, again)["Location"] == address(again)

    assert Case.objects.get().status == Status.AWAITING_PAYMENT


def test_trying_it_asks_for_the_documents_twice(mine: Case, officer_client: Client) -> None:
    """Once for the findings, once for the photo that is printed."""
    accepted = [finding.code for finding in findings.of(mine, now=NOW)]
    with CaptureQueriesContext(connection) as queries:
        assert post(officer_client, mine, "approve", reason="學校來函", accepted=accepted).status_code == 302
    assert len([query for query in queries if 'FROM "portal_cases_document"' in query["sql"]]) == 2
