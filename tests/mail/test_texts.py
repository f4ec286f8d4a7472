"""通知信文字: every email about cases and payments can be worded by editors, within its placeholders, and no other email can."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.cases.kinds import DocumentSlot
from portal.cases.models import Case
from portal.cms.snippets import publish_new
from portal.forms.models import Draft
from portal.home.groups import CHIEF_EDITORS
from portal.mail.models import EmailText, OutgoingMail
from portal.mail.outbox import queue
from portal.mail.placeholders import EmailKind, all_kinds, get
from portal.mail.texts import text_of
from portal.payments.models import Refund
from tests.factories import payments
from tests.staff import logged_in, make_staff

pytestmark = pytest.mark.django_db
ADD = "/admin/snippets/portal_mail/emailtext/add/"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
DAY = dt.date(2027, 1, 25)
# The words of these are nobody's to change: they open or close an account, or go to staff. The last is a part of the others.
SHIPPED_ONLY = {
    *("account_closed", "account_reopened", "activation", "already_registered", "log_in_failures", "one_time_password"),
    *("email_change_asked", "email_changed", "email_changed_by_staff", "email_confirm", "password_changed"),
    *("staff_administrators_changed", "staff_authenticator_replaced", "staff_closed", "staff_email_changed"),
    *("staff_invitation_moved", "staff_new_administrator", "staff_password_changed", "staff_recovery_codes_made"),
    *("staff_reopened", "staff_reset_asked", "staff_reset_done", "staff_set_up", "admin_letter", "helpline"),
}


def test_every_email_is_editors_or_stays_as_it_is() -> None:
    shipped = {path.stem for path in Path(settings.ROOT, "templates/portal/mail").glob("*.txt")}
    assert {kind.code for kind in all_kinds()} == shipped - SHIPPED_ONLY
    assert shipped >= SHIPPED_ONLY


@pytest.fixture
def known(owner: User, officer: User) -> dict[str, Any]:
    """What an email of any kind may know, nothing of it empty."""
    receipt = payments.paid(owner, officer)
    payment, bill, case = receipt.payment, receipt.bill, Case.objects.get()
    case.deadline, case.opinion, case.reject_reason, case.status = DAY, "請重拍 {link}", "purpose_lost", "correction"
    payment.pay_until, payment.codes = DAY, {"account": "99000000000001"}
    return {
        "BASE_URL": settings.BASE_URL,
        "case": case,
        "remarks": case.labelled([{"on": "department", "text": "請依學生證填寫"}]),
        "missing": [DocumentSlot("asked-1", "休學證明")],
        "note": "英文姓名筆誤",
        "bill": bill,
        "payment": payment,
        "receipt": receipt,
        "receipt_waits": True,
        "refund": Refund(amount=1000, reason="重複繳費"),
        "draft": Draft(owner=owner, category=owner.category, kind_code="multiple-entry"),
        "ends_on": DAY,
    }


def all_in_each_language() -> Iterator[tuple[EmailKind, str]]:
    for language in LANGUAGES:
        with translation.override(language):
            yield from ((kind, language) for kind in all_kinds())


def test_what_stands_in_a_placeholder_stands_in_the_shipped_email_too(known: dict[str, Any]) -> None:
    for status in ("correction", "supplement", "awaiting_payment"):
        known["case"].status = status
        for kind, language in all_in_each_language():
            shipped, values = render_to_string(f"portal/mail/{kind.code}.txt", known), kind.values(known)
            assert {name: value for name, value in values.items() if not value or value not in shipped} == {}, (
                kind.code,
                language,
            )


def wording(kind: EmailKind) -> str:
    """All that it knows."""
    return "\n".join(f"{each.label} {{{each.name}}}" for each in kind.placeholders)


def test_the_words_of_editors_go_out_in_their_language_and_the_shipped_ones_in_others(known: dict[str, Any]) -> None:
    for kind in all_kinds():
        publish_new(EmailText(kind=kind.code, subject_en="Our words", text_en=wording(kind)))
    for kind, language in all_in_each_language():
        said, values = text_of(kind.code, known, now=timezone.now()), kind.values(known)
        ours = "\n".join(f"{each.label} {values[each.name]}" for each in kind.placeholders)
        shipped = render_to_string(f"portal/mail/{kind.code}.txt", known)
        assert said == (f"Our words\n{ours}" if language == "en" else shipped), (kind.code, language)


def test_what_is_not_published_or_over_or_does_not_fit_any_more_is_not_sent(known: dict[str, Any]) -> None:
    shipped = render_to_string("portal/mail/case_withdrawn.txt", known)
    words = EmailText(kind="case_withdrawn", subject="撤銷", text="{case_no} 已撤銷", live=False)
    words.save()
    for changes, said in (
        ({}, shipped),
        ({"live": True}, f"撤銷\n{known['case'].case_no} 已撤銷"),
        ({"text": "{case_no} {gone}"}, shipped),
        ({"text": "{case_no}", "expire_at": timezone.now()}, shipped),
    ):
        EmailText.objects.filter(pk=words.pk).update(**changes)
        assert text_of("case_withdrawn", known, now=timezone.now()) == said


def test_no_words_of_editors_reach_an_email_that_opens_an_account(owner: User) -> None:
    EmailText.objects.create(kind="one_time_password", subject="x", text="x")
    context = {"username": "x", "password": "y", "category": owner.category, "expires_at": timezone.now()}
    queue(kind="one_time_password", to="a@example.test", context=context, language="zh-hant")
    assert OutgoingMail.objects.get().subject == "學生線上申辦系統：新登入密碼資訊通知"


GOOD = {"kind": "case_withdrawn", "subject": "撤銷", "text": "收件號 {case_no}", "action-publish": "publish"}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (
            {"text": "{case_no} {birth_date}"},
            "這封信沒有 {birth_date} 這個欄位。可使用：{name} 姓名、{kind} 申請類別、{case_no} 收件號",
        ),
        ({"text": "{case_no} {case.owner.password}"}, "這封信沒有 {case.owner.password} 這個欄位。"),
        ({"text": "{case_no} {"}, "大括號只用於欄位，且須成對。"),
        ({"text": "已撤銷"}, "這封信必須包含：{case_no} 收件號。"),
        ({"subject": "{name} 撤銷"}, "主旨不能使用欄位"),
        ({"subject": ""}, "主旨與內容須一起填寫。"),
        ({"text_en": "Withdrawn {case_no}"}, "主旨與內容須一起填寫。"),
        ({"subject_en": "Withdrawn", "text_en": "{number}"}, "這封信沒有 {number} 這個欄位。"),
        ({"kind": "one_time_password"}, "one_time_password"),
    ],
)
def test_words_that_do_not_fit_are_refused_and_say_why(said: dict[str, str], wrong: str) -> None:
    client = logged_in(make_staff("chief", CHIEF_EDITORS))
    page = client.post(ADD, {**GOOD, **said})
    assert page.status_code == 200
    assert wrong in page.content.decode()
    assert EmailText.objects.count() == 0


def test_editors_write_them_and_the_preview_names_placeholders_and_nobody() -> None:
    client = logged_in(make_staff("chief", CHIEF_EDITORS))
    assert "<code>{objection}</code> 訴願教示（必須）" in client.get(ADD).content.decode()
    assert client.post(ADD, {**GOOD, "text": "收件號 {case_no}\r\n{{% now %}}"}).status_code == 200
    assert client.post(ADD, GOOD).status_code == 302
    words = EmailText.objects.get()
    assert (words.live, str(words)) == (True, get("case_withdrawn").label)  # type: ignore[union-attr]
    with translation.override("zh-hant"):
        assert words.sample == ("撤銷", "收件號 〔收件號〕")
    edit = f"/admin/snippets/portal_mail/emailtext/edit/{words.pk}/"
    client.post(f"{edit.replace('edit', 'preview')}", GOOD)
    page = client.get(f"{edit.replace('edit', 'preview')}?mode=zh-hant").content.decode()
    assert "收件號 〔收件號〕" in page
