"""Cases at every stage of their life, made by the operations themselves."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from portal.accounts.models import User
from portal.cases import findings, kinds, operations, slots
from portal.cases.kinds import CaseKind
from portal.cases.models import Case
from portal.cases.operations import NewDocument
from portal.cases.states import Action, Status
from portal.china_student.identity import SINGLE
from portal.core.files import private_storage
from portal.records.protocol import ApplicantRecord, Match, PermitRecord
from portal.review.groups import OFFICERS
from tests import people
from tests.staff import make_staff

TAIPEI = dt.timezone(dt.timedelta(hours=8))
NOW = dt.datetime.combine(people.TODAY, dt.time(10, 30), TAIPEI)
ANSWERS: dict[str, Any] = {"chinese_name": "王小明", "english_name": "WANG, XIAOMING", "school": "國立臺灣大學"}
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc8q\xe7\x03\x00\x05\x04\x02\x95\xb6#\x89\xb1\x00\x00\x00\x00IEND\xaeB`\x82"
)
_tokens: Iterator[int] = count(1)


def multiple_entry() -> CaseKind:
    """換發多次證."""
    return kinds.get(people.CATEGORY, "multiple-entry")


def match(owner: User, **changes: Any) -> Match:
    """What the records say of that student, who holds a single-entry permit."""
    applicant = ApplicantRecord(
        category=owner.category,
        ui_no=owner.ui_no,
        chinese_name=owner.chinese_name,
        english_name="WANG, XIAOMING",
        gender="0",
        birth_date=owner.birth_date or dt.date(2004, 5, 6),
        birth_place="31",
        papers={
            "person_id": "310104200405060018",
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
    fields: dict[str, Any] = {
        "permit_no": people.SINGLE_PERMIT_NO,
        "ui_no": owner.ui_no,
        "permit_type": SINGLE,
        "issued_on": dt.date(2026, 10, 20),
        "valid_until": dt.date(2027, 1, 20),
        "entered_on": dt.date(2026, 11, 2),
        "stay_until": dt.date(2027, 1, 2),
    }
    return Match(applicant, PermitRecord(**{**fields, **changes}))


def document(slot: str = "photo", content: bytes = PNG, **changes: Any) -> NewDocument:
    """A file in private storage, ready to be sent."""
    name = private_storage().save("cases/document.png", ContentFile(content))
    fields: dict[str, Any] = {
        "slot": slot,
        "file_name": name,
        "original_name": "大頭照.png",
        "content_type": "image/png",
        "size": len(content),
        "sha256": "0" * 64,
    }
    return NewDocument(**{**fields, **changes})


def submitted(
    owner: User,
    *,
    kind: CaseKind | None = None,
    documents: Sequence[NewDocument] = (),
    draft_token: str = "",
    now: dt.datetime = NOW,
    **changes: Any,
) -> Case:
    """待審核: a case just sent."""
    kind = kind or multiple_entry()
    fields: dict[str, Any] = {
        "match": match(owner),
        "answers": ANSWERS,
        "offered": slots.of(kind, timezone.localdate(now)),
        "declaration_version": "1",
    }
    return operations.submit(
        owner=owner,
        kind=kind,
        documents=documents,
        draft_token=draft_token or f"draft-{next(_tokens)}",
        now=now,
        **{**fields, **changes},
    )


def act(action: Action, case: Case, actor: User | None, *, now: dt.datetime = NOW, **changes: Any) -> Case:
    """Call the public function of that action with what it needs."""
    needs: dict[Action, dict[str, Any]] = {
        Action.ASK_CORRECTION: {"opinion": "照片不清楚，請重新上傳"},
        Action.ASK_SUPPLEMENT: {"opinion": "請補在學證明"},
        Action.REJECT: {"reason": "purpose_lost", "opinion": "已休學"},
        Action.RESUBMIT: {"answers": case.answers},
        Action.CORRECT: {"answers": {**case.answers, "english_name": "WANG, XIAO MING"}, "note": "英文姓名筆誤"},
        Action.ASK_EXTENSION: {"reason": "學校尚未開學，文件無法取得"},
        Action.DECLINE_EXTENSION: {"opinion": "文件可線上申請"},
        Action.SETTLE: {"paid_at": now},
    }
    if action is Action.APPROVE:  # as an officer does who ticks what was found
        needs[action] = {"accepted": [finding.code for finding in findings.of(case, now=now)]}
    by = {} if action in (Action.SETTLE, Action.EXPIRE) else {"actor": actor, "version": case.version}
    if action is Action.ASSIGN:
        needs[action] = {"to": make_staff(f"officer-{next(_tokens)}", OFFICERS)}
    perform = getattr(operations, action.value)
    return perform(case, now=now, **{**by, **needs.get(action, {}), **changes})  # type: ignore[no-any-return]


# How a case comes to each status: by these actions after being sent.
WAYS: dict[Status, tuple[Action, ...]] = {
    Status.SUBMITTED: (),
    Status.IN_REVIEW: (Action.TAKE,),
    Status.CORRECTION: (Action.TAKE, Action.ASK_CORRECTION),
    Status.SUPPLEMENT: (Action.TAKE, Action.ASK_SUPPLEMENT),
    Status.AWAITING_PAYMENT: (Action.TAKE, Action.APPROVE),
    Status.COMPLETED: (Action.TAKE, Action.APPROVE, Action.SETTLE),
    Status.REJECTED: (Action.TAKE, Action.REJECT),
    Status.WITHDRAWN: (Action.WITHDRAW,),
    Status.LAPSED: (Action.TAKE, Action.APPROVE, Action.EXPIRE),
}
LATE = NOW + dt.timedelta(days=100)


def in_status(status: Status, owner: User, officer: User, **changes: Any) -> Case:
    """A case in that status, brought there by its owner and that officer."""
    case = submitted(owner, **changes)
    for action in WAYS[status]:
        actor = owner if action is Action.WITHDRAW else officer
        case = act(action, case, actor, now=LATE if action is Action.EXPIRE else NOW)
    return case


def approved(owner: User, officer: User, **changes: Any) -> Case:
    """核准待繳費."""
    return in_status(Status.AWAITING_PAYMENT, owner, officer, **changes)


def completed(owner: User, officer: User, **changes: Any) -> Case:
    """結案."""
    return in_status(Status.COMPLETED, owner, officer, **changes)
