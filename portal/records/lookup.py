"""Questions to the agency's records: each is throttled, logged and answered with a match or the manual's refusal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.core import categories
from portal.fields.identifiers import clean_code, is_permit_no
from portal.fields.names import characters
from portal.throttling import limits

from .models import LookupLog
from .protocol import NOT_ONLINE, ApplicantRecord, Claim, Match, Reason, RecordsUnavailable, Refusal
from .source import get_source

Answer = TypeVar("Answer")

# Lines of one asker within an hour. Refusals beyond leave no line, for the log is not for filling; an account is refused.
QUESTIONS_LOGGED, LOG_WINDOW = 200, timedelta(hours=1)
FAILURES = (Reason.UNKNOWN_PERSON, Reason.UNKNOWN_NUMBER, Reason.NOT_YOURS)
MATCHED, MORE_PROOF = "matched", "more_proof"
UNANSWERED = (Reason.TOO_MANY, MORE_PROOF)


def match_person(claim: Claim, *, network: str, now: datetime, proof: int = 0) -> ApplicantRecord | Refusal:
    """The one person in the records with whom all of `claim` agrees, or 查無此學生資料, never which part did not.

    `network` is where the question came from, `proof` the step that its 驗證碼 was good for; raises MoreProof. Five failures
    of one document number make that network wait; other networks, and other numbers, are not concerned. Call it outside a
    transaction: a rollback would forget the question.
    """
    claim = _cleaned(claim)
    question = LookupLog(
        question=LookupLog.Question.PERSON,
        asker=network,
        asked_at=now,
        key_hash=_hash(claim.ui_no or claim.permit_no),
        document_hash=_hash(_document(claim)),
    )
    return _answer(question, lambda: _find_person(claim), proof=proof)


def network_step(network: str, *, now: datetime) -> int:
    """The step of proof that a registration from this network has to give, whoever it is."""
    failed = _failed(LookupLog.Question.PERSON).filter(asker=network)
    return _step(limits.REGISTRATION_OF_NETWORK, failed, now=now)


def match_permit(number: str, permit_type: str, *, category: str, ui_no: str, asker: str, now: datetime) -> Match | Refusal:
    """The permit of that number and type with its holder, when the holder is the person of `ui_no`, and of the category.

    `asker` is the account. Call it outside a transaction: a rollback would forget the question.
    """
    permit_no = clean_code(number)
    question = LookupLog(question=LookupLog.Question.PERMIT, asker=asker, asked_at=now, key_hash=_hash(permit_no))
    return _answer(question, lambda: _find_permit(permit_no, permit_type, category, ui_no))


def _find_person(claim: Claim) -> ApplicantRecord | Refusal:
    found = get_source().find_applicant(ui_no=claim.ui_no, permit_no=claim.permit_no)
    return found if found and _agrees(claim, found) else Refusal(Reason.UNKNOWN_PERSON)


def _find_permit(permit_no: str, permit_type: str, category: str, ui_no: str) -> Match | Refusal:
    source = get_source()
    permit = source.find_permit(permit_no, permit_type) if is_permit_no(permit_no) else None
    if permit is None:
        return Refusal(Reason.UNKNOWN_NUMBER)
    applicant = source.find_applicant(ui_no=permit.ui_no) if permit.ui_no == ui_no else None
    if applicant is None or applicant.category != category:
        return Refusal(Reason.NOT_YOURS)
    if permit.revoked:
        return Refusal(Reason.NOT_ELIGIBLE, detail=_("此許可證已經廢止。"), then=NOT_ONLINE)
    return Match(applicant, permit, source.permits_of(ui_no))


def _answer(question: LookupLog, find: Callable[[], Answer | Refusal], *, proof: int = 0) -> Answer | Refusal:
    """Ask unless there were too many failures; log the answer.

    Failures are counted once more after the answer is logged: of guesses made at the same moment no more are answered
    than of guesses made one after another.
    """
    if question.question == LookupLog.Question.PERMIT and _lines(question).count() >= QUESTIONS_LOGGED:
        return Refusal(Reason.TOO_MANY)
    until = _full_until(question)
    needed = 0 if until else _needed_step(question)
    if proof < needed:
        _log(question, MORE_PROOF)
        raise limits.MoreProof(needed)
    answer = _too_many(until) if until else _available(find)
    _log(question, answer.reason if isinstance(answer, Refusal) else MATCHED)
    over = _full_until(question, beyond=1)
    return _too_many(over) if over else answer


def _too_many(until: datetime) -> Refusal:
    return Refusal(Reason.TOO_MANY, detail=format_lazy(_("請於 {when} 以後再試。"), when=limits.as_minute(until)))


def _log(question: LookupLog, outcome: str) -> None:
    """Write the line, unless it would only be one more of very many refusals."""
    question.outcome = outcome
    if outcome not in UNANSWERED or _lines(question).count() < QUESTIONS_LOGGED:
        question.save()


def _lines(question: LookupLog) -> QuerySet[LookupLog]:
    """What this asker asked within the hour, answered or not."""
    since = question.asked_at - LOG_WINDOW
    return LookupLog.objects.filter(question=question.question, asker=question.asker, asked_at__gt=since)


def _available(find: Callable[[], Answer | Refusal]) -> Answer | Refusal:
    try:
        return find()
    except RecordsUnavailable:
        return Refusal(Reason.UNAVAILABLE)


def _failed(question: str) -> QuerySet[LookupLog]:
    return LookupLog.objects.filter(question=question, outcome__in=FAILURES)


def _full_until(question: LookupLog, *, beyond: int = 0) -> datetime | None:
    """When this asker may ask again about this number, or this document, or (a permit's) about anything."""
    own = _failed(question.question).filter(asker=question.asker)
    if question.question == LookupLog.Question.PERMIT:
        limit, counted = limits.PERMIT_NUMBER, [own]
    else:
        limit, counted = limits.REGISTRATION, [own.filter(same) for same in _numbers(question)]
    limit = replace(limit, count=limit.count + beyond)
    moments = [limits.full_until(rows, limit, now=question.asked_at, field="asked_at") for rows in counted]
    return max((moment for moment in moments if moment), default=None)


def _numbers(question: LookupLog) -> list[Q]:
    """What the question is about: the person's number and the document's, if they were given."""
    same = {"key_hash": question.key_hash, "document_hash": question.document_hash}
    return [Q(**{field: value}) for field, value in same.items() if value]


def _needed_step(question: LookupLog) -> int:
    """The step of proof that this network, or guessing at these numbers from many networks, asks for."""
    if question.question == LookupLog.Question.PERMIT:
        return 0
    now, failed = question.asked_at, _failed(question.question)
    of_numbers = [_step(limits.REGISTRATION_OF_DOCUMENT, failed.filter(same), now=now) for same in _numbers(question)]
    return max(network_step(question.asker, now=now), *of_numbers, 0)


def _step(limit: limits.Limit, failed: QuerySet[LookupLog], *, now: datetime) -> int:
    return limits.step(limit, limits.recent(failed, limit, now=now, field="asked_at").count())


def _agrees(claim: Claim, found: ApplicantRecord) -> bool:
    papers = categories.identities()[claim.category].identifying
    return (
        claim.category,
        characters(claim.chinese_name),
        claim.birth_date,
        claim.school_code,
        [claim.papers.get(paper.code) for paper in papers],
    ) == (
        found.category,
        characters(found.chinese_name),
        found.birth_date,
        found.school_code,
        [found.papers.get(paper.code, "") for paper in papers],
    )


def _document(claim: Claim) -> str:
    """The number by which failures are counted: that of the first paper that identifies."""
    return claim.papers.get(categories.identities()[claim.category].identifying[0].code, "")


def _cleaned(claim: Claim) -> Claim:
    return replace(
        claim,
        ui_no=clean_code(claim.ui_no),
        permit_no=clean_code(claim.permit_no),
        papers={code: clean_code(number) for code, number in claim.papers.items()},
        school_code=clean_code(claim.school_code),
    )


def _hash(number: str) -> str:
    """A keyed hash: without the portal's key nobody can try all numbers against the log."""
    return salted_hmac("portal.records.lookup", number, algorithm="sha256").hexdigest() if number else ""
