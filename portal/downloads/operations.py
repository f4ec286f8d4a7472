"""The one writer of issued documents. Asking twice gives the same number, the same code and the same file."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, Final

from django.core.files.base import ContentFile

from portal.cases.models import Case
from portal.cases.outcomes import PermitPdf
from portal.cases.states import Status
from portal.core.files import private_storage
from portal.payments.models import Receipt
from portal.pdf.characters import described, undrawable

from . import papers
from .models import IssuedDocument

logger = logging.getLogger(__name__)


UNDRAWABLE: Final = (
    "{paper}無法列印，不能核准：字型沒有收錄 {characters}。請退請補正，由申請人改用其他寫法；出自署內資料的，請先更正署內資料。"
)
TOO_LONG: Final = "許可證無法列印，不能核准：內容過長，一頁放不下。請退請補正，由申請人縮短過長的內容。"
NO_PHOTO: Final = "許可證無法列印，不能核准：照片無法讀取。請退請補件，由申請人重新上傳照片。"


class NotIssuable(Exception):
    """The case is not closed with an approval, its kind prints no permit, or the receipt is voided."""


class RenderError(Exception):
    """The document exists but cannot be drawn now: a glyph is missing, it is too long, or the photo cannot be read."""


def issue_permit(case: Case) -> IssuedDocument:
    """核發電子許可證: its number is the case's 收件號."""
    outcome = case.kind.outcome
    if case.status != Status.COMPLETED or not case.permit_valid_until or not isinstance(outcome, PermitPdf):
        raise NotIssuable(case.status)
    document, _ = IssuedDocument.objects.get_or_create(
        kind=IssuedDocument.Kind.PERMIT, number=case.case_no, defaults={"case": case}
    )
    return _with_file(document, outcome.template, lambda: papers.permit_context(document, case))


def issue_receipt(receipt: Receipt) -> IssuedDocument:
    """開立電子收據."""
    if receipt.voided_at:
        raise NotIssuable("voided")
    document, _ = IssuedDocument.objects.get_or_create(
        kind=IssuedDocument.Kind.RECEIPT, number=receipt.number, defaults={"receipt": receipt}
    )
    return _with_file(document, papers.RECEIPT_TEMPLATE, lambda: papers.receipt_context(document, receipt))


def why_unprintable(case: Case) -> str:
    """Why the permit of a case that is about to be approved, or the receipt of its fee, cannot be printed, in words for the
    officer; "" when both can."""
    if characters := undrawable("".join(papers.receipt_words(case))):
        return UNDRAWABLE.format(paper="收據", characters=described(characters))
    outcome = case.kind.outcome
    return _why_no_permit(case, outcome.template) if isinstance(outcome, PermitPdf) else ""


def _why_no_permit(case: Case, template: str) -> str:
    from portal.pdf import rendering as pdf  # loaded late, as below

    document = IssuedDocument(kind=IssuedDocument.Kind.PERMIT, number=case.case_no, case=case)
    try:
        pdf.try_out(template, papers.permit_context(document, case))
    except pdf.GlyphMissing as missing:
        return UNDRAWABLE.format(paper="許可證", characters=described(missing.characters))
    except pdf.TooLong:
        return TOO_LONG
    except papers.PhotoUnreadable:
        return NO_PHOTO
    return ""


def _with_file(document: IssuedDocument, template: str, context: Callable[[], dict[str, Any]]) -> IssuedDocument:
    """The document with its file, made now unless it is there and whole."""
    if _is_whole(document):
        return document
    from portal.pdf import (
        rendering as pdf,  # WeasyPrint takes most of a second to load: not at each start of a development server
    )

    try:
        content = pdf.render(template, context())
    except (pdf.Unprintable, papers.PhotoUnreadable) as error:
        logger.exception("issued document %s cannot be printed", document.pk)
        raise RenderError(str(error)) from error
    return _keep(document, content)


def _is_whole(document: IssuedDocument) -> bool:
    if not document.file:
        return False
    try:
        with document.file.open("rb") as file:
            return hashlib.sha256(file.read()).hexdigest() == document.sha256
    except FileNotFoundError:
        return False


def _keep(document: IssuedDocument, content: bytes) -> IssuedDocument:
    """Store the file; where another process was quicker, its file stays."""
    storage, before = private_storage(), document.file.name
    name = storage.save(before or f"issued/{document.kind}/{document.pk}.pdf", ContentFile(content))
    sha256 = hashlib.sha256(content).hexdigest()
    if not IssuedDocument.objects.filter(pk=document.pk, file=before).update(file=name, sha256=sha256):
        storage.delete(name)
    document.refresh_from_db()
    return document
