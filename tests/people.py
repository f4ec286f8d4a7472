"""The standing people of the tests: owner 王小明, stranger 陳美玲 of the same category, an officer. All made up."""

import datetime as dt

from portal.accounts.models import User
from portal.china_student.identity import MULTIPLE, SINGLE
from portal.office_calendar.periods import months_before
from portal.records.models import Applicant, Permit, School

CATEGORY = "china-student"
PASSWORD = "correct horse battery 9"
TODAY = dt.date(2026, 11, 23)
SINGLE_PERMIT_NO = "115000000015"  # 王小明's 單次證


def applicant(**changes: object) -> Applicant:
    """王小明 in the agency's records, entered three weeks ago; `changes` (of papers, too) make other people."""
    school, _ = School.objects.get_or_create(code="0003", defaults={"name": "國立臺灣大學", "city": "臺北市"})
    papers = {
        "person_id": "310104200405060010",
        "travel_document_no": "L10000001",
        "travel_document_expiry": "2031-01-01",
    }
    own = {name: str(changes.pop(name, papers[name])) for name in papers}
    fields: dict[str, object] = {
        "category": CATEGORY,
        "ui_no": "A890000002",
        "chinese_name": "王小明",
        "english_name": "WANG, XIAOMING",
        "gender": "0",
        "birth_date": dt.date(2004, 5, 6),
        "birth_place": "31",
        "papers": own,
        "school": school,
        "department": "資訊工程學系",
        "degree": "B",
        "student_no": "B115000001",
        "enrolled_on": dt.date(2026, 9, 1),
    }
    return Applicant.objects.create(**{**fields, **changes})


def single_permit(of: Applicant, permit_no: str = SINGLE_PERMIT_NO, **changes: object) -> Permit:
    """A single-entry permit, issued 2026-10-20, entered 2026-11-02, stay until 2027-01-02."""
    fields: dict[str, object] = {
        "permit_type": SINGLE,
        "issued_on": dt.date(2026, 10, 20),
        "valid_until": dt.date(2027, 1, 20),
        "entered_on": dt.date(2026, 11, 2),
        "stay_until": dt.date(2027, 1, 2),
    }
    return Permit.objects.create(permit_no=permit_no, applicant=of, **{**fields, **changes})


def multiple_permit(of: Applicant, permit_no: str = "115100000023", *, until: dt.date, **changes: object) -> Permit:
    """A multiple-entry permit that ends on that day."""
    issued_on = months_before(until, 24)
    fields: dict[str, object] = {"permit_type": MULTIPLE, "issued_on": issued_on, "valid_until": until, "stay_until": until}
    return Permit.objects.create(permit_no=permit_no, applicant=of, **{**fields, **changes})


def student(of: Applicant, username: str = "xiaoming", **changes: object) -> User:
    """The activated account of that applicant."""
    fields: dict[str, object] = {
        "email": f"{username}@example.test",
        "category": CATEGORY,
        "chinese_name": of.chinese_name,
        "birth_date": of.birth_date,
        "ui_no": of.ui_no,
        "mobile": "0912345678",
    }
    return User.objects.create_user(username, password=PASSWORD, **{**fields, **changes})
