"""交換學生延長停留: what is different about it, and the road from the application to the card."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from portal.accounts.models import User
from portal.cases import kinds, tasks
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import approve, ask_correction, take
from portal.cases.states import Status
from portal.cms.snippets import publish_new
from portal.downloads.models import IssuedDocument
from portal.downloads.operations import NotIssuable, issue_permit
from portal.editorial.declaration import Declaration, DeclarationVersion
from portal.forms.models import DraftUpload
from portal.mail.models import OutgoingMail
from portal.office_calendar.periods import PLAIN_WEEK
from portal.payments.protocol import GatewayStatus, Outcome
from portal.records.models import Permit
from tests import people
from tests.conftest import logged_in
from tests.factories import payments
from tests.factories.cases import NOW, match
from tests.forms.answers import chosen

from .forms import StayForm
from .identity import EXCHANGE
from .kinds import Stay

SLUG = "exchange-student"
HOME = f"/{SLUG}/individual"
ANSWERS = {"reason": "研究未完", "months": "12", "payer": "self", "collect_at": "hualien"}
FUNDS, INVITATION = "請上傳財力證明", "請上傳交換學校邀請函"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kind() -> CaseKind:
    return kinds.get(SLUG, "stay")


@pytest.fixture
def student(db: None) -> User:
    """王小明 as one of this category: another paper, another permit."""
    wang = people.applicant(category=SLUG, papers={"passport_no": "C0123456", "passport_expiry": "2031-01-01"})
    people.single_permit(wang, permit_type=EXCHANGE)
    return people.student(wang, "exchange", category=SLUG)


@pytest.fixture
def browser(student: User) -> Client:
    publish_new(Declaration(category=SLUG, title="使用聲明事項", text="<p>請詳閱。</p>"))
    return logged_in(student)


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


def to_the_form(client: Client) -> str:
    """Up to the form; the draft's address."""
    draft = str(client.get(f"{HOME}/apply/stay/")["Location"]).removesuffix("declaration/")
    client.post(f"{draft}declaration/", {"agree": "on", "version": DeclarationVersion.objects.get().label})
    assert client.post(f"{draft}permit/", {"number": people.SINGLE_PERMIT_NO})["Location"] == f"{draft}form/"
    return draft


def fill(client: Client, draft: str, *slots: str, go: str = "check", **changes: str) -> Any:
    return client.post(f"{draft}form/", {**ANSWERS, **changes, **chosen(*slots), "go": go})


@pytest.fixture
def sent(browser: Client) -> Case:
    """An application for a year, sent by who pays for themselves."""
    draft = to_the_form(browser)
    assert fill(browser, draft, "invitation", "funds")["Location"] == f"{draft}check/"
    assert browser.post(f"{draft}check/")["Location"] == f"{draft}sent/"
    return Case.objects.get()


# Its rule, form, fee, documents and dates


@pytest.mark.parametrize(("day", "said"), [(dt.date(2027, 1, 2), None), (dt.date(2027, 1, 3), "停留期間已屆滿")])
def test_its_rule_is_asked(kind: CaseKind, owner: User, day: dt.date, said: str | None) -> None:
    found = match(owner)
    refusal = kind.refusal(found, day, PLAIN_WEEK)
    assert (refusal and str(refusal.detail)) == said


def test_its_form_shows_what_the_records_say(owner: User) -> None:
    form = StayForm(ANSWERS, initial=StayForm.prefill(match(owner), owner), today=people.TODAY)
    assert form.is_valid()
    assert form.answers() == {"chinese_name": "王小明", "school_name": "國立臺灣大學", **ANSWERS}


@pytest.mark.parametrize(("months", "fee", "until"), [("6", 600, dt.date(2027, 7, 2)), ("12", 1200, dt.date(2028, 1, 2))])
def test_fee_and_dates_follow_from_an_answer(kind: CaseKind, owner: User, months: str, fee: int, until: dt.date) -> None:
    answers = {**ANSWERS, "months": months}
    dates = kind.permit_dates(people.TODAY, answers, match(owner).permit, {})
    assert kind.fee(answers).amount == fee
    assert (dates.issued_on, dates.valid_until, dates.stay_until) == (people.TODAY, until, until)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [({}, ["invitation"]), ({"payer": "school"}, ["invitation"]), ({"payer": "self"}, ["invitation", "funds"])],
)
def test_who_pays_for_themselves_shows_funds(kind: CaseKind, answers: dict[str, str], asked: list[str]) -> None:
    slots = kind.required_documents(answers, people.TODAY)
    assert [slot.code for slot in slots] == asked
    assert all(slot.required for slot in slots)


# The conditional document on the pages, without JavaScript


def test_the_form_offers_every_document_and_demands_what_the_answers_need(browser: Client) -> None:
    draft = to_the_form(browser)
    assert 'name="upload-funds"' in text(browser, f"{draft}form/")
    refused = text(browser, fill(browser, draft, "invitation")["Location"])
    assert FUNDS in refused
    assert INVITATION not in refused
    assert fill(browser, draft, payer="school")["Location"] == f"{draft}check/"


def test_an_answer_left_out_asks_for_no_more_than_is_known(browser: Client) -> None:
    refused = text(browser, fill(browser, to_the_form(browser), payer="")["Location"])
    assert "請選擇費用來源" in refused
    assert INVITATION in refused
    assert FUNDS not in refused


def test_what_is_not_asked_for_is_neither_shown_nor_sent(
    browser: Client, officer_client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    draft = to_the_form(browser)
    fill(browser, draft, "invitation", "funds")
    assert "財力證明" in text(browser, f"{draft}check/")
    fill(browser, draft, payer="school")
    assert "財力證明" not in text(browser, f"{draft}check/")
    storage, name = DraftUpload._meta.get_field("file").storage, DraftUpload.objects.get(slot="funds").file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{draft}check/")
    case = Case.objects.get()
    assert [document.slot for document in case.documents.all()] == ["invitation"]
    assert not storage.exists(name)
    assert storage.exists(case.documents.get().file.name)
    assert "財力證明" not in text(browser, f"{HOME}/cases/{case.case_no}/")
    assert "財力證明" not in text(officer_client, f"/admin/cases/review/{case.case_no}/")


def test_a_document_that_the_answers_need_cannot_be_left_out_behind_the_forms_back(browser: Client) -> None:
    draft = to_the_form(browser)
    fill(browser, draft, "invitation", "funds")
    DraftUpload.objects.get(slot="funds").delete()
    assert browser.post(f"{draft}check/")["Location"] == f"{draft}form/?errors"
    assert not Case.objects.exists()


def test_before_anything_is_answered_the_page_says_what_may_be_needed_and_what_it_may_cost(browser: Client) -> None:
    start = text(browser, str(browser.get(f"{HOME}/apply/stay/")["Location"]))
    assert "<li>交換學校邀請函</li><li>財力證明（自費者必附）</li>" in start
    assert "停留證（六個月）：新臺幣 600 元，審查核准後再繳費<br>停留證（一年）：新臺幣 1,200 元，審查核准後再繳費" in start
    fees = text(browser, f"{HOME}/payments/")
    assert "停留證（六個月）：新臺幣六百元。" in fees
    assert "停留證（一年）：新臺幣一千二百元。" in fees
    form = text(browser, f"{to_the_form(browser)}form/")
    assert "自費者必附。" in form


# From the application to the card


def test_three_months_to_correct(sent: Case, officer: User) -> None:
    take(sent, actor=officer, version=1, now=NOW)
    case = ask_correction(sent, actor=officer, version=2, opinion="請補正", now=NOW)
    assert case.deadline == dt.date(2027, 2, 23)


def test_the_road_to_the_card(
    sent: Case, browser: Client, student: User, officer_client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    review, page = f"/admin/cases/review/{sent.case_no}/", f"{HOME}/cases/{sent.case_no}/"
    assert [document.slot for document in sent.documents.all()] == ["invitation", "funds"]
    assert "規費：新臺幣 1,200 元" in text(browser, f"{HOME}/apply/stay/{sent.draft_token}/sent/")
    assert "文件齊全時約需 5 個工作日" in text(browser, page)

    officer_client.post(review, {"action": "take", "version": 1})
    assert "新臺幣 1,200 元" in text(officer_client, review)
    officer_client.post(review, {"action": "approve", "version": 2})
    sent.refresh_from_db()
    assert (sent.status, sent.fee, sent.decision) == (Status.AWAITING_PAYMENT, 1200, {})
    assert "以製發證件" in OutgoingMail.objects.get(kind="case_approved").body
    waiting = text(browser, page)
    assert "繳費完成後即可製發證件" in waiting
    assert "領證時請攜帶" not in waiting

    bill = payments.open_bill(student, sent)
    assert [(line.item, line.amount) for line in bill.lines.all()] == [("停留證（一年）", 1200)]
    with django_capture_on_commit_callbacks(execute=True):
        assert payments.record(payments.started(bill)) is Outcome.BOOKED
    sent.refresh_from_db()
    assert sent.status == Status.COMPLETED

    closed = text(browser, page)
    assert "案件已結案，請依領證資訊，至您選擇的地點領取證件。" in closed
    assert "<dt>領證地點</dt><dd>花蓮縣服務站</dd>" in closed
    assert "<dt>領證時間</dt><dd>結案後第 3 個工作日起</dd>" in closed
    assert "<li>護照</li><li>收據</li>" in closed
    assert "已結案，可領證" in closed
    for address in (page, f"{HOME}/todo/", f"{HOME}/payments/{bill.number}/result/"):
        assert "許可證下載</a>" not in text(browser, address).split("<main")[1]
    email = OutgoingMail.objects.get(kind="case_completed").body
    assert "可至您選擇的地點領取證件" in email
    assert page in email


def test_no_card_is_to_be_collected_whose_fee_the_bank_took_back(
    sent: Case, browser: Client, student: User, officer: User
) -> None:
    approve(take(sent, actor=officer, version=1, now=NOW), actor=officer, version=2, now=NOW)
    bill = payments.open_bill(student, sent)
    payments.record(payments.started(bill))
    payments.record(bill.payments.get(), said=GatewayStatus.REVERSED)

    shown = text(browser, f"{HOME}/cases/{sent.case_no}/")
    assert "金融機構已沖正本案的繳費，證件暫停領取，將由承辦人員與您聯繫後續處理。" in shown
    assert "領證資訊" not in shown
    result = text(browser, f"{HOME}/payments/{bill.number}/result/")
    assert "金融機構已沖正本次交易，證件暫停領取，將由承辦人員與您聯繫後續處理。" in result
    assert "暫停下載" not in shown + result


def test_there_is_no_permit_to_download(sent: Case, browser: Client, officer: User) -> None:
    Case.objects.update(status=Status.COMPLETED, permit_valid_until=dt.date(2028, 1, 2))
    sent.refresh_from_db()
    assert sent.case_no not in text(browser, f"{HOME}/downloads/permits/")
    assert browser.get(f"{HOME}/downloads/permits/{sent.case_no}.pdf").status_code == 404
    with pytest.raises(NotIssuable):
        issue_permit(sent)
    assert not IssuedDocument.objects.filter(kind="permit").exists()


def test_the_records_know_the_card(sent: Case, officer_client: Client, student: User) -> None:
    review = f"/admin/cases/review/{sent.case_no}/"
    officer_client.post(review, {"action": "take", "version": 1})
    officer_client.post(review, {"action": "approve", "version": 2})
    payments.record(payments.started(payments.open_bill(student, sent)))
    tasks.record_permits()
    card = Permit.objects.get(permit_no=sent.case_no)
    assert (card.permit_type, card.stay_until) == (Stay.grants, dt.date(2028, 1, 2))
    assert card.previous_permit_no == card.first_permit_no == people.SINGLE_PERMIT_NO
