"""Reading what may be downloaded, and what a verification code stands for."""

import enum
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.cases import kinds
from portal.cases.models import Case
from portal.cases.queries import cases_of, superseded
from portal.cases.states import Status
from portal.fields.identifiers import clean_code
from portal.payments.queries import paid_cases
from portal.throttling import limits

from .models import IssuedDocument
from .papers import details_of, payer_of


def permits_of(user: User) -> QuerySet[Case]:
    """A student's closed cases that have a permit to download. `paid_at` is when its payment closed it."""
    printed = [kind.code for kind in kinds.of_category(user.category) if kind.outcome.is_pdf]
    closed = cases_of(user).filter(status=Status.COMPLETED, kind_code__in=printed)
    return closed.annotate(paid_at=F("completed_at")).order_by(F("paid_at").desc(), "-pk")


def receipts_of(user: User) -> QuerySet[Case]:
    """A student's paid cases: each stands on a receipt."""
    return paid_cases(user).order_by(F("paid_at").desc(), "-pk")


class VerificationStatus(enum.Enum):
    """What a verification page says of a document: in a word, and in a sentence."""

    VALID = _("有效"), _("此文件由本系統核發，請核對下列資料與文件所載是否相同。")
    SUPERSEDED = _("已換發"), _("此文件由本系統核發，但已換發新的許可證，不再使用。")
    EXPIRED = _("已逾有效期限"), _("此文件由本系統核發，但已逾有效期限。")
    REVOKED = _("已廢止"), _("此文件由本系統核發，但已廢止。")

    @property
    def label(self) -> Promise:
        return self.value[0]

    @property
    def sentence(self) -> Promise:
        return self.value[1]


@dataclass(frozen=True)
class Verified:
    """What anybody who holds the paper may learn: no more than stands on it, and the name masked."""

    standing: VerificationStatus
    kind: str
    number: str
    masked_name: str
    issued_on: date
    valid_until: date | None


def verified(code: str, *, today: date) -> Verified | None:
    """The document of that verification code, however it was typed; None when there is none."""
    document = IssuedDocument.objects.select_related("case", "receipt__bill").filter(verification_code=clean_code(code)).first()
    return _verified(document, today) if document else None


def verification_step(network: str, *, now: datetime) -> int:
    """The step of proof that this network has to give, for so many codes that there are not."""
    limit = limits.VERIFICATION_OF_NETWORK
    return limits.step(limit, limits.recent(limits.hits(limit, network), limit, now=now).count())


def verify(code: str, *, network: str, proof: int, now: datetime) -> Verified | None:
    """`verified`, for a visitor from that network: codes that there are not are counted. Raises MoreProof."""
    if proof < (needed := verification_step(network, now=now)):
        raise limits.MoreProof(needed)
    found = verified(code, today=timezone.localdate(now))
    if found is None:
        limits.note(limits.VERIFICATION_OF_NETWORK, network, now=now)
    return found


def _verified(document: IssuedDocument, today: date) -> Verified:
    case, receipt = document.case, document.receipt
    name = details_of(case)["chinese_name"] if case else payer_of(receipt) if receipt else ""
    issued_on = case.permit_issued_on if case else None
    return Verified(
        standing=_standing(document, today),
        kind=document.get_kind_display(),
        number=document.number,
        masked_name=masked_name(name),
        issued_on=issued_on or timezone.localtime(receipt.issued_at if receipt else document.issued_at).date(),
        valid_until=case.permit_valid_until if case else None,
    )


def _standing(document: IssuedDocument, today: date) -> VerificationStatus:
    """The first that holds: a permit that was exchanged is not in use any more, whether its time was over or not."""
    case, receipt = document.case, document.receipt
    if document.revoked_at or (receipt and receipt.voided_at):
        return VerificationStatus.REVOKED
    if case and superseded(case):
        return VerificationStatus.SUPERSEDED
    is_over = case is not None and case.permit_valid_until is not None and case.permit_valid_until < today
    return VerificationStatus.EXPIRED if is_over else VerificationStatus.VALID


def masked_name(name: str) -> str:
    """王小明 as 王○明: the first and the last character; of a name of two only the first."""
    characters = unicodedata.normalize("NFC", name)
    return characters[:1] + "○" * max(len(characters) - 2, 1) + (characters[-1] if len(characters) > 2 else "")
