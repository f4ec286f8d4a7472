"""Valid answers to 陸生換發多次證申請, and how to go through the wizard with them over HTTP: for tests and bench alike."""

import io
from typing import Any, Protocol

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

KIND = "multiple-entry"
START = f"/china-student/individual/apply/{KIND}/"
DECLARATION = {"agree": "on", "version": "china-student-1"}
# What the records do not fill in; `prefilled` adds what they do for 王小明.
OWN_ANSWERS = {
    "former_name": "",
    "other_passport": "N",
    "spouse_of_taiwanese": "N",
    "expected_graduation": "2030/6/30",
    "health_checked": "N",
    "health_check_hospital": "國立臺灣大學醫學院附設醫院",
    "health_check_date": "2026/11/5",
    "city": "1",
    "township": "臺北市大安區",
    "road": "羅斯福路四段",
    "number": "1 號",
    "home_address": "上海市靜安區測試路 1 號",
    "emergency_name": "王大明",
    "emergency_relation": "父",
    "emergency_phone": "+8613812345678",
    "father_status": "1",
    "father_name": "王大明",
    "father_same_address": "on",
    "mother_status": "2",
    "party_role": "never",
}
FROM_RECORDS = {
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
    "entered_on": "2026/11/02",
    "mobile": "0912345678",
}
ANSWERS = {**FROM_RECORDS, **OWN_ANSWERS}
REQUIRED_SLOTS = ("photo", "enrolment", "health", "travel-document", "single-permit", "person-id")


class Response(Protocol):
    status_code: int
    headers: Any


def photo(size: tuple[int, int] = (413, 531)) -> bytes:
    """A photo of the right size of nobody."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 220, 240)).save(out, "JPEG")
    return out.getvalue()


def paper(width: int = 612) -> bytes:
    """A PDF of one page so many points wide: those of different widths are different files."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(width, 792))
        pdf.save(out)
    return out.getvalue()


def chosen(*slots: str) -> dict[str, SimpleUploadedFile]:
    """A file for each slot, as the form's file inputs send them."""
    return {
        f"upload-{slot}": SimpleUploadedFile(f"{slot}.jpg", photo())
        if slot == "photo"
        else SimpleUploadedFile(f"{slot}.pdf", paper())
        for slot in slots
    }


def begin(client: Any) -> str:
    """Open 陸生換發多次證申請; the address of the draft, to which a step's name is added."""
    response = client.get(START)
    if response.status_code != 302:  # there is a draft: the page asks whether to go on with it
        response = client.post(START)
    return str(response.headers["Location"]).removesuffix("declaration/")


def fill_in(client: Any, *, permit_no: str, until: str = "sent", answers: dict[str, str] | None = None) -> str:
    """Walk the wizard of a logged-in client up to the page `until`; the draft's address."""
    draft = begin(client)
    posts: list[tuple[str, dict[str, Any]]] = [
        ("declaration", DECLARATION),
        ("permit", {"number": permit_no}),
        ("form", {**ANSWERS, **(answers or {}), **chosen(*REQUIRED_SLOTS), "go": "check"}),
        ("check", {}),
    ]
    for step, data in posts:
        if step == until:
            break
        response = client.post(f"{draft}{step}/", data)
        if response.status_code != 302:
            raise AssertionError(f"{step}: {response.status_code}\n{response.content.decode()}")
    return draft
