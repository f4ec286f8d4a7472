"""Questions to the agency's records: each is throttled, logged and answered with a match or the manual's refusal."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Count, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from portal.core.identifiers import clean_code, is_permit_no

from .models import LookupLog
from .protocol import ApplicantRecord, Identity, PermitRecord, PermitType, Reason, RecordsUnavailable, Refusal
from .source import get_source

Answer = TypeVar("Answer")

WINDOW = timedelta(hours=1)
FAILURES_ALLOWED = {LookupLog.Question.PERSON: 5, LookupLog.Question.PERMIT: 20}
# Of one asker in an hour. What is asked beyond is refused without a line: the log is not for filling.
QUESTIONS_LOGGED = 200
FAILURES = (Reason.UNKNOWN_PERSON, Reason.UNKNOWN_NUMBER, Reason.NOT_YOURS)
MATCHED = "matched"

# Dots between the parts of a name, as different keyboards write them.
_BLANKS_AND_INTERPUNCTS = re.compile(r"[\s\u200b\ufeff.·•‧・∙⋅᛫]+")


def match_person(identity: Identity, *, asker: str, now: datetime) -> ApplicantRecord | Refusal:
    """The one person in the records with whom all of `identity` agrees, or 查無此學生資料, never which part did not.

    `asker` is the address the question came from. Call it outside a transaction: a rollback would forget the question.
    """
    claim = _cleaned(identity)
    question = LookupLog(
        question=LookupLog.Question.PERSON,
        asker=asker,
        asked_at=now,
        key_hash=_hash(claim.ui_no or claim.permit_no),
        document_hash=_hash(claim.travel_document_no),
    )
    return _answer(question, lambda: _find_person(claim))


def match_permit(
    number: str, permit_type: PermitType, *, ui_no: str, asker: str, now: datetime
) -> tuple[ApplicantRecord, PermitRecord] | Refusal:
    """The permit of that number and type with its holder, when the holder is the person of `ui_no`.

    `asker` is the account. Call it outside a transaction: a rollback would forget the question.
    """
    permit_no = clean_code(number)
    question = LookupLog(question=LookupLog.Question.PERMIT, asker=asker, asked_at=now, key_hash=_hash(permit_no))
    return _answer(question, lambda: _find_permit(permit_no, permit_type, ui_no))


def _find_person(claim: Identity) -> ApplicantRecord | Refusal:
    found = get_source().find_applicant(ui_no=claim.ui_no, permit_no=claim.permit_no)
    return found if found and _agrees(claim, found) else Refusal(Reason.UNKNOWN_PERSON)


def _find_permit(permit_no: str, permit_type: PermitType, ui_no: str) -> tuple[ApplicantRecord, PermitRecord] | Refusal:
    source = get_source()
    permit = source.find_permit(permit_no, permit_type) if is_permit_no(permit_no) else None
    if permit is None:
        return Refusal(Reason.UNKNOWN_NUMBER)
    applicant = source.find_applicant(ui_no=permit.ui_no) if permit.ui_no == ui_no else None
    if applicant is None:
        return Refusal(Reason.NOT_YOURS)
    if permit.revoked:
        return Refusal(Reason.NOT_ELIGIBLE, detail=_("此許可證已經廢止。"))
    return applicant, permit


def _answer(question: LookupLog, find: Callable[[], Answer | Refusal]) -> Answer | Refusal:
    """Ask unless there were too many failures; log the answer.

    Failures are counted once more after the answer is logged: of guesses made at the same moment no more are answered
    than of guesses made one after another.
    """
    if _asked(question) >= QUESTIONS_LOGGED:
        return Refusal(Reason.TOO_MANY)
    allowed = FAILURES_ALLOWED[LookupLog.Question(question.question)]
    answer = Refusal(Reason.TOO_MANY) if _failures(question) >= allowed else _available(find)
    question.outcome = answer.reason if isinstance(answer, Refusal) else MATCHED
    question.save()
    return Refusal(Reason.TOO_MANY) if _failures(question) > allowed else answer


def _asked(question: LookupLog) -> int:
    """How many questions of the last hour stand in the log, answered or not."""
    last_hour = {"question": question.question, "asked_at__gt": question.asked_at - WINDOW}
    return LookupLog.objects.filter(asker=question.asker, **last_hour).count()


def _available(find: Callable[[], Answer | Refusal]) -> Answer | Refusal:
    try:
        return find()
    except RecordsUnavailable:
        return Refusal(Reason.UNAVAILABLE)


def _failures(question: LookupLog) -> int:
    """Failed questions of the last hour: the most of those by one asker, for one number, for one travel document."""
    same = {"asker": question.asker}
    if question.question == LookupLog.Question.PERSON:
        same |= {"key_hash": question.key_hash, "document_hash": question.document_hash}
    kinds = {field: Q(**{field: value}) for field, value in same.items() if value}
    failed = LookupLog.objects.filter(
        Q(*kinds.values(), _connector=Q.OR),
        question=question.question,
        outcome__in=FAILURES,
        asked_at__gt=question.asked_at - WINDOW,
    )
    counts: dict[str, int] = failed.aggregate(**{f"by_{field}": Count("pk", filter=kind) for field, kind in kinds.items()})
    return max(counts.values())


def _agrees(claim: Identity, found: ApplicantRecord) -> bool:
    return (
        _plain_name(claim.chinese_name),
        claim.birth_date,
        claim.travel_document_no,
        claim.school_code,
    ) == (
        _plain_name(found.chinese_name),
        found.birth_date,
        found.travel_document_no,
        found.school_code,
    )


def _cleaned(identity: Identity) -> Identity:
    return replace(
        identity,
        ui_no=clean_code(identity.ui_no),
        permit_no=clean_code(identity.permit_no),
        travel_document_no=clean_code(identity.travel_document_no),
        school_code=clean_code(identity.school_code),
    )


def _plain_name(name: str) -> str:
    return _BLANKS_AND_INTERPUNCTS.sub("", unicodedata.normalize("NFKC", name)).upper()


def _hash(number: str) -> str:
    """A keyed hash: without the portal's key nobody can try all numbers against the log."""
    return salted_hmac("portal.records.lookup", number, algorithm="sha256").hexdigest() if number else ""
