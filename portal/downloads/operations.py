"""The one writer of issued documents. Asking twice gives the same number, the same code and the same file."""

import hashlib
import logging
from collections.abc import Callable
from typing import Any, Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from portal.cases import operations as cases
from portal.cases.approvals import Undrawable
from portal.cases.models import Case
from portal.cases.outcomes import PermitPdf
from portal.cases.states import Status
from portal.core.files import private_storage
from portal.payments.models import Receipt
from portal.pdf.characters import described, undrawable

from . import papers, seals
from .alone import alone
from .models import CODE_LENGTH, IssuedDocument

logger = logging.getLogger(__name__)


UNDRAWABLE: Final = (
    "{paper}無法列印，不能核准：字型沒有收錄 {characters}。請退請補正，由申請人改用其他寫法；出自署內資料的，請先更正署內資料。"
)
TOO_LONG: Final = "許可證無法列印，不能核准：內容過長，一頁放不下。請退請補正，由申請人縮短過長的內容。"
CHANGED: Final = "資料與核發時不符"
NO_PHOTO: Final = "許可證無法列印，不能核准：照片無法讀取。請退請補件，由申請人重新上傳照片。"


class NotIssuable(Exception):
    """The case is not closed with an approval, its kind prints no permit, or the receipt is voided."""


class RenderError(Exception):
    """The document exists but cannot be drawn now: a glyph is missing, it is too long, or the photo cannot be read.

    `problem` says it to the officer.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


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


def preview_permit(case: Case) -> bytes:
    """The permit of a case as an officer would approve it, with a verification code that opens nothing. Raises Undrawable."""
    from portal.pdf import rendering as pdf  # loaded late, as below

    outcome = case.kind.outcome
    assert isinstance(outcome, PermitPdf)  # noqa: S101  # the caller asked whether it prints one
    if wrong := _why_no_permit(case, outcome.template):
        raise Undrawable(wrong)
    return pdf.render(outcome.template, papers.permit_context(_not_issued(case), case))


def _why_no_permit(case: Case, template: str) -> str:
    from portal.pdf import rendering as pdf  # loaded late, as below

    try:
        pdf.try_out(template, papers.permit_context(_not_issued(case), case))
    except pdf.GlyphMissing as missing:
        return UNDRAWABLE.format(paper="許可證", characters=described(missing.characters))
    except pdf.TooLong:
        return TOO_LONG
    except papers.PhotoUnreadable:
        return NO_PHOTO
    return ""


def _not_issued(case: Case) -> IssuedDocument:
    """The permit of a case before it is approved: the same each time, so that it is tried once."""
    return IssuedDocument(kind=IssuedDocument.Kind.PERMIT, number=case.case_no, case=case, verification_code="0" * CODE_LENGTH)


def _with_file(document: IssuedDocument, template: str, context: Callable[[], dict[str, Any]]) -> IssuedDocument:
    """The document with its file, made now unless it is there and whole; where another process is at it, that one's."""
    if _is_whole(document):
        return document
    with alone(f"paper-{document.pk}") as was_alone:
        if not was_alone:
            document.refresh_from_db()
        return document if _is_whole(document) else _made(document, template, context)


def _made(document: IssuedDocument, template: str, context: Callable[[], dict[str, Any]]) -> IssuedDocument:
    case = papers.case_of(document)
    try:
        document.facts_sha256 = _facts_of(document)
        content = _drawn(document, template, context)
    except RenderError as error:
        cases.open_paper_problem(case, document.kind, error.problem, now=timezone.now())
        raise
    signed = _signed(document, content)
    with transaction.atomic():
        made = _keep(document, content, signed)
        cases.close_paper_problem(case, document.kind)
    return made


def _facts_of(document: IssuedDocument) -> str:
    facts = seals.facts_sha256(document)
    if document.facts_sha256 not in ("", facts):
        logger.error("issued document %s: what it says was changed in the database", document.pk)
        raise RenderError(CHANGED)
    return facts


def _drawn(document: IssuedDocument, template: str, context: Callable[[], dict[str, Any]]) -> bytes:
    from portal.pdf import (
        rendering as pdf,  # WeasyPrint takes most of a second to load: not at each start of a development server
    )

    try:
        return pdf.render(template, context())
    except pdf.GlyphMissing as missing:
        raise _logged(document, f"字型沒有收錄 {described(missing.characters)}") from missing
    except pdf.TooLong as error:
        raise _logged(document, "內容過長，一頁放不下") from error
    except papers.PhotoUnreadable as error:
        raise _logged(document, "照片無法讀取") from error


def _logged(document: IssuedDocument, problem: str) -> RenderError:
    """Without the characters of a name."""
    logger.exception("issued document %s cannot be printed", document.pk)
    return RenderError(problem)


def _signed(document: IssuedDocument, content: bytes) -> bytes:
    from portal.pdf import signing  # loaded late, as WeasyPrint

    address, reason = papers.verification_url(document), seals.reason(document)
    return signing.sign(content, at=document.issued_at, address=address, reason=reason)


def _is_whole(document: IssuedDocument) -> bool:
    if not document.file:
        return False
    try:
        with document.file.open("rb") as file:
            return _sha256(file.read()) == document.sha256
    except FileNotFoundError:
        return False


def _keep(document: IssuedDocument, drawn: bytes, content: bytes) -> IssuedDocument:
    """Store the file; where another process was quicker, its file stays."""
    storage, before = private_storage(), document.file.name
    name = storage.save(before or f"issued/{document.kind}/{document.pk}.pdf", ContentFile(content))
    stored = IssuedDocument.objects.filter(pk=document.pk, file=before).update(
        file=name,
        sha256=_sha256(content),
        drawn_sha256=_sha256(drawn),
        facts_sha256=document.facts_sha256,
        template_version=papers.TEMPLATE_VERSION,
    )
    if not stored:
        storage.delete(name)
    document.refresh_from_db()
    return document


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
