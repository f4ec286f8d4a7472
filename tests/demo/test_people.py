"""The demonstration: its people are in the records, valid and on time; its page and its command say who they are."""

import datetime as dt
import io
import re

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from wagtail.documents.models import Document
from wagtail.images.models import Image

from portal.accounts.models import User
from portal.accounts.roles import is_staff_member
from portal.cases import kinds
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.snapshots import as_json
from portal.cases.states import Status
from portal.china_student.identity import is_person_id, is_travel_document_no
from portal.china_student.seed import seed_declaration
from portal.demo import second_factor as demo_second_factor
from portal.demo.editors_files import titles, write_files
from portal.demo.people import STAFF, STUDENTS, DemoStudent, write_staff, write_students
from portal.demo.returned_cases import RETURNED, write_returned
from portal.fields.identifiers import is_permit_no, is_ui_no
from portal.office_calendar.periods import PLAIN_WEEK, period_end
from portal.records.lookup import match_person
from portal.records.models import Applicant, Permit
from portal.records.protocol import Claim, Match, Refusal
from portal.records.source import get_source
from tests import people
from tests.staff import logged_in

KINDS = list(kinds.of_category(people.CATEGORY))
ids = [student.english_name for student in STUDENTS]


@pytest.mark.parametrize("student", STUDENTS, ids=ids)
def test_every_number_has_its_check_digit(student: DemoStudent) -> None:
    assert is_ui_no(student.ui_no)
    assert is_person_id(student.person_id)
    assert is_travel_document_no(student.travel_document_no)
    assert is_permit_no(student.permit_no)
    assert student.person_id[6:14] == f"{student.birth_date:%Y%m%d}"
    assert int(student.person_id[16]) % 2 == (student.gender == "0")


def match(student: DemoStudent, kind: CaseKind) -> Match | None:
    source = get_source()
    permit, applicant = source.find_permit(student.permit_no, kind.accepts), source.find_applicant(ui_no=student.ui_no)
    return Match(applicant, permit, source.permits_of(student.ui_no)) if permit and applicant else None


def answer(student: DemoStudent, kind: CaseKind, today: dt.date) -> str:
    """What the kind says to them: "" to who may apply, and why not to others."""
    if (found := match(student, kind)) is None:
        return "查無此證號資料"
    no = kind.refusal(found, today, PLAIN_WEEK)
    return re.sub(r"[\d/]{10}", "…", f"{no.words or no.detail}") if no else ""


NONE = "查無此證號資料"
EARLY = "須於停留期間屆滿前3個月內始得申請"
LATE = "須於停留期間屆滿前申請，停留期間已於 … 屆滿"
# Of 換發多次證, 延期 and 資料異動.
EXCHANGES, EXTENDS, CORRECTS = ["", NONE, NONE], [NONE, "", ""], [NONE, EARLY, ""]
SAID = {
    **dict.fromkeys(["王小明", "陳美玲", "林示範", "歐陽䶮", "阿里木·試驗", "高復學"], EXCHANGES),
    **dict.fromkeys(["張範例", "孫延期", "馬六月", "曹升學", "胡換證"], EXTENDS),
    **dict.fromkeys(["羅太早", "郭改名", "李樣本", "鄭多次"], CORRECTS),
    "潘屆滿": [NONE, LATE, "此許可證的有效期限已於 … 屆滿"],
    "周太晚": [LATE, NONE, NONE],
    "何未入": ["查無持此證入境的紀錄，請於入境後再申請", NONE, NONE],
    "許逾期": ["大陸居民往來台灣通行證已於 … 逾期，請先換發通行證", NONE, NONE],
    "吳廢止": ["此許可證已經廢止", NONE, NONE],
}
ANY_DAY = pytest.mark.parametrize("today", [people.TODAY, dt.date(2027, 2, 28), dt.date(2028, 2, 29), dt.date(2026, 5, 31)])


@pytest.mark.django_db
@ANY_DAY
def test_everybody_hears_what_is_printed_beside_them_on_any_day(today: dt.date) -> None:
    write_students(today=today)
    assert {student.chinese_name: [answer(student, kind, today) for kind in KINDS] for student in STUDENTS} == SAID


def test_whoever_may_apply_is_promised_that() -> None:
    promised = {student.chinese_name for student in STUDENTS if "可以申請" in str(student.outcome)}
    assert promised == {name for name, said in SAID.items() if "" in said}


def test_most_hold_a_multiple_entry_permit() -> None:
    assert [student.permit_type for student in STUDENTS].count("multiple") == 10
    assert len(STUDENTS) == len(SAID) == 20


@pytest.mark.django_db
@ANY_DAY
@pytest.mark.parametrize(
    ("name", "months", "warned"),
    [("張範例", 24, 0), ("孫延期", 24, 0), ("馬六月", 6, 0), ("曹升學", 24, 0), ("胡換證", 24, 1)],
)
def test_the_extensions_are_as_long_as_they_say(today: dt.date, name: str, months: int, warned: int) -> None:
    write_students(today=today)
    kind = kinds.get(people.CATEGORY, "extension")
    found = match(next(student for student in STUDENTS if student.chinese_name == name), kind)
    assert found
    answers = as_json(found.applicant)
    dates = kind.permit_dates(today, answers, found.permit, {})
    assert dates.stay_until == period_end(found.permit.stay_until, months)
    assert len(kind.warnings(answers, today)) == warned


@pytest.mark.django_db
def test_writing_again_moves_the_dates_and_doubles_nobody() -> None:
    write_students(today=people.TODAY)
    write_students(today=people.TODAY + dt.timedelta(days=100))
    assert Applicant.objects.count() == Permit.objects.count() == len(STUDENTS)
    first = Permit.objects.get(permit_no=STUDENTS[0].permit_no)
    assert first.entered_on == people.TODAY + dt.timedelta(days=80)


@pytest.mark.django_db
def test_what_is_printed_is_enough_to_register() -> None:
    write_students(today=people.TODAY)
    now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    for student in STUDENTS:
        claim = Claim(
            category=people.CATEGORY,
            chinese_name=student.chinese_name,
            birth_date=student.birth_date,
            papers={"travel_document_no": student.travel_document_no},
            school_code=student.school_code,
            ui_no=student.ui_no,
        )
        assert not isinstance(match_person(claim, network="127.0.0.1", now=now), Refusal)


@pytest.mark.django_db
def test_staff_log_in_with_the_printed_passwords_and_enter_what_is_theirs() -> None:
    write_staff()
    write_staff()
    assert sum(map(is_staff_member, User.objects.all())) == len(STAFF)
    for one in STAFF:
        client = Client()
        client.post("/admin/login/", {"username": one.username, "password": one.password})
        client.post("/admin/second-factor/", {"code": demo_second_factor.code_of(User.objects.get(username=one.username))})
        assert client.get("/admin/").status_code == 200, one.username
    assert User.objects.get(username="officer").has_perm("portal_cases.review_case")
    assert not User.objects.get(username="editor").has_perm("portal_cases.review_case")
    assert not User.objects.get(username="officer").has_perm("wagtailcore.publish_page")


@pytest.mark.django_db
def test_the_page_names_everybody(client: Client) -> None:
    write_students(today=people.TODAY)
    text = client.get("/demo/").content.decode()
    for student in STUDENTS:
        for word in (student.chinese_name, student.ui_no, student.permit_no, student.travel_document_no):
            assert word in text
    for one in STAFF:
        assert f">{one.password}<" in text


@pytest.mark.django_db
def test_outside_of_a_demonstration_the_page_is_missing(client: Client, settings: Settings) -> None:
    address = reverse("demo:people")  # the addresses are read once, while this is a demonstration
    settings.DEMO = False
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_the_command_makes_all_and_prints_what_to_type() -> None:
    printed = io.StringIO()
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        call_command("demo_content", stdout=printed)
    assert "王小明       2004/05/06  A890000011  L20000001  國立臺灣大學" in printed.getvalue()
    assert "王審查  officer        officer-demo-2026" in printed.getvalue()
    assert Client().get("/student/entry/").status_code == 200


@pytest.mark.django_db
def test_the_command_is_for_demonstrations_only(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="for demonstrations only"):
        call_command("demo_content")
    assert not Applicant.objects.exists()


@pytest.mark.django_db
def test_two_students_have_a_returned_case_and_log_in_at_once() -> None:
    seed_declaration()
    write_staff()
    now = timezone.now()
    write_returned(now=now)
    write_returned(now=now)
    cases = {case.owner.username: case for case in Case.objects.select_related("owner")}
    assert {name: case.status for name, case in cases.items()} == {"buzheng": Status.CORRECTION, "bujian": Status.SUPPLEMENT}
    for one in RETURNED:
        case = cases[one.username]
        assert is_ui_no(one.student.ui_no)
        assert is_person_id(one.student.person_id)
        assert case.owner.check_password(one.password)
        assert [remark["text"] for remark in case.returns.get().remarks] == [remark.text for remark in one.remarks]
        assert all(each.file.storage.exists(each.file.name) for each in case.documents.all())
        assert logged_in(case.owner).get(f"/china-student/individual/corrections/{case.case_no}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_editors_find_pictures_and_a_document_to_try_with() -> None:
    write_files()
    write_files()
    found = [*Image.objects.order_by("pk"), *Document.objects.all()]
    assert [one.title for one in found] == list(titles())
    assert all(picture.description for picture in Image.objects.all())
    assert Document.objects.get().file.read(5) == b"%PDF-"
