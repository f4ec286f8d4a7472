"""陸生資料異動申請: what changes is asked, beside what the records have; they change when an officer approves, and not before."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases import findings, tasks
from portal.cases.kinds import Answers, PermitDates
from portal.cases.models import Case
from portal.cases.operations import approve, record_permit, reject, take
from portal.cases.states import Status
from portal.china_student.kinds.data_change import ITEMS, DataChange, DataChangeForm
from portal.forms.application import Mode
from portal.records.models import Applicant, Permit
from portal.records.protocol import Match
from tests import people
from tests.conftest import logged_in

from .applying import at, decide, noon, send, to_the_check, to_the_form
from .test_rules import A_DAY, CALENDAR, WANG, D, multiple

KIND = DataChange()
TODAY, UNTIL = D(2026, 11, 23), D(2028, 8, 31)
# What each item may become, and what the records keep of it.
NEW: dict[str, dict[str, str]] = {
    "chinese_name": {"chinese_name": "王曉明"},
    "english_name": {"english_name": "WANG, XIAO MING"},
    "gender": {"gender": "1"},
    "birth_date": {"birth_date": "2004/5/7"},
    "birth_place": {"birth_place": "32"},
    "person_id": {"person_id": "310104200405060037"},
    "travel_document": {"travel_document_no": "L10000009", "travel_document_expiry": "2036/1/1"},
    "department": {"department": "電機工程學系"},
    "degree": {"degree": "M"},
    "student_no": {"student_no": "R115000001"},
    "enrolled_on": {"enrolled_on": "2026/9/2"},
    "photo": {},
}
OLD = {
    "chinese_name": "王小明",
    "english_name": "WANG, XIAOMING",
    "gender": "0",
    "birth_date": "2004/05/06",
    "birth_place": "31",
    "person_id": "310104200405060010",
    "travel_document_no": "L10000001",
    "travel_document_expiry": "2031/01/01",
    "department": "資訊工程學系",
    "degree": "B",
    "student_no": "B115000001",
    "enrolled_on": "2026/09/01",
}


@pytest.fixture
def prefill(owner: User) -> dict[str, Any]:
    return DataChangeForm.prefill(Match(WANG, multiple(UNTIL)), owner)


def form(prefill: dict[str, Any], *changes: str, **typed: str) -> DataChangeForm:
    """Those items ticked, `typed` beside them."""
    posted: Any = MultiValueDict({name: [value] for name, value in {"change_reason": "correction", **typed}.items()})
    posted.setlist("changes", list(changes))
    return DataChangeForm(posted, initial=prefill, today=TODAY)


# The form


def test_every_item_is_tried_here() -> None:
    assert NEW.keys() == ITEMS.keys()
    assert {name for values in NEW.values() for name in values} == OLD.keys()


@pytest.mark.parametrize("item", ITEMS)
def test_each_item_alone(prefill: dict[str, Any], item: str) -> None:
    answered = form(prefill, item, **NEW[item])
    assert answered.errors == {}
    given = answered.answers()
    assert OLD.keys() & given.keys() == NEW[item].keys()
    assert (given["changes"], given["change_reason"]) == ([item], "correction")


def test_all_items_together(prefill: dict[str, Any]) -> None:
    typed = {name: value for values in NEW.values() for name, value in values.items()}
    answered = form(prefill, *ITEMS, **{**typed, "person_id": "310104200405070024"})
    assert answered.errors == {}
    assert OLD.keys() <= answered.answers().keys()


@pytest.mark.parametrize("item", [item for item in ITEMS if item != "photo"])
def test_what_stays_as_it_was_is_no_change(prefill: dict[str, Any], item: str) -> None:
    answered = form(prefill, item, **{name: OLD[name] for name in NEW[item]})
    assert answered.errors == {next(iter(NEW[item])): ["與目前資料相同；未變更者請勿勾選"]}


def test_of_the_travel_document_one_of_two_may_change(prefill: dict[str, Any]) -> None:
    for changed in NEW["travel_document"].items():
        both = {name: OLD[name] for name in NEW["travel_document"]} | dict([changed])
        assert form(prefill, "travel_document", **both).errors == {}
    ended = {"travel_document_no": "L10000009", "travel_document_expiry": "2026/11/22"}
    assert form(prefill, "travel_document", **ended).errors == {"travel_document_expiry": ["通行證效期已過"]}


@pytest.mark.parametrize("item", [item for item in ITEMS if item != "photo"])
def test_a_ticked_item_is_filled_in(prefill: dict[str, Any], item: str) -> None:
    assert form(prefill, item).errors.keys() == NEW[item].keys()


def test_what_is_typed_beside_an_item_that_is_not_ticked_is_no_answer(prefill: dict[str, Any]) -> None:
    answered = form(prefill, "department", **{**NEW["department"], **NEW["chinese_name"], "person_id": "wrong"})
    assert answered.errors == {}
    assert OLD.keys() & answered.answers().keys() == {"department"}


def test_something_changes_for_a_reason(prefill: dict[str, Any]) -> None:
    assert form(prefill).errors == {"changes": ["請選擇異動項目"]}
    assert form(prefill, "photo", change_reason="").errors == {"change_reason": ["請選擇異動原因"]}


@pytest.mark.parametrize(
    ("reason", "day", "found"),
    [
        ("changed", "", {"changed_on": ["請輸入異動日期（西元）"]}),
        ("changed", "2026/11/23", {}),
        ("changed", "2026/11/24", {"changed_on": ["異動日期不可晚於今天"]}),
        ("correction", "", {}),
        ("correction", "2026/11/24", {}),  # an error was always one
    ],
)
def test_since_when_it_is_so(prefill: dict[str, Any], reason: str, day: str, found: dict[str, list[str]]) -> None:
    assert form(prefill, "photo", change_reason=reason, changed_on=day).errors == found


@pytest.mark.parametrize("item", ITEMS)
def test_sex_and_date_of_birth_are_corrected_and_do_not_change(prefill: dict[str, Any], item: str) -> None:
    typed = {**NEW["department"], **NEW[item], "change_reason": "changed", "changed_on": "2026/11/1"}
    refused = {"change_reason": ["出生日期及性別只能更正錯誤，請選擇「更正錯誤」"]}
    assert form(prefill, "department", item, **typed).errors == (refused if item in {"gender", "birth_date"} else {})


@pytest.mark.parametrize(
    ("items", "typed", "found"),
    [
        (["person_id"], {"person_id": "310104200405070032"}, ["大陸居民身分證號與出生日期不符"]),
        (["person_id"], {"person_id": "310104200405060029"}, ["大陸居民身分證號與性別不符"]),
        (["person_id", "birth_date"], {"person_id": "310104200405070032", "birth_date": "2004/5/7"}, None),
        (["person_id", "gender"], {"person_id": "310104200405060029", "gender": "1"}, None),
    ],
)
def test_a_new_person_id_agrees_with_what_is_true_from_now_on(
    prefill: dict[str, Any], items: list[str], typed: dict[str, str], found: list[str] | None
) -> None:
    assert form(prefill, *items, **typed).errors == ({"person_id": found} if found else {})


def test_neither_school_nor_number_can_be_changed(prefill: dict[str, Any]) -> None:
    answered = form(prefill, "photo", ui_no="A123456789", school_name="別的學校", stay_until="2040/1/1")
    assert answered.is_valid()
    assert {name: answered.answers()[name] for name in ("ui_no", "school_name", "stay_until")} == {
        "ui_no": "A890000002",
        "school_name": "國立臺灣大學",
        "stay_until": "2028/08/31",
    }


def test_the_way_of_who_leaves_is_said_on_the_form() -> None:
    (intro,) = [str(section.intro) for section in DataChangeForm(mode=Mode.READ_ONLY).sections if section.intro]
    assert "休學、退學、畢業、變更或喪失學生身分不是資料異動" in intro
    assert "見「休學、退學、畢業時」說明" in intro


# Papers


ALWAYS = {"permit", "other"}


@pytest.mark.parametrize(
    ("item", "papers"),
    [
        ("chinese_name", {"proof", "travel-document"}),
        ("english_name", {"travel-document"}),
        ("gender", {"proof"}),
        ("birth_date", {"proof"}),
        ("birth_place", {"proof"}),
        ("person_id", {"person-id"}),
        ("travel_document", {"travel-document"}),
        ("department", {"enrolment"}),
        ("degree", {"enrolment"}),
        ("student_no", {"enrolment"}),
        ("enrolled_on", {"enrolment"}),
        ("photo", {"photo"}),
    ],
)
def test_each_item_is_proved_by_its_paper(item: str, papers: set[str]) -> None:
    asked = KIND.required_documents({"changes": [item], "photo_on_file": "115150000018"}, TODAY)
    assert {slot.code for slot in asked} == ALWAYS | papers
    assert {slot.code for slot in asked if not slot.required} == {"other"}


@pytest.mark.parametrize(
    ("answers", "papers"),
    [
        ({"changes": list(ITEMS), "photo_on_file": "1"}, {slot.code for slot in KIND.documents}),
        ({"changes": ["gender", "birth_date"], "photo_on_file": "1"}, ALWAYS | {"proof"}),
        ({"changes": ["department"], "photo_on_file": ""}, ALWAYS | {"enrolment", "photo"}),  # no earlier photo to print
        ({}, ALWAYS | {"photo"}),
    ],
)
def test_several_items_are_proved_by_all_their_papers(answers: Answers, papers: set[str]) -> None:
    assert {slot.code for slot in KIND.required_documents(answers, TODAY)} == papers


# The permit


@pytest.mark.parametrize("until", [D(2028, 8, 31), D(2026, 11, 23), D(2028, 2, 29)])
def test_the_corrected_permit_ends_when_the_one_before_would_have(until: dt.date) -> None:
    assert KIND.permit_dates(TODAY, {}, multiple(until), {}) == PermitDates(TODAY, until, until)
    assert KIND.fee({}).amount == 0


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (D(2026, 11, 23), None),
        (D(2028, 8, 31), None),
        (D(2028, 9, 1), "此許可證的有效期限已於 2028/08/31 屆滿"),
    ],
)
def test_as_long_as_the_permit_is_valid(today: dt.date, said: str | None) -> None:
    refused = KIND.refusal(Match(WANG, multiple(UNTIL)), today, CALENDAR)
    assert (refused and refused.detail) == said


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (multiple(UNTIL, revoked=True), "此許可證已經廢止"),
        (multiple(UNTIL, superseded=True), "此許可證已換發新證，請以新證申請"),
        (multiple(TODAY - A_DAY, superseded=True), "此許可證已換發新證，請以新證申請"),
    ],
)
def test_a_permit_that_holds_no_more_is_not_corrected(held: Any, said: str) -> None:
    refused = KIND.refusal(Match(WANG, held), TODAY, CALENDAR)
    assert refused
    assert refused.detail == said


# Over HTTP, to the records


@pytest.fixture
def permit(wang: Applicant, declared: None) -> Permit:
    return people.multiple_permit(wang, until=UNTIL)


RENAMED = {"change_reason": "correction", "changes": ["chinese_name", "birth_date", "travel_document"]} | {
    name: value for item in ("chinese_name", "birth_date", "travel_document") for name, value in NEW[item].items()
}
PAPERS = ("permit", "proof", "travel-document", "photo")


@pytest.fixture
def sent(permit: Permit, owner: User) -> Case:
    with at(TODAY):
        return send(owner, KIND, permit.permit_no, RENAMED, *PAPERS)


def known(owner: User) -> dict[str, Any]:
    """What records and account say of the person."""
    record = Applicant.objects.values("chinese_name", "birth_date", "papers", "ui_no", "english_name", "degree").get()
    account = User.objects.values("chinese_name", "birth_date", "ui_no", "username", "email").get(pk=owner.pk)
    return {**record, "account": account}


def test_old_and_new_stand_side_by_side(permit: Permit, owner: User) -> None:
    with at(TODAY):
        client = logged_in(owner)
        draft = to_the_form(client, "data-change", permit.permit_no)[0]
        page = client.get(f"{draft}form/").content.decode()
        for name, old in (("chinese_name", "王小明"), ("department", "資訊工程學系"), ("degree", "學士班")):
            above = page.split(f'name="{name}"')[0].rpartition('<span class="current-label">目前資料</span>')[2]
            assert above.startswith(f' <span translate="no">{old}</span>')
        check = to_the_check(client, "data-change", permit.permit_no, RENAMED, *PAPERS)[1]
    assert '<dt>中文姓名</dt><dd translate="no">王曉明 <span class="hint">（目前資料：王小明）</span></dd>' in check
    assert "英文姓名" not in check.partition("<main")[2]


def test_nothing_changes_before_an_officer_approves(sent: Case, owner: User, officer: User) -> None:
    before = known(owner)
    take(sent, actor=officer, version=1, now=noon(TODAY))
    assert tasks.record_permits() == 0
    assert known(owner) == before
    reject(sent, actor=officer, version=2, reason="other_law", opinion="", now=noon(TODAY))
    assert tasks.record_permits() == 0
    assert known(owner) == before
    assert Permit.objects.filter(permit_type="multiple").count() == 1


def test_the_officer_sees_what_the_records_say(sent: Case, officer_client: Client) -> None:
    page = officer_client.get(f"/admin/cases/review/{sent.case_no}/").content.decode()
    row = page.split('<th scope="row" id="answer-chinese_name">中文姓名')[1].split("</tr>")[0]
    assert "<td>王曉明" in row
    assert "<strong>不同</strong>：王小明" in row
    assert "無須繳費，核准後即結案。" not in page  # not taken yet


def test_an_approval_changes_the_records_and_the_account_follows(sent: Case, owner: User, officer: User) -> None:
    before = known(owner)
    case = decide(sent, officer, noon(TODAY))
    assert (case.status, case.fee) == (Status.COMPLETED, 0)
    after = known(owner)
    new_papers = {"travel_document_no": "L10000009", "travel_document_expiry": "2036-01-01"}
    assert after == {
        **before,
        "chinese_name": "王曉明",
        "birth_date": D(2004, 5, 7),
        "papers": {**before["papers"], **new_papers},
        "account": {**before["account"], "chinese_name": "王曉明", "birth_date": D(2004, 5, 7)},
    }
    assert after["ui_no"] == after["account"]["ui_no"] == "A890000002"
    record_permit(case, now=noon(TODAY))
    assert known(owner) == after


def test_the_corrected_permit_is_known_with_the_dates_of_the_old_one(sent: Case, permit: Permit, officer: User) -> None:
    case = decide(sent, officer, noon(TODAY))
    new = Permit.objects.get(permit_no=case.case_no)
    assert (new.issued_on, new.valid_until, new.stay_until) == (TODAY, UNTIL, UNTIL)
    assert (new.previous_permit_no, new.first_permit_no) == (permit.permit_no, permit.permit_no)


def test_records_that_do_not_answer_change_nothing_yet(sent: Case, owner: User, officer: User, settings: Settings) -> None:
    before, source = known(owner), settings.RECORDS_SOURCE
    case = take(sent, actor=officer, version=1, now=noon(TODAY))
    accepted = [finding.code for finding in findings.of(case, now=noon(TODAY))]
    approve(case, actor=officer, version=2, now=noon(TODAY), accepted=accepted)
    settings.RECORDS_SOURCE = "tests.records.sources.DownSource"
    assert tasks.record_permits() == 0
    assert known(owner) == before
    settings.RECORDS_SOURCE = source
    assert tasks.record_permits() == 1
    assert known(owner)["account"]["chinese_name"] == "王曉明"
