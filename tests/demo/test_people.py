"""The demonstration: its people are in the records, valid and on time; its page and its command say who they are."""

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal.accounts.models import User
from portal.accounts.roles import is_staff_member
from portal.cases import kinds
from portal.china_student.identity import is_person_id, is_travel_document_no
from portal.demo import second_factor as demo_second_factor
from portal.demo.people import STAFF, STUDENTS, DemoStudent, write_staff, write_students
from portal.fields.identifiers import is_permit_no, is_ui_no
from portal.office_calendar.periods import PLAIN_WEEK
from portal.records.lookup import match_person
from portal.records.models import Applicant, Permit
from portal.records.protocol import Claim, Refusal
from portal.records.source import get_source
from tests import people

KIND = kinds.get(people.CATEGORY, "multiple-entry")
ids = [student.english_name for student in STUDENTS]


@pytest.mark.parametrize("student", STUDENTS, ids=ids)
def test_every_number_has_its_check_digit(student: DemoStudent) -> None:
    assert is_ui_no(student.ui_no)
    assert is_person_id(student.person_id)
    assert is_travel_document_no(student.travel_document_no)
    assert is_permit_no(student.permit_no)
    assert student.person_id[6:14] == f"{student.birth_date:%Y%m%d}"
    assert int(student.person_id[16]) % 2 == (student.gender == "0")


def answer(student: DemoStudent, today: dt.date) -> Refusal | str | None:
    """What 換發多次證 says to them."""
    source = get_source()
    permit = source.find_permit(student.permit_no, KIND.accepts)
    applicant = source.find_applicant(ui_no=student.ui_no)
    if permit is None or applicant is None:
        return "查無此證號資料"
    return KIND.refusal(applicant, permit, today, PLAIN_WEEK)


@pytest.mark.django_db
@pytest.mark.parametrize("today", [people.TODAY, dt.date(2027, 2, 28), dt.date(2028, 2, 29)])
def test_seven_qualify_and_five_do_not_on_any_day(today: dt.date) -> None:
    write_students(today=today)
    answers = [answer(student, today) for student in STUDENTS]
    assert answers[:7] == [None] * 7
    assert all(answers[7:])
    assert answers[11] == "查無此證號資料"


@pytest.mark.django_db
def test_writing_again_moves_the_dates_and_doubles_nobody() -> None:
    write_students(today=people.TODAY)
    write_students(today=people.TODAY + dt.timedelta(days=100))
    assert Applicant.objects.count() == Permit.objects.count() == 12
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
