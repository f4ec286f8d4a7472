"""查驗 of the file itself: is it what we issued, byte for byte?"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.throttling import limits

from . import queries, seals
from .models import IssuedDocument
from .queries import VerificationAnswer, Verified

FILE_MAX: Final = 1000 * 1000  # ours have a quarter of it; settings.BODY_LIMITS has room for the form around it


class FileState(VerificationAnswer):
    """What verification says of a file."""

    SAME = _("檔案與存檔相同"), _("電子簽章有效，檔案內容與本署存檔完全相同。")
    SIGNED = _("電子簽章有效"), _("檔案由本署簽發，簽發後未經變更；本署其後曾重新製作此文件。")
    CHANGED = _("檔案已遭變更"), _("檔案曾由本署簽發，但簽發後內容已被變更，請勿採信。")
    FOREIGN = _("查無此檔案"), _("此檔案沒有本署的電子簽章，並非本系統核發的電子檔。掃描或拍照的影像請改以查驗碼查驗。")

    @property
    def is_genuine(self) -> bool:
        return self in {FileState.SAME, FileState.SIGNED}


@dataclass(frozen=True)
class VerifiedFile:
    """What a file is, and, where it is ours, what it stands for now."""

    standing: FileState
    document: Verified | None = None


def verify_file(content: bytes, *, network: str, proof: int, now: datetime) -> VerifiedFile:
    """Whether that file is ours, for a visitor from that network: others are counted with unknown codes. Raises MoreProof."""
    if proof < (needed := queries.verification_step(network, now=now)):
        raise limits.MoreProof(needed)
    found = _verified_file(content, today=timezone.localdate(now))
    if not found.standing.is_genuine:
        limits.note(limits.VERIFICATION_OF_NETWORK, network, now=now)
    return found


def _verified_file(content: bytes, *, today: date) -> VerifiedFile:
    from portal.pdf import signing  # loaded late: pyHanko takes half a second

    checked = signing.check(content)
    if checked.standing != signing.SignatureState.OURS:
        changed = checked.standing == signing.SignatureState.CHANGED
        return VerifiedFile(FileState.CHANGED if changed else FileState.FOREIGN)
    document = IssuedDocument.objects.filter(verification_code=_code_in(checked.address)).first()
    if document is None:
        return VerifiedFile(FileState.FOREIGN)
    same = hashlib.sha256(content).hexdigest() == document.sha256
    return VerifiedFile(
        FileState.SAME if same else FileState.SIGNED,
        queries.verified(document.verification_code, today=today, facts=seals.facts_in(checked.reason)),
    )


def _code_in(address: str) -> str:
    """The verification code at the end of the address that was signed, wherever the portal stood then."""
    return address.rstrip("/").rpartition("/")[2]
