"""The manual's list of applications: fees, documents, words."""

import datetime as dt

import pytest

from portal.cases import kinds
from portal.cases.kinds import Answers, Fee, PermitDates
from portal.china_student.identity import MULTIPLE, SINGLE
from portal.china_student.kinds.multiple_entry import MultipleEntry, MultipleEntryForm
from portal.office_calendar.periods import PLAIN_WEEK
from portal.records.protocol import Match

from .test_rules import WANG, permit


def test_multiple_entry_is_what_the_manual_says() -> None:
    kind = kinds.get("china-student", "multiple-entry")
    assert isinstance(kind, MultipleEntry)
    assert (kind.name, kind.tab, kind.number_label) == ("陸生換發多次證申請", "陸生多次證", "陸生就學入出境許可證號碼")
    assert (kind.fees, kind.digit) == ((Fee(1000, "多次證"),), "1")
    assert (kind.accepts, kind.grants, kind.correction_months) == (SINGLE, MULTIPLE, 2)
    assert kind.form is MultipleEntryForm


@pytest.mark.parametrize(
    ("code", "menu", "title", "tab", "number"),
    [
        ("multiple-entry", "陸生換發多次證申請", "陸生換發多次證申請", "陸生多次證", "陸生就學入出境許可證號碼"),
        ("extension", "陸生延期申請", "陸生多次證延期申請", "延期申請", "陸生多次入出境許可證號"),
        ("data-change", "陸生資料異動申請", "陸生資料異動申請", "資料異動", "陸生多次入出境許可證號"),
    ],
)
def test_each_application_is_called_as_in_the_manual(code: str, menu: str, title: str, tab: str, number: str) -> None:
    kind = kinds.get("china-student", code)
    assert (kind.menu, kind.name, kind.tab, kind.number_label) == (menu, title, tab, number)


def test_its_required_documents_are_those_of_the_law() -> None:
    assert [str(slot.label) for slot in MultipleEntry.documents if slot.required] == [
        "照片",
        "在學證明或已註冊學生證正反面",
        "健康檢查合格證明",
        "大陸居民往來台灣通行證正反面",
        "原單次入出境許可證（含入境章）",
        "大陸居民身分證正反面",
    ]
    assert [slot.code for slot in MultipleEntry.documents if not slot.required] == ["other"]
    assert [slot.code for slot in MultipleEntry.documents if slot.photo] == ["photo"]


@pytest.mark.parametrize(
    "asked",
    ["2 年內", "白色背景", "正面", "脫帽", "五官清晰", "雙耳", "眉毛", "不露齒", "不戴有色眼鏡", "413", "531", "不得修改或合成"],
)
def test_all_that_is_asked_of_a_photo_stands_beside_it(asked: str) -> None:
    hints = {str(slot.help) for kind in kinds.of_category("china-student") for slot in kind.documents if slot.photo}
    assert len(hints) == 1
    assert asked in hints.pop()


def test_what_stands_on_a_paper_is_asked_by_some_form() -> None:
    of_category = list(kinds.of_category("china-student"))
    fields = {name for kind in of_category for name in kind.form.base_fields}  # type: ignore[attr-defined]
    on_paper = {slot.code: slot.proves for kind in of_category for slot in kind.documents}
    assert {name for names in on_paper.values() for name in names} <= fields
    assert {code for code, names in on_paper.items() if not names} == {"photo", "other"}


@pytest.mark.parametrize(
    ("answers", "not_asked"),
    [
        ({}, {"health"}),  # nothing answered yet
        ({"health_checked": "N"}, set()),
        ({"health_checked": "Y"}, {"health"}),
        ({"health_checked": "N", "no_person_id": True}, {"person-id"}),
        ({"health_checked": "Y", "no_person_id": True}, {"health", "person-id"}),
    ],
)
def test_two_documents_hang_on_an_answer(answers: Answers, not_asked: set[str]) -> None:
    asked = {slot.code for slot in MultipleEntry().required_documents(answers, dt.date(2026, 11, 23))}
    assert {slot.code for slot in MultipleEntry.documents} - asked == not_asked


def test_its_permit_opens_for_two_years_from_the_day_after_its_issue() -> None:
    for issued_on, until in (
        (dt.date(2019, 9, 10), dt.date(2021, 9, 10)),
        (dt.date(2020, 2, 28), dt.date(2022, 2, 28)),
        (dt.date(2020, 2, 29), dt.date(2022, 2, 28)),
        (dt.date(2019, 8, 31), dt.date(2021, 8, 31)),
        (dt.date(2026, 2, 28), dt.date(2028, 2, 29)),
    ):
        assert MultipleEntry().permit_dates(issued_on, {}, permit(), {}) == PermitDates(issued_on, until, until)


def test_who_just_arrived_may_apply_and_the_first_reason_holds() -> None:
    today = dt.date(2026, 11, 23)
    kind = MultipleEntry()
    assert kind.refusal(Match(WANG, permit()), today, PLAIN_WEEK) is None
    refused = kind.refusal(Match(WANG, permit(None, revoked=True)), today, PLAIN_WEEK)
    assert refused
    assert refused.detail == "此許可證已經廢止"
