"""What every source of records must do, whoever keeps them."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import override_settings

from portal.china_student.identity import MULTIPLE, SINGLE
from portal.records.http import HttpSource
from portal.records.local import LocalSource
from portal.records.models import Applicant
from portal.records.protocol import ApplicantRecord, PermitRecord, RecordSource, RecordsUnavailable
from portal.records.source import get_source
from tests import people
from tests.records.service import TOKEN, Store, running

WANG = ApplicantRecord(
    category="china-student",
    ui_no="A890000002",
    chinese_name="王小明",
    english_name="WANG, XIAOMING",
    gender="0",
    birth_date=dt.date(2004, 5, 6),
    birth_place="31",
    papers={
        "person_id": "310104200405060010",
        "travel_document_no": "L10000001",
        "travel_document_expiry": "2031-01-01",
    },
    school_code="0003",
    school_name="國立臺灣大學",
    department="資訊工程學系",
    degree="B",
    student_no="B115000001",
    enrolled_on=dt.date(2026, 9, 1),
)
PERMIT = PermitRecord(
    permit_no=people.SINGLE_PERMIT_NO,
    ui_no="A890000002",
    permit_type=SINGLE,
    issued_on=dt.date(2026, 10, 20),
    valid_until=dt.date(2027, 1, 20),
    entered_on=dt.date(2026, 11, 2),
    stay_until=dt.date(2027, 1, 2),
)


@pytest.fixture(params=["local", "http"])
def source(request: pytest.FixtureRequest, wang: Applicant, chen: Applicant) -> Iterator[RecordSource]:
    """Each source, knowing 王小明 with a single-entry permit and 陳美玲 with none."""
    if request.param == "local":
        yield LocalSource()
        return
    people_known = [LocalSource().find_applicant(ui_no=each.ui_no) for each in (wang, chen)]
    store = Store([as_json(each) for each in people_known if each], [as_json(PERMIT)])
    with running(store) as service, override_settings(RECORDS_URL=service.url, RECORDS_TOKEN=TOKEN):
        yield HttpSource()


def as_json(record: ApplicantRecord | PermitRecord) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(asdict(record), cls=DjangoJSONEncoder))
    return found


def test_the_settings_name_the_source() -> None:
    assert isinstance(get_source(), LocalSource)


@pytest.mark.parametrize(
    "numbers",
    [
        {"ui_no": "A890000002"},
        {"permit_no": people.SINGLE_PERMIT_NO},
        {"ui_no": "A890000002", "permit_no": people.SINGLE_PERMIT_NO},
    ],
)
def test_a_person_by_their_numbers(source: RecordSource, numbers: dict[str, str]) -> None:
    assert source.find_applicant(**numbers) == WANG


@pytest.mark.parametrize(
    "numbers",
    [
        {},
        {"ui_no": ""},
        {"ui_no": "A790000002"},
        {"permit_no": "115000000023"},
        {"ui_no": "A990000013", "permit_no": people.SINGLE_PERMIT_NO},
        {"ui_no": "A" * 300},
    ],
)
def test_nobody(source: RecordSource, numbers: dict[str, str]) -> None:
    assert source.find_applicant(**numbers) is None


def test_a_holder_of_several_permits_is_one_person(source: RecordSource) -> None:
    source.add_permit(replace(PERMIT, permit_no="115000000023", permit_type=MULTIPLE, entered_on=None, revoked=True))
    assert source.find_applicant(ui_no="A890000002") == WANG
    second = source.find_permit("115000000023", MULTIPLE)
    assert second is not None
    assert (second.permit_type, second.entered_on, second.revoked) == (MULTIPLE, None, True)


def test_a_permit_by_number_and_type(source: RecordSource) -> None:
    assert source.find_permit(people.SINGLE_PERMIT_NO, SINGLE) == PERMIT


@pytest.mark.parametrize(
    ("number", "kind"),
    [(people.SINGLE_PERMIT_NO, MULTIPLE), ("115000000023", SINGLE), ("", SINGLE)],
)
def test_no_such_permit(source: RecordSource, number: str, kind: str) -> None:
    assert source.find_permit(number, kind) is None


NEW = replace(
    PERMIT,
    permit_no="115150000018",
    permit_type=MULTIPLE,
    issued_on=dt.date(2026, 11, 23),
    valid_until=dt.date(2028, 11, 23),
    entered_on=None,
    stay_until=dt.date(2028, 11, 23),
    previous_permit_no=people.SINGLE_PERMIT_NO,
    first_permit_no=people.SINGLE_PERMIT_NO,
)


def test_a_permit_issued_here_is_found_and_supersedes_the_one_it_came_from(source: RecordSource) -> None:
    source.add_permit(NEW)
    assert source.find_permit("115150000018", MULTIPLE) == NEW
    assert source.find_applicant(permit_no="115150000018") == WANG
    assert source.find_permit(people.SINGLE_PERMIT_NO, SINGLE) == replace(PERMIT, superseded=True)


def test_a_permit_that_is_there_stays_as_it_is(source: RecordSource) -> None:
    source.add_permit(NEW)
    source.add_permit(replace(NEW, stay_until=dt.date(2040, 1, 1), revoked=True))
    assert source.find_permit("115150000018", MULTIPLE) == NEW


def test_a_permit_of_nobody_is_not_taken(source: RecordSource) -> None:
    with pytest.raises(RecordsUnavailable):
        source.add_permit(replace(NEW, ui_no="A790000002"))
    assert source.find_permit("115150000018", MULTIPLE) is None


def test_every_permit_of_a_person_oldest_first(source: RecordSource) -> None:
    assert source.permits_of("A890000002") == (PERMIT,)
    extended = replace(
        NEW,
        permit_no="115250000017",
        issued_on=dt.date(2028, 9, 1),
        previous_permit_no=NEW.permit_no,
        stay_until=dt.date(2030, 1, 1),
    )
    for permit in (extended, NEW):
        source.add_permit(permit)
    assert source.permits_of("A890000002") == (replace(PERMIT, superseded=True), replace(NEW, superseded=True), extended)


@pytest.mark.parametrize("ui_no", ["A990000013", "A790000002", "", "A" * 300])
def test_nobody_elses_permits(source: RecordSource, ui_no: str) -> None:
    assert source.permits_of(ui_no) == ()


CHANGES = {"chinese_name": "王曉明", "birth_date": "2004-05-07", "travel_document_no": "L10000009"}
CORRECTED = replace(
    WANG, chinese_name="王曉明", birth_date=dt.date(2004, 5, 7), papers={**WANG.papers, "travel_document_no": "L10000009"}
)


def test_what_was_approved_is_taken_in_and_the_rest_stays(source: RecordSource) -> None:
    other = source.find_applicant(ui_no="A990000013")
    for _twice in range(2):
        source.correct_applicant("A890000002", CHANGES)
        assert source.find_applicant(ui_no="A890000002") == CORRECTED
    assert source.find_applicant(ui_no="A990000013") == other


def test_nobody_is_not_corrected(source: RecordSource) -> None:
    with pytest.raises(RecordsUnavailable):
        source.correct_applicant("A790000002", CHANGES)
