"""What stands on a permit and on a receipt: the contexts of their templates."""

from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageOps

from portal.cases.models import Case, Document
from portal.cases.outcomes import PermitPdf
from portal.cases.queries import cases_of
from portal.fields.dates import roc_date_long
from portal.fields.identifiers import mask
from portal.fields.money import capital_amount
from portal.forms.presentation import all_in_words
from portal.payments import registry
from portal.payments.models import BillLine, Receipt
from portal.pdf.barcodes import code39, qr_code

from .models import IssuedDocument

RECEIPT_TEMPLATE: Final = "portal/downloads/receipt.html"
# Of the templates and the style sheet. Whoever changes them counts on (tests/downloads/test_template_version.py).
TEMPLATE_VERSION: Final = "3"
PHOTO_SIZE: Final = (413, 531)  # 35 x 45 mm at 300 dots an inch

PHOTO_BYTES: Final = 28 * 1024
QUALITIES: Final = (90, 80, 70, 60, 50, 40, 30)  # of JPEG


class PhotoUnreadable(Exception):
    """The file of the photo is lost or damaged."""


def permit_context(document: IssuedDocument, case: Case) -> dict[str, Any]:
    """電子入出境許可證: `details` as kept, `words` as people read them, `previous` the permit that it came from."""
    details = details_of(case)
    return _proof(document) | {
        "case": case,
        "details": details,
        "words": all_in_words(case.kind, details),
        "photo": _photo(case),
        "previous": case.previous_permit,
        "decision": case.decision,
        "barcode": code39(document.number),
        "issued_on": case.permit_issued_on,
        "valid_from": case.permit_issued_on + timedelta(days=1) if case.permit_issued_on else None,  # 自核發之翌日起算
        "valid_until": case.permit_valid_until,
        "stay_until": case.permit_stay_until,
    }


def receipt_context(document: IssuedDocument, receipt: Receipt) -> dict[str, Any]:
    """電子收據 (圖 85)."""
    paid_at = timezone.localtime(receipt.payment.captured_at or receipt.issued_at)
    return _proof(document) | {
        "receipt": receipt,
        "lines": list(lines_of(receipt)),
        "replaces": receipt.bill.receipts.filter(pk__lt=receipt.pk).exclude(voided_at=None).last(),
        "issued_on": timezone.localtime(receipt.issued_at).date(),
        "issued_on_roc": roc_date_long(timezone.localtime(receipt.issued_at).date()),
        "paid_on_roc": roc_date_long(paid_at.date()),
        "paid_at": paid_at,
        "payer": payer_of(receipt),
        "payer_number": mask(payer_number_of(receipt)),
        "method": registry.name_of(receipt.payment.method),
        "amount_in_capitals": capital_amount(receipt.amount),
    }


def receipt_words(case: Case) -> tuple[str, ...]:
    """What of the case, once it is paid for, stands on the receipt; nothing where nothing is to be paid."""
    fee = case.kind.fee(case.answers)
    return (_name_of(case), str(fee.item)) if fee.amount else ()


def payer_of(receipt: Receipt) -> str:
    """繳款人, as the officer approved their name: what is in the account may have characters that no paper shows."""
    line = lines_of(receipt).last()
    return _name_of(line.case) if line else receipt.bill.owner.chinese_name


def payer_number_of(receipt: Receipt) -> str:
    """Their 統一證號, as it stands on the permit that was paid for."""
    line = lines_of(receipt).last()
    return str(details_of(line.case).get("ui_no", "")) if line else receipt.bill.owner.ui_no


def verification_url(document: IssuedDocument) -> str:
    """What the QR code says."""
    return settings.BASE_URL + reverse("verification:verify", args=[document.verification_code])


def spaced(code: str) -> str:
    """A verification code in groups of five, to be read and typed."""
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def case_of(document: IssuedDocument) -> Case:
    """Whose paper it is; of a receipt over several cases the last, whose applicant stands on it."""
    if document.case:
        return document.case
    assert document.receipt  # noqa: S101  # one of the two is there
    line = lines_of(document.receipt).last() or document.receipt.bill.lines.select_related("case").order_by("pk").last()
    assert line  # noqa: S101  # nobody pays for nothing
    return line.case


def details_of(case: Case) -> dict[str, Any]:
    """The person as the officer approved them: what they corrected in the form, else what the records had."""
    return {**case.applicant, **{name: value for name, value in case.answers.items() if value not in ("", None)}}


def _name_of(case: Case) -> str:
    name: str = details_of(case)["chinese_name"]
    return name


def lines_of(receipt: Receipt) -> QuerySet[BillLine]:
    """What was paid for."""
    return receipt.bill.lines.filter(live=True).select_related("case").order_by("pk")


def _proof(document: IssuedDocument) -> dict[str, Any]:
    url = verification_url(document)
    return {
        "document": document,
        "verify_url": url,
        "qr_code": qr_code(url),
        "code_groups": spaced(document.verification_code).split(),
    }


def photo_document(case: Case) -> Document | None:
    """The photo on the permit: the case's own or that of the case it names; None where the kind prints none."""
    return _photo_with(case) or _photo_with(cases_of(case.owner).filter(case_no=case.answers.get("photo_on_file")).first())


def _photo_with(case: Case | None) -> Document | None:
    if case is None or not isinstance(case.kind.outcome, PermitPdf):
        return None
    return case.documents.filter(slot=case.kind.outcome.photo_slot, replaced_at=None).last()


def _photo(case: Case) -> str:
    """The photo in exactly the printed size; "" where the kind prints none."""
    found = photo_document(case)
    if found is None:
        return ""
    try:
        with found.file.open("rb") as file, Image.open(file, formats=("JPEG", "PNG", "BMP")) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), PHOTO_SIZE, Image.Resampling.LANCZOS)
    except (OSError, SyntaxError, ValueError) as error:  # all three are Pillow's words for a damaged file
        raise PhotoUnreadable(f"document {found.pk}") from error
    return "data:image/jpeg;base64," + b64encode(_as_jpeg(fitted)).decode()


def _as_jpeg(picture: Image.Image) -> bytes:
    """As good as has room in a file of a quarter of a megabyte."""
    best, low, high = b"", 0, len(QUALITIES)
    while low < high:
        middle = (low + high) // 2
        out = BytesIO()
        picture.save(out, "JPEG", quality=QUALITIES[middle])
        if fits := len(out.getvalue()) <= PHOTO_BYTES:
            best = out.getvalue()
        low, high = (low, middle) if fits else (middle + 1, high)
    return best or out.getvalue()
