"""Two students of the demonstration who have applied already, and to whom an officer returned the case: 補正 and 補件."""

import hashlib
import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageDraw

from portal.accounts.models import User
from portal.cases import kinds, operations, queries, slots
from portal.cases.kinds import CaseKind, DocumentSlot
from portal.cases.operations import NewDocument, Remark
from portal.core.files import private_storage
from portal.editorial.declaration_versions import declaration_in_force
from portal.forms.application import ApplicationForm, Mode
from portal.records.protocol import Match
from portal.records.source import get_source

from .people import CATEGORY, DemoStudent, write_student

KIND: Final = "multiple-entry"
OFFICER: Final = "officer"


@dataclass(frozen=True)
class ReturnedStudent:
    """`student` logs in as `username`; the officer returned the case with these words."""

    student: DemoStudent
    username: str
    outcome: str | Promise
    supplement: bool
    opinion: str
    remarks: tuple[Remark, ...]
    asked: str = ""

    @property
    def password(self) -> str:
        return f"{self.username}-demo-2026"


RETURNED: Final = (
    ReturnedStudent(
        DemoStudent(21, "方補正", "FANG, BUZHENG", "0", date(2003, 9, 15), "A890000217", "320106200309151312", "0003", "", 25),
        "buzheng",
        _("換發多次證申請退請補正：審核意見在欄位與文件旁"),
        supplement=False,
        opinion="系所與學生證不同，照片背景不是白色，請更正後再送出。",
        remarks=(Remark("department", "學生證為電機工程學系，請更正"), Remark("upload-photo", "背景須為白色，請重新拍攝後上傳")),
    ),
    ReturnedStudent(
        DemoStudent(22, "盧補件", "LU, BUJIAN", "1", date(2004, 2, 28), "A990000228", "440306200402281267", "0001", "", 15),
        "bujian",
        _("換發多次證申請退請補件：另請檢附一項文件"),
        supplement=True,
        opinion="在學證明未蓋學校章戳，並請補上入住證明。",
        remarks=(Remark("upload-enrolment", "請上傳蓋有學校章戳的正本"), Remark("upload-asked-1", "住宿契約或宿舍證明均可")),
        asked="入住證明",
    ),
)
# What the records do not know.
ANSWERS: Final = {
    "other_passport": "N",
    "spouse_of_taiwanese": "N",
    "expected_graduation": "2030/06/30",
    "health_checked": "N",
    "health_check_hospital": "國立臺灣大學醫學院附設醫院",
    "city": "1",
    "township": "臺北市大安區",
    "road": "羅斯福路四段",
    "number": "1 號",
    "home_address": "江蘇省南京市示範路 1 號",
    "emergency_name": "方示範",
    "emergency_relation": "父",
    "emergency_phone": "+8613812345678",
    "father_status": "1",
    "father_name": "方示範",
    "father_same_address": "on",
    "mother_status": "2",
    "party_role": "never",
}


def write_returned(*, now: datetime) -> None:
    """Make what is not there yet. Needs the pages, the staff and 使用聲明事項."""
    officer = User.objects.get(username=OFFICER)
    for one in RETURNED:
        write_student(one.student, today=timezone.localdate(now))
        _write(one, officer, now=now)


@transaction.atomic
def _write(one: ReturnedStudent, officer: User, *, now: datetime) -> None:
    user = User.objects.filter(username=one.username).first() or _account(one)
    token = f"demo-{one.username}"
    declaration = declaration_in_force(CATEGORY, now=now)
    if declaration is None or queries.sent_draft(user, token):
        return
    kind, match = kinds.get(CATEGORY, KIND), _match(one.student)
    answers = _answers(kind, match, user, timezone.localdate(now))
    offered = slots.of(kind, timezone.localdate(now))
    asked = [slot for slot in offered.asked(answers) if slot.required]
    case = operations.submit(
        owner=user,
        kind=kind,
        match=match,
        answers=answers,
        documents=[_document(slot, one) for slot in asked],
        offered=offered,
        declaration_version=declaration.label,
        draft_token=token,
        now=now,
    )
    case = operations.take(case, actor=officer, version=case.version, now=now)
    give_back = operations.ask_supplement if one.supplement else operations.ask_correction
    said: dict[str, Any] = {"opinion": one.opinion, "remarks": one.remarks, "asked": one.asked}
    give_back(case, actor=officer, version=case.version, now=now, **said)


def _account(one: ReturnedStudent) -> User:
    student = one.student
    return User.objects.create(
        category=CATEGORY,
        username=one.username,
        password=make_password(one.password),
        chinese_name=student.chinese_name,
        birth_date=student.birth_date,
        ui_no=student.ui_no,
        email=f"{one.username}@student.example",
        mobile="0912345678",
        activated_at=timezone.now(),
    )


def _match(student: DemoStudent) -> Match:
    source = get_source()
    applicant, permit = source.find_applicant(ui_no=student.ui_no), source.find_permit(student.permit_no, student.permit_type)
    if applicant is None or permit is None:
        raise LookupError(f"{student.chinese_name} is not in the records")
    return Match(applicant, permit, source.permits_of(student.ui_no))


def _answers(kind: CaseKind, match: Match, user: User, today: date) -> dict[str, Any]:
    prefill = kind.form.prefill(match, user)  # type: ignore[attr-defined]
    typed = {**ANSWERS, "health_check_date": f"{today:%Y/%m/%d}"}
    start = kind.form.starting_values(prefill)  # type: ignore[attr-defined]
    data = MultiValueDict({**start, **{name: [value] for name, value in typed.items()}})
    form: ApplicationForm = kind.form(data, mode=Mode.READ_ONLY, today=today, initial=prefill)
    if not form.is_valid():
        raise ValueError(f"the demonstration's answers are not right any more: {form.errors.as_json()}")
    return form.answers()


def _document(slot: DocumentSlot, one: ReturnedStudent) -> NewDocument:
    """A drawn paper with nothing on it that anybody could take for a real one."""
    size = (826, 1062) if slot.photo else (1240, 877)
    picture = Image.new("RGB", size, "#d9e4ea")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((20, 20, size[0] - 20, size[1] - 20), outline="#12616f", width=6)
    draw.text((60, 60), f"SAMPLE / {slot.code} / {one.username}", fill="#12616f", font_size=40)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    content = out.getvalue()
    name = private_storage().save(f"uploads/demo-{one.username}-{slot.code}.jpg", ContentFile(content))
    return NewDocument(
        slot=slot.code,
        file_name=name,
        original_name=f"{slot.code}.jpg",
        content_type="image/jpeg",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
