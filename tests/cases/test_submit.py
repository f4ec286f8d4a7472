"""送件: numbers, copies, one draft is one case."""

import datetime as dt
from typing import Any

import pytest
from django.test import override_settings

from portal.accounts.models import User
from portal.cases.kinds import CaseKind
from portal.cases.models import Case, CaseEvent, Document
from portal.cases.operations import NotAllowed
from portal.cases.states import Status
from portal.fields.identifiers import check_digit, is_permit_no
from portal.mail.models import OutgoingMail
from tests import people
from tests.factories.cases import ANSWERS, NOW, PNG, completed, document, match, submitted


def test_a_sent_case_keeps_what_was_sent_and_what_the_records_said(owner: User, kind: CaseKind) -> None:
    case = submitted(owner, kind=kind, documents=[document(), document("enrolment", b"%PDF")], draft_token="abc")
    case.refresh_from_db()
    assert (case.status, case.version, case.owner, case.kind) == (Status.SUBMITTED, 1, owner, kind)
    assert (case.name, case.school, case.permit_no) == ("王小明", "國立臺灣大學", people.SINGLE_PERMIT_NO)
    assert (case.answers, case.declaration_version, case.submitted_at) == (ANSWERS, "1", NOW)
    assert (case.applicant["ui_no"], case.applicant["birth_date"]) == ("A890000002", "2004-05-06")
    assert (case.permit["permit_type"], case.permit["stay_until"]) == ("single", "2027-01-02")
    assert list(case.revisions.values_list("number", "answers", "reply", "sent_at")) == [(1, ANSWERS, "", NOW)]
    assert list(case.documents.values_list("slot", "original_name", "size", "replaced_at")) == [
        ("photo", "大頭照.png", len(PNG), None),
        ("enrolment", "大頭照.png", 4, None),
    ]
    assert list(case.events.values_list("action", "role", "actor", "source", "target", "version", "at")) == [
        ("submit", "applicant", owner.pk, "", "submitted", 1, NOW)
    ]


@override_settings(SERIAL_START=5_000_001)
def test_numbers_follow_one_another(owner: User, stranger: User, kind: CaseKind, free_kind: CaseKind) -> None:
    second = submitted(owner, kind=free_kind, match=match(owner, permit_no="115000000023"))
    cases = [submitted(owner, kind=kind), second, submitted(stranger, kind=kind)]
    bodies = ["11585000002", "11595000001", "11585000003"]
    assert [case.case_no for case in cases] == [body + check_digit(body) for body in bodies]
    assert all(is_permit_no(case.case_no) for case in cases)
    assert [case.group_no for case in cases] == ["S11511230002", "S11511230001", "S11511230003"]


def test_the_serial_starts_anew_each_year_and_the_group_each_day(owner: User, stranger: User, kind: CaseKind) -> None:
    new_year = dt.datetime(2027, 1, 1, 0, 30, tzinfo=NOW.tzinfo)  # still 2026 in UTC
    still_staying = match(stranger, stay_until=dt.date(2027, 2, 1))
    cases = [submitted(owner, kind=kind), submitted(stranger, kind=kind, now=new_year, match=still_staying)]
    assert [case.case_no[:11] for case in cases] == ["11585000001", "11685000001"]
    assert [case.group_no for case in cases] == ["S11511230001", "S11601010001"]


def test_the_same_draft_sent_again_is_the_same_case(owner: User, kind: CaseKind) -> None:
    first = submitted(owner, kind=kind, documents=[document()], draft_token="abc")
    second = submitted(owner, kind=kind, documents=[document()], draft_token="abc")
    assert first == second
    assert (Case.objects.count(), CaseEvent.objects.count(), Document.objects.count()) == (1, 1, 1)
    assert OutgoingMail.objects.count() == 1


def test_the_same_draft_is_the_same_case_even_after_it_was_decided(owner: User, officer: User, kind: CaseKind) -> None:
    case = completed(owner, officer, kind=kind, draft_token="abc")
    assert submitted(owner, kind=kind, draft_token="abc") == case


@pytest.mark.parametrize(
    "changes",
    [
        {"declaration_version": ""},
        {"now": NOW + dt.timedelta(days=60)},  # the permit's stay is over: the kind's rule says no
    ],
)
def test_an_unmet_need_is_not_allowed_and_leaves_no_gap_in_the_numbers(
    changes: dict[str, Any], owner: User, kind: CaseKind
) -> None:
    with pytest.raises(NotAllowed):
        submitted(owner, kind=kind, **changes)
    assert not Case.objects.exists()
    assert submitted(owner, kind=kind).case_no.startswith("11585000001")


def test_nobody_sends_somebody_elses_permit(owner: User, stranger: User, officer: User, kind: CaseKind) -> None:
    for sender in (stranger, officer):
        with pytest.raises(NotAllowed):
            submitted(sender, kind=kind, match=match(owner))
    assert not Case.objects.exists()


def test_somebody_elses_draft_is_not_answered_with_their_case(owner: User, stranger: User, kind: CaseKind) -> None:
    submitted(owner, kind=kind, draft_token="abc")
    with pytest.raises(NotAllowed):
        submitted(stranger, kind=kind, draft_token="abc")
    assert Case.objects.get().owner == owner
