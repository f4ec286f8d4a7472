"""What an officer has to have seen before 核准: where the case and the agency's records, as they are now, do not agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from portal.records.protocol import ApplicantRecord, PermitRecord
from portal.records.source import get_source
from portal.uploads.file_problems import OFFICERS_WARNINGS

from . import queries
from .decisions import Finding
from .models import Case, Document
from .snapshots import as_json

UNAVAILABLE: Final = "目前無法查詢署內資料，因此不能核准。請稍後再試；您填寫的內容還在。"
# What the records know and no form asks.
RECORD_LABELS: Final = {
    "category": "學生類別",
    "ui_no": "統一證號",
    "permit_type": "許可證類別",
    "permit_no": "許可證號",
    "issued_on": "核發日期",
    "valid_until": "有效期限",
    "entered_on": "入境日期",
    "stay_until": "停留期限",
    "previous_permit_no": "原許可證號",
    "first_permit_no": "首次許可證號",
    "school_code": "學校代碼",
    "school_name": "就讀學校",
}


@dataclass(frozen=True)
class Known:
    """What the agency's records say of a case's applicant now: `permits` are all that the person ever held."""

    applicant: ApplicantRecord | None
    permits: tuple[PermitRecord, ...]

    def permit(self, permit_no: str) -> PermitRecord | None:
        return next((each for each in self.permits if each.permit_no == permit_no), None)


def ask(case: Case) -> Known:
    """Ask the records again. Raises RecordsUnavailable."""
    source, ui_no = get_source(), case.previous_permit.ui_no
    return Known(source.find_applicant(ui_no=ui_no), source.permits_of(ui_no))


def of(case: Case, *, now: datetime, known: Known | None = None, documents: Sequence[Document] | None = None) -> list[Finding]:
    """Everything that has to be accepted before 核准; records and documents are asked for, unless the caller did.

    Raises RecordsUnavailable.
    """
    known = known or ask(case)
    current = [one for one in (case.documents.all() if documents is None else documents) if one.replaced_at is None]
    today = timezone.localdate(now)
    return [
        *_of_permit(case, known.permit(case.permit_no), now),
        *_of_applicant(case, known.applicant),
        *_of_answers(case),
        *_of_documents(case, current),
        *case.kind.findings(case.answers, today),
        *(Finding(f"warning-{number}", words) for number, words in enumerate(case.kind.warnings(case.answers, today), 1)),
    ]


def _of_permit(case: Case, permit: PermitRecord | None, now: datetime) -> Iterator[Finding]:
    if permit is None:
        yield Finding("permit_unknown", f"署內已查無現持許可證 {case.permit_no}")
        return
    if permit.revoked:
        yield Finding("permit_revoked", f"現持許可證 {case.permit_no} 已廢止")
    if permit.superseded:
        yield Finding("permit_superseded", f"現持許可證 {case.permit_no} 已換發新證")
    if permit.stay_until < timezone.localdate(now):
        yield Finding("stay_over", f"停留期間已於 {permit.stay_until:%Y/%m/%d} 屆滿")
    if changed := _changed(case, case.permit, as_json(permit)):
        yield Finding("permit_changed", f"署內許可證資料於送件後有變更：{changed}")


def _of_applicant(case: Case, applicant: ApplicantRecord | None) -> Iterator[Finding]:
    if applicant is None:
        yield Finding("applicant_unknown", "署內已查無申請人資料")
    elif changed := _changed(case, case.applicant, as_json(applicant)):
        yield Finding("applicant_changed", f"署內申請人資料於送件後有變更：{changed}")


def _of_answers(case: Case) -> Iterator[Finding]:
    """What was answered otherwise than the records have it, but for what the application is there to change."""
    recorded = {**case.permit, **case.applicant}
    to_change = case.kind.record_changes(case.answers)
    differing = [
        name
        for name in case.kind.form.all_answer_names()  # type: ignore[attr-defined]  # an ApplicationForm, which `forms` knows
        if name in case.answers.keys() & recorded.keys() - to_change and _plain(case.answers[name]) != _plain(recorded[name])
    ]
    if differing:
        yield Finding("answers_differ", f"申請人填寫與署內資料不同：{_labels(case, differing)}")


def _plain(value: Any) -> str:
    """Fields that show a record keep its dates as 2026/11/23."""
    return str(value or "").replace("/", "-")


def _of_documents(case: Case, current: Sequence[Document]) -> Iterator[Finding]:
    for document in current:
        for code in document.warnings:
            yield Finding(
                f"document-{document.uid.hex[:8]}-{code}",
                f"{document.label}（{document.original_name}）：{warning_in_words(code)}",
            )
    if missing := queries.missing_documents(case, current):
        yield Finding("asked_missing", f"另請檢附的文件尚未上傳：{'、'.join(str(slot.label) for slot in missing)}")


def warning_in_words(code: str) -> str:
    """What an upload was warned of, for officers."""
    return OFFICERS_WARNINGS.get(code, code)


def changed_records(case: Case, known: Known) -> dict[str, Any]:
    """What the records have now, of each value that is another one than when the case was sent."""
    permit = known.permit(case.permit_no)
    return {
        **(_different(case.permit, as_json(permit)) if permit else {}),
        **(_different(case.applicant, as_json(known.applicant)) if known.applicant else {}),
    }


def _changed(case: Case, before: dict[str, Any], now: dict[str, Any]) -> str:
    return _labels(case, list(_different(before, now)))


def _different(before: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """What is different now, as the records order it (PostgreSQL keeps no order in what a case holds); flags such as 廢止 are
    findings of their own.
    """
    own = {"revoked", "superseded", "papers"}  # the papers stand beside it, each by its column
    return {name: value for name, value in now.items() if name in before and name not in own and before[name] != value}


def _labels(case: Case, names: list[str]) -> str:
    return "、".join(record_label(case, name) for name in names)


def record_label(case: Case, name: str) -> str:
    """What the kind's form, or else the agency, calls a column of the records."""
    fields = case.kind.form.base_fields  # type: ignore[attr-defined]  # an ApplicationForm, which `forms` knows
    return str(fields[name].label) if name in fields else RECORD_LABELS.get(name, name)
