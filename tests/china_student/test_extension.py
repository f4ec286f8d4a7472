"""陸生多次證延期申請: who may apply on which day, until when the stay is made longer, and what the officer decides."""

import datetime as dt
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.datastructures import MultiValueDict

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.kinds import Answers, PermitDates
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, approve, take
from portal.cases.slots import Slots
from portal.cases.states import Status
from portal.china_student.kinds.extension import (
    Extension,
    ExtensionDecision,
    ExtensionForm,
    longest_stay,
    stay_asked_for,
)
from portal.records.models import Applicant, Permit
from portal.records.protocol import Match, Reason
from tests import people
from tests.conftest import logged_in

from .applying import EXTENDING, HOME, at, noon, send, to_the_check, to_the_form
from .test_rules import A_DAY, CALENDAR, WANG, D, holder, multiple

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"`((?:portal|templates)/[^`\n]+\.\w+)`\n\s+```\w+\n(.*?)\n\s+```", re.DOTALL)
KIND = Extension()
UNTIL = D(2028, 11, 23)
LATER = D(2028, 9, 1)
SLOTS = ("permit", "enrolment", "travel-document", "photo")


def test_the_page_on_adding_a_kind_shows_this_one() -> None:
    page = (ROOT / "docs" / "add-a-kind.md").read_text()
    shown = {name: textwrap.dedent(f"   {code.lstrip()}").strip() for name, code in SHOWN.findall(page)}
    assert shown == {
        name: (ROOT / name).read_text().strip()
        for name in ("portal/china_student/kinds/extension.py", "templates/portal/china_student/permit_extended.html")
    }


def test_its_module_was_found() -> None:
    assert isinstance(kinds.get("china-student", "extension"), Extension)
    assert [kind.code for kind in kinds.of_category("china-student")] == ["multiple-entry", "extension", "data-change"]


# Until when: two years more, or six months after the normal length of study


def answers(degree: str = "B", enrolled_on: str = "2026-09-01", **more: str) -> dict[str, Any]:
    return {"degree": degree, "enrolled_on": enrolled_on, **more}


TWO_YEARS, SIX_MONTHS = D(2030, 11, 23), D(2029, 5, 23)


@pytest.mark.parametrize(("degree", "years"), [("D", 5), ("M", 3), ("N", 3), ("B", 4), ("C", 2), ("2", 2)])
def test_the_years_of_each_programme_to_the_day(degree: str, years: int) -> None:
    held = multiple(UNTIL)
    assert longest_stay(held, answers(degree, f"{2028 - years}-09-02"), LATER) == TWO_YEARS  # a day less
    assert longest_stay(held, answers(degree, f"{2028 - years}-09-01"), LATER) == SIX_MONTHS
    assert longest_stay(held, answers(degree, f"{2028 - years}-08-31"), LATER) == SIX_MONTHS


@pytest.mark.parametrize(
    ("degree", "enrolled_on", "last_day_of_two_years"),
    [
        ("B", "2024-02-29", D(2028, 2, 28)),  # four years later there is a 29 February
        ("B", "2024-03-01", D(2028, 2, 29)),
        ("D", "2024-02-29", D(2029, 2, 28)),  # five years later there is none: the month's last day still counts
        ("M", "2025-02-28", D(2028, 2, 27)),
        ("M", "2023-08-31", D(2026, 8, 30)),
        ("C", "2026-09-01", D(2028, 8, 31)),
        ("2", "2026-02-17", D(2028, 2, 16)),  # Lunar New Year's Day: nothing moves
    ],
)
def test_years_are_full_on_the_day_of_enrolment(degree: str, enrolled_on: str, last_day_of_two_years: dt.date) -> None:
    held, given = multiple(UNTIL), answers(degree, enrolled_on)
    assert longest_stay(held, given, last_day_of_two_years) == TWO_YEARS
    assert longest_stay(held, given, last_day_of_two_years + A_DAY) == SIX_MONTHS


@pytest.mark.parametrize(
    ("until", "six_months", "two_years"),
    [
        (D(2028, 2, 29), D(2028, 8, 31), D(2030, 2, 28)),  # from 1 March to the eve of 1 September, of 1 March
        (D(2027, 2, 28), D(2027, 8, 31), D(2029, 2, 28)),
        (D(2026, 2, 28), D(2026, 8, 31), D(2028, 2, 29)),
        (D(2027, 8, 31), D(2028, 2, 29), D(2029, 8, 31)),
        (D(2026, 8, 29), D(2027, 2, 28), D(2028, 8, 29)),  # no 30 February
        (D(2026, 8, 30), D(2027, 2, 28), D(2028, 8, 30)),
        (D(2026, 10, 30), D(2027, 4, 30), D(2028, 10, 30)),  # no 31 April
        (D(2026, 12, 31), D(2027, 6, 30), D(2028, 12, 31)),
        (D(2026, 8, 17), D(2027, 2, 17), D(2028, 8, 17)),  # within Lunar New Year's holidays: a permit ends on that very day
    ],
)
def test_the_new_stay_is_counted_from_the_day_after_the_old_one(until: dt.date, six_months: dt.date, two_years: dt.date) -> None:
    for enrolled_on, end in (("2010-09-01", six_months), (f"{until:%Y-%m}-01", two_years)):
        given = answers("B", enrolled_on)
        assert longest_stay(multiple(until), given, until) == end
        dates = KIND.permit_dates(until, given, multiple(until), {"stay_until": None, "reason": ""})
        assert dates == PermitDates(until, valid_until=end, stay_until=end)


@pytest.mark.parametrize(
    ("semesters", "last_day_of_two_years"),
    [
        ("0", D(2028, 8, 31)),
        ("1", D(2029, 2, 28)),
        ("2", D(2029, 8, 31)),
        ("3", D(2030, 2, 28)),
        ("4", D(2030, 8, 31)),
    ],
)
def test_a_semester_of_leave_is_no_study(semesters: str, last_day_of_two_years: dt.date) -> None:
    given = answers("B", "2024-09-01", leave_semesters=semesters)
    assert longest_stay(multiple(UNTIL), given, last_day_of_two_years) == TWO_YEARS
    assert longest_stay(multiple(UNTIL), given, last_day_of_two_years + A_DAY) == SIX_MONTHS


@pytest.mark.parametrize(("years", "last_day_of_two_years"), [("", 2028), ("5", 2029), ("6", 2030), ("7", 2031)])
def test_a_bachelors_programme_lengthened_by_law_is_over_later(years: str, last_day_of_two_years: int) -> None:
    given = answers("B", "2024-09-01", lengthened_years=years)
    assert longest_stay(multiple(UNTIL), given, D(last_day_of_two_years, 8, 31)) == TWO_YEARS
    assert longest_stay(multiple(UNTIL), given, D(last_day_of_two_years, 9, 1)) == SIX_MONTHS


@pytest.mark.parametrize("degree", ["D", "M", "N", "C", "2"])
def test_no_other_programme_is_lengthened(degree: str) -> None:
    assert longest_stay(multiple(UNTIL), answers(degree, "2023-09-01", lengthened_years="7"), LATER) == SIX_MONTHS


def test_leave_and_lengthened_years_add_up() -> None:
    given = answers("B", "2024-09-01", lengthened_years="6", leave_semesters="1")
    assert longest_stay(multiple(UNTIL), given, D(2031, 2, 28)) == TWO_YEARS
    assert longest_stay(multiple(UNTIL), given, D(2031, 3, 1)) == SIX_MONTHS


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ("", TWO_YEARS),
        ("2029-06-30", D(2029, 6, 30)),
        ("2030-11-22", D(2030, 11, 22)),
        ("2030-11-23", TWO_YEARS),
        ("2030-11-24", TWO_YEARS),  # as far as the law goes
    ],
)
def test_who_asks_for_less_gets_less_and_nobody_more(asked: str, until: dt.date) -> None:
    given = answers(extend_until=asked)
    assert stay_asked_for(multiple(UNTIL), given, LATER) == until
    assert KIND.permit_dates(LATER, given, multiple(UNTIL), {}).stay_until == until


# The officer's decision


def decision(given: Answers, **said: str) -> ExtensionDecision:
    return ExtensionDecision(said, answers=given, previous=multiple(UNTIL), today=LATER)


def faults(given: Answers, **said: str) -> dict[str, list[str]]:
    return {name: [str(each) for each in found] for name, found in decision(given, **said).errors.items()}


OVER = answers("B", "2024-09-01")
DUAL = answers(dual_degree="Y")


def test_without_a_choice_the_laws_day_holds() -> None:
    left_empty = decision(answers())
    assert left_empty.is_valid()
    assert left_empty.decision() == {"stay_until": None, "reason": ""}
    assert left_empty.fields["stay_until"].help_text == "不填為 2030/11/23。"
    assert decision(OVER).fields["stay_until"].help_text == "不填為 2029/05/23。"
    assert decision(answers(extend_until="2029-06-30")).fields["stay_until"].help_text == "不填為 2029/06/30。"


@pytest.mark.parametrize(
    ("given", "day", "reason", "found"),
    [
        (answers(), "2030/11/23", "", {}),  # what the law says needs no reason
        (answers(), "2030/11/22", "", {"reason": ["停留期限與法定不同時，請填寫理由"]}),
        (answers(), "2030/11/22", "預計提早畢業", {}),
        (answers(), "2030/11/24", "學位延長", {"stay_until": ["每次延長不得逾二年"]}),
        (answers(), "2028/11/23", "學位延長", {"stay_until": ["須晚於原停留期限"]}),
        (answers(), "2028/11/24", "學位延長", {}),
        (OVER, "2029/05/24", "", {"reason": ["停留期限與法定不同時，請填寫理由"]}),
        (OVER, "2029/05/24", "修業期限另經核定", {}),
        (OVER, "2030/11/23", "修業期限另經核定", {}),
        (OVER, "2030/11/24", "修業期限另經核定", {"stay_until": ["每次延長不得逾二年"]}),
        (DUAL, "", "", {"stay_until": ["請填寫停留期限"]}),  # 就讀辦法 §20: nobody but the officer knows
        (DUAL, "2030/11/24", "", {"reason": ["停留期限與法定不同時，請填寫理由"]}),
        (DUAL, "2030/11/24", "教育部核定修業至 2032 年", {}),
        (DUAL, "2032/8/31", "教育部核定修業至 2032 年", {}),
        (DUAL, "2030/11/23", "", {}),
        (DUAL, "2028/11/23", "教育部核定", {"stay_until": ["須晚於原停留期限"]}),
    ],
)
def test_another_day_needs_a_reason_and_has_its_limits(
    given: Answers, day: str, reason: str, found: dict[str, list[str]]
) -> None:
    assert faults(given, stay_until=day, reason=reason) == found


def test_the_day_that_was_chosen_is_the_permits() -> None:
    chosen = decision(DUAL, stay_until="2032/8/31", reason="教育部核定修業至 2032 年")
    assert chosen.is_valid()
    assert KIND.permit_dates(LATER, DUAL, multiple(UNTIL), chosen.decision()) == PermitDates(
        LATER, valid_until=D(2032, 8, 31), stay_until=D(2032, 8, 31)
    )
    assert decision(DUAL).fields["stay_until"].help_text == "雙聯學制：請依教育部核定之修業期間填寫（就讀辦法第20條）。"


# Who, and when


@pytest.mark.parametrize(
    ("until", "opens_on", "closes_on"),
    [
        (D(2026, 5, 16), D(2026, 2, 16), D(2026, 5, 18)),  # opens on the eve of Lunar New Year, closes after a weekend
        (D(2026, 2, 14), D(2025, 11, 14), D(2026, 2, 23)),  # a Saturday before nine days off
        (D(2026, 5, 31), D(2026, 2, 28), D(2026, 6, 1)),  # a Sunday at the end of a month
        (D(2025, 2, 8), D(2024, 11, 8), D(2025, 2, 8)),  # a make-up workday is a workday
        (D(2027, 11, 30), D(2027, 8, 30), D(2027, 11, 30)),
    ],
)
def test_from_the_day_it_opens_through_the_last_working_day(until: dt.date, opens_on: dt.date, closes_on: dt.date) -> None:
    held = Match(WANG, multiple(until))
    for day in (opens_on, closes_on):
        assert KIND.refusal(held, day, CALENDAR) is None
    early, late = KIND.refusal(held, opens_on - A_DAY, CALENDAR), KIND.refusal(held, closes_on + A_DAY, CALENDAR)
    assert early
    assert (early.reason, early.opens_on) == (Reason.TOO_EARLY, opens_on)
    assert late
    assert (late.reason, late.detail) == (
        Reason.NOT_ELIGIBLE,
        f"須於停留期間屆滿前申請，停留期間已於 {until:%Y/%m/%d} 屆滿",
    )


@pytest.mark.parametrize(
    ("match", "said"),
    [
        (Match(WANG, multiple(UNTIL)), None),
        (Match(WANG, multiple(UNTIL, revoked=True)), "此許可證已經廢止"),
        (Match(WANG, multiple(UNTIL, superseded=True)), "此許可證已換發新證，請以新證申請"),
        (Match(holder(LATER), multiple(UNTIL)), None),
        (Match(holder(LATER - A_DAY), multiple(UNTIL)), "大陸居民往來台灣通行證已於 2028/08/31 逾期，請先換發通行證"),
    ],
)
def test_each_rule_is_asked(match: Match, said: str | None) -> None:
    refused = KIND.refusal(match, LATER, CALENDAR)
    assert (refused and refused.detail) == said


def test_a_permit_that_was_exchanged_says_so_before_it_says_that_it_is_too_early() -> None:
    refused = KIND.refusal(Match(WANG, multiple(UNTIL, superseded=True)), D(2027, 1, 1), CALENDAR)
    assert refused
    assert refused.detail == "此許可證已換發新證，請以新證申請"


# Documents


@pytest.mark.parametrize(("on_file", "needed"), [("", True), ("115150000018", False)])
def test_a_document_is_marked_as_required_before_anything_is_sent(prefill: dict[str, Any], on_file: str, needed: bool) -> None:
    begun = ExtensionForm(kind=KIND, case_slots=Slots(KIND, LATER), initial={**prefill, "photo_on_file": on_file}, today=LATER)
    required = {field.name: field.field.required for field in begun.document_fields()}
    assert required == {
        "upload-permit": True,
        "upload-enrolment": True,
        "upload-travel-document": True,
        "upload-lengthened": True,  # shown only where it is asked for
        "upload-dual-degree": True,
        "upload-photo": needed,
        "upload-other": False,
    }


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ({}, {"permit", "enrolment", "travel-document", "photo"}),
        ({"photo_on_file": "115150000018"}, {"permit", "enrolment", "travel-document"}),
        ({"lengthened_years": "6"}, {"permit", "enrolment", "travel-document", "photo", "lengthened"}),
        ({"dual_degree": "Y"}, {"permit", "enrolment", "travel-document", "photo", "dual-degree"}),
        ({"dual_degree": "N", "lengthened_years": ""}, {"permit", "enrolment", "travel-document", "photo"}),
    ],
)
def test_what_must_be_handed_in(given: Answers, asked: set[str]) -> None:
    slots = KIND.required_documents(given, LATER)
    assert {slot.code for slot in slots if slot.required} == asked
    assert {slot.code for slot in slots if not slot.required} == {"other"} | {"photo", "other"} - asked


# The form


@pytest.fixture
def prefill(owner: User) -> dict[str, Any]:
    return ExtensionForm.prefill(Match(WANG, multiple(UNTIL)), owner)


def form(prefill: dict[str, Any], **changes: str) -> ExtensionForm:
    typed: Any = MultiValueDict({name: [value] for name, value in {**EXTENDING, **changes}.items()})
    return ExtensionForm(typed, initial=prefill, today=LATER)


def test_the_old_stay_stands_there_and_the_new_one_is_later(prefill: dict[str, Any]) -> None:
    assert (prefill["stay_until"], prefill["photo_on_file"]) == ("2028/11/23", "")
    for day in ("", "2028/11/24"):
        assert form(prefill, extend_until=day).errors == {}
    for day in ("2028/11/23", "2026/11/24"):
        assert form(prefill, extend_until=day).errors == {"extend_until": ["申請延長至的日期須晚於原停留期限"]}


@pytest.mark.parametrize(
    ("said", "latest", "a_day_later"),
    [
        ({}, "2030/11/23", "2030/11/24"),
        ({"enrolled_on": "2024/9/1"}, "2029/05/23", "2029/05/24"),  # four years are full
        ({"enrolled_on": "2024/9/1", "lengthened_years": "6"}, "2030/11/23", "2030/11/24"),
        ({"enrolled_on": "2024/9/1", "leave_semesters": "1"}, "2030/11/23", "2030/11/24"),
    ],
)
def test_nobody_asks_for_more_than_the_law_gives(
    prefill: dict[str, Any], said: dict[str, str], latest: str, a_day_later: str
) -> None:
    assert form(prefill, **said, extend_until=latest).errors == {}
    refused = f"依您的修業情況，最遲可申請延長至 {latest}（就讀辦法第10條）"
    assert form(prefill, **said, extend_until=a_day_later).errors == {"extend_until": [refused]}


def test_of_a_dual_degree_the_ministry_says_until_when(prefill: dict[str, Any]) -> None:
    assert form(prefill, dual_degree="Y", extend_until="2032/8/31").errors == {}


def test_the_form_says_until_when_before_anybody_asks(prefill: dict[str, Any]) -> None:
    hint = ExtensionForm(initial=prefill, today=LATER).fields["extend_until"].help_text
    assert hint == "最遲可申請至 2030/11/23（修業年限已滿者至 2029/05/23）；不填者，以法定最長期限為準。"


def test_the_reasons_stand_there_to_be_chosen_with_one_tap(prefill: dict[str, Any]) -> None:
    assert 'type="radio" name="extension_reason" value="thesis"' in str(form(prefill)["extension_reason"])


def test_another_reason_is_put_in_words(prefill: dict[str, Any]) -> None:
    assert form(prefill, extension_reason="").errors == {"extension_reason": ["請選擇延期原因"]}
    assert form(prefill, extension_reason="other").errors == {"reason_in_words": ["請輸入延期原因說明"]}
    assert form(prefill, extension_reason="other", reason_in_words="照顧家人").errors == {}


@pytest.mark.parametrize(("degree", "asked"), [("B", True), ("M", False), ("D", False), ("C", False)])
def test_only_a_bachelors_years_may_be_lengthened(prefill: dict[str, Any], degree: str, asked: bool) -> None:
    answered = form(prefill, degree=degree, lengthened_years="6")
    assert answered.is_valid()
    assert ("lengthened_years" in answered.answers()) is asked


# Over HTTP


@pytest.fixture
def permit(wang: Applicant, declared: None) -> Permit:
    return people.multiple_permit(wang, until=UNTIL)


@pytest.mark.parametrize("number", ["115100000023", "1151-0000-0023"])
def test_who_comes_too_early_reads_the_day(permit: Permit, owner: User, number: str) -> None:
    with at(D(2028, 8, 22)):
        page = to_the_form(logged_in(owner), "extension", number)[1].content.decode()
    assert "<h2>須於停留期間屆滿前3個月內始得申請</h2>" in page
    assert '可申請日期：<strong class="number">2028/08/23</strong>' in page
    assert f'href="{HOME}/apply/extension/opening.ics?day=2028-08-23"' in page
    with at(D(2028, 8, 23)):
        assert to_the_form(logged_in(owner), "extension", number)[1].status_code == 302


WARNING = "大陸居民往來台灣通行證效期至 2028/09/30，未滿 1 個月，請儘速換發。"


@pytest.mark.parametrize(("expiry", "warned"), [("2028/10/1", False), ("2028/9/30", True)])
def test_student_and_officer_are_warned_of_a_travel_document_that_ends(
    permit: Permit, owner: User, officer: User, expiry: str, warned: bool
) -> None:
    with at(LATER):
        typed = {**EXTENDING, "travel_document_expiry": expiry}
        client = logged_in(owner)
        draft, page = to_the_check(client, "extension", permit.permit_no, typed, *SLOTS)
        assert (WARNING in page) is warned
        client.post(f"{draft}check/", {"confirm": "on"})
        review = logged_in(officer).get(f"/admin/cases/review/{Case.objects.get().case_no}/").content.decode()
    assert (WARNING in review) is warned
    assert not warned or review.index(WARNING) < review.index('<th scope="col">申請人填寫')


@pytest.fixture
def sent(permit: Permit, owner: User) -> Iterator[Case]:
    with at(LATER):
        yield send(owner, KIND, permit.permit_no, EXTENDING, *SLOTS)


def test_the_officer_sees_the_laws_day_and_may_set_another_with_a_reason(sent: Case, officer_client: Client) -> None:
    review = f"/admin/cases/review/{sent.case_no}/"
    officer_client.post(review, {"action": "take", "version": 1})
    page = officer_client.get(review).content.decode()
    assert "不填為 2030/11/23。" in page
    assert "新臺幣 300 元" in page

    refused = officer_client.post(review, {"action": "approve", "version": 2, "stay_until": "2030/6/30", "reason": ""})
    assert "停留期限與法定不同時，請填寫理由" in refused.content.decode()
    assert 'value="2030/6/30"' in refused.content.decode()
    sent.refresh_from_db()
    assert (sent.status, sent.version, sent.decision) == (Status.IN_REVIEW, 2, {})

    said = {"action": "approve", "version": 2, "stay_until": "2030/6/30", "reason": "學位延長"}
    officer_client.post(review, {**said, "accepted": re.findall(r'name="accepted" value="([^"]+)"', page)})
    sent.refresh_from_db()
    assert (sent.status, sent.decision) == (Status.AWAITING_PAYMENT, {"stay_until": "2030-06-30", "reason": "學位延長"})
    assert (sent.permit_issued_on, sent.permit_valid_until, sent.permit_stay_until) == (LATER, D(2030, 6, 30), D(2030, 6, 30))
    decided = officer_client.get(review).content.decode()
    assert "<dt>停留期限</dt><dd>2030/06/30</dd>" in decided
    assert "<dt>理由</dt><dd>學位延長</dd>" in decided


def test_the_operation_takes_no_wrong_decision(sent: Case, officer: User) -> None:
    take(sent, actor=officer, version=1, now=noon(LATER))
    with pytest.raises(NotAllowed):
        approve(sent, actor=officer, version=2, now=noon(LATER), decision={"stay_until": "2040-01-01", "reason": "x"})
    sent.refresh_from_db()
    assert sent.status == Status.IN_REVIEW
