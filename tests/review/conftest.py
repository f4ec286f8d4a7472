"""A case that waits for review."""

import pytest

from portal.accounts.models import User
from portal.cases.models import Case
from tests.factories.cases import document, submitted

ANSWERS = {
    "chinese_name": "王小明",
    "english_name": "WANG, XIAO MING",
    "gender": "0",
    "birth_date": "2004-05-06",
    "birth_place": "31",
    "ui_no": "A890000002",
    "person_id": "310104200405060018",
    "travel_document_no": "L10000001",
    "travel_document_expiry": "2031-01-01",
    "school_name": "國立臺灣大學",
    "department": "資訊工程學系",
    "degree": "B",
    "student_no": "B115000001",
    "enrolled_on": "2026-09-01",
    "entered_on": "2026-11-02",
    "home_address": "上海市浦東新區",
}


@pytest.fixture
def case(owner: User) -> Case:
    """待審核, with a photo and a PDF; one answer differs from the records."""
    pdf = document("enrolment", b"%PDF-1.7", original_name="在學證明.pdf", content_type="application/pdf")
    return submitted(owner, answers=ANSWERS, documents=[document(), pdf])
