"""Reading what may be downloaded, and what a verification code stands for."""

import enum
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.models import Case, PaperProblem
from portal.cases.queries import cases_of, superseded
from portal.cases.states import Status
from portal.fields.identifiers import clean_code, masked_name
from portal.payments.models import Receipt
from portal.payments.queries import is_reversed, paid_at, paid_cases, reversed_cases
from portal.throttling import limits

from . import seals
from .models import CODE_ALPHABET, CODE_LENGTH, IssuedDocument
from .papers import details_of, payer_of


def permits_of(user: User) -> QuerySet[Case]:
    """A student's closed cases that have a permit to download. `paid_at` is the bank's time; of free ones, when it closed.

    While the bank has taken the money back, there is none.
    """
    printed = [kind.code for kind in kinds.of_category(user.category) if kind.outcome.is_pdf]
    closed = cases_of(user).filter(status=Status.COMPLETED, kind_code__in=printed)
    paid = closed.exclude(pk__in=reversed_cases().values("pk"))
    return paid.annotate(paid_at=Coalesce(paid_at(), F("completed_at"))).order_by(F("paid_at").desc(), "-pk")


def receipts_of(user: User, *, today: date) -> QuerySet[Case]:
    """A student's paid cases: each stands on a receipt."""
    return paid_cases(user, today=today).order_by(F("paid_at").desc(), "-pk")


# A paper is made within seconds. What was not tried in a day has a reason; what was tried and failed has an item.
MISSED_AFTER, MISSED_UNTIL, MISSED_AT_ONCE = timedelta(minutes=1), timedelta(days=1), 100


def cases_without_permit(*, now: datetime) -> list[int]:
    """The primary keys of closed cases whose permit should be there by now and is not."""
    made = IssuedDocument.objects.exclude(file="").filter(case__isnull=False)
    printed = Q(
        *(Q(category=each.category, kind_code=each.code) for each in kinds.all_kinds() if each.outcome.is_pdf), _connector=Q.OR
    )
    due = Q(completed_at__range=_missed(now)) | Q(Exists(_problems("permit").filter(case=OuterRef("pk"))))
    closed = Case.objects.filter(printed, due, status=Status.COMPLETED)
    return list(closed.exclude(pk__in=made.values("case")).values_list("pk", flat=True)[:MISSED_AT_ONCE])


def receipts_without_paper(*, now: datetime) -> list[int]:
    """The primary keys of receipts whose paper should be there by now and is not."""
    made = IssuedDocument.objects.exclude(file="").filter(receipt__isnull=False)
    due = Q(issued_at__range=_missed(now)) | Q(Exists(_problems("receipt").filter(case__bill_lines__bill=OuterRef("bill"))))
    receipts = Receipt.objects.filter(due, voided_at=None)
    return list(receipts.exclude(pk__in=made.values("receipt")).values_list("pk", flat=True)[:MISSED_AT_ONCE])


def _problems(paper: str) -> QuerySet[PaperProblem]:
    """Items that wait for somebody: with each round of the schedule it is tried whether fonts or files were mended."""
    return PaperProblem.objects.filter(paper=paper)


def _missed(now: datetime) -> tuple[datetime, datetime]:
    return now - MISSED_UNTIL, now - MISSED_AFTER


class VerificationAnswer(enum.Enum):
    """What verification says: in a word, and in a sentence."""

    value: tuple[Promise, Promise]

    @property
    def label(self) -> Promise:
        return self.value[0]

    @property
    def sentence(self) -> Promise:
        return self.value[1]


class VerificationStatus(VerificationAnswer):
    """What a verification page says of a document."""

    VALID = _("有效"), _("此文件由本系統核發，請核對下列資料與文件所載是否相同。")
    SUPERSEDED = _("已換發"), _("此文件由本系統核發，但已換發新的許可證，不再使用。")
    EXPIRED = _("已逾有效期限"), _("此文件由本系統核發，但已逾有效期限。")
    REVOKED = _("已廢止"), _("此文件由本系統核發，但已廢止。")
    ALTERED = _("資料不符"), _("此文件由本系統核發，但系統現有資料與核發時不符，請勿採信，並請洽本署查證。")


_CODE: Final = re.compile(rf"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}")


@dataclass(frozen=True)
class Verified:
    """What anybody who holds the paper may learn: no more than stands on it, and the name masked."""

    standing: VerificationStatus
    kind: str
    number: str
    masked_name: str
    issued_on: date
    valid_until: date | None


def verified(code: str, *, today: date, facts: str = "") -> Verified | None:
    """The document of that verification code, however it was typed; None when there is none.

    `facts` is what the signature of its file holds of them, where the file is at hand.
    """
    document = IssuedDocument.objects.select_related("case", "receipt__bill").filter(verification_code=clean_code(code)).first()
    return _verified(document, today, facts) if document else None


def verification_step(network: str, *, now: datetime) -> int:
    """The step of proof that this network has to give, for so many codes that there are not."""
    limit = limits.VERIFICATION_OF_NETWORK
    return limits.step(limit, limits.recent(limits.hits(limit, network), limit, now=now).count())


def verify(code: str, *, network: str, proof: int, now: datetime) -> Verified | None:
    """`verified`, for a visitor from that network: codes that there are not are counted. Raises MoreProof.

    What is no code by its length or its characters is a slip of the hand and costs no try.
    """
    if proof < (needed := verification_step(network, now=now)):
        raise limits.MoreProof(needed)
    found = verified(code, today=timezone.localdate(now))
    if found is None and _CODE.fullmatch(clean_code(code)):
        limits.note(limits.VERIFICATION_OF_NETWORK, network, now=now)
    return found


def _verified(document: IssuedDocument, today: date, facts: str) -> Verified:
    case, receipt = document.case, document.receipt
    name = details_of(case)["chinese_name"] if case else payer_of(receipt) if receipt else ""
    issued_on = case.permit_issued_on if case else None
    return Verified(
        standing=_standing(document, today, facts),
        kind=document.get_kind_display(),
        number=document.number,
        masked_name=masked_name(name),
        issued_on=issued_on or timezone.localtime(receipt.issued_at if receipt else document.issued_at).date(),
        valid_until=case.permit_valid_until if case else None,
    )


def _standing(document: IssuedDocument, today: date, facts: str) -> VerificationStatus:
    """The first that holds: a permit that was exchanged is not in use any more, whether its time was over or not."""
    case, receipt = document.case, document.receipt
    if document.revoked_at or (receipt and receipt.voided_at) or (case and is_reversed(case)):
        return VerificationStatus.REVOKED
    if not _is_unaltered(document, facts):
        return VerificationStatus.ALTERED
    if case and superseded(case):
        return VerificationStatus.SUPERSEDED
    is_over = case is not None and case.permit_valid_until is not None and case.permit_valid_until < today
    return VerificationStatus.EXPIRED if is_over else VerificationStatus.VALID


def _is_unaltered(document: IssuedDocument, facts: str) -> bool:
    """Whether case or receipt say what they said when the paper was made; one that was never made says nothing."""
    return {document.facts_sha256, facts} - {""} <= {seals.facts_sha256(document)}
