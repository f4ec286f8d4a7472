"""What stands on a permit and on a receipt: the contexts of their templates."""

from base64 import b64encode
from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageOps

from portal.cases.models import Case
from portal.cases.outcomes import PermitPdf
from portal.fields.dates import roc_date_long
from portal.fields.identifiers import mask
from portal.fields.money import capital_amount
from portal.forms.presentation import sections
from portal.payments import registry
from portal.payments.models import Receipt
from portal.pdf.barcodes import code39, qr_code

from .models import IssuedDocument

RECEIPT_TEMPLATE: Final = "portal/downloads/receipt.html"
PHOTO_SIZE: Final = (413, 531)  # 35 x 45 mm at 300 dots an inch


def permit_context(document: IssuedDocument, case: Case) -> dict[str, Any]:
    """電子入出境許可證: `details` as kept, `words` as people read them, `previous` the permit that it came from."""
    details = details_of(case)
    return _proof(document) | {
        "case": case,
        "details": details,
        "words": {row.name: row.value for section in sections(case.kind, details) for row in section.rows},
        "photo": _photo(case),
        "previous": case.previous_permit,
        "decision": case.decision,
        "barcode": code39(document.number),
        "issued_on": case.permit_issued_on,
        "valid_until": case.permit_valid_until,
        "stay_until": case.permit_stay_until,
    }


def receipt_context(document: IssuedDocument, receipt: Receipt) -> dict[str, Any]:
    """電子收據 (圖 85)."""
    paid_at = timezone.localtime(receipt.payment.captured_at or receipt.issued_at)
    return _proof(document) | {
        "receipt": receipt,
        "lines": receipt.bill.lines.filter(live=True).select_related("case").order_by("pk"),
        "issued_on": timezone.localtime(receipt.issued_at).date(),
        "issued_on_roc": roc_date_long(timezone.localtime(receipt.issued_at).date()),
        "paid_on_roc": roc_date_long(paid_at.date()),
        "paid_at": paid_at,
        "payer": receipt.bill.owner.chinese_name,
        "payer_number": mask(receipt.bill.owner.ui_no),
        "method": registry.name_of(receipt.payment.method),
        "amount_in_capitals": capital_amount(receipt.amount),
    }


def verification_url(document: IssuedDocument) -> str:
    """What the QR code says."""
    return settings.BASE_URL + reverse("verification:verify", args=[document.verification_code])


def spaced(code: str) -> str:
    """A verification code in groups of five, to be read and typed."""
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def details_of(case: Case) -> dict[str, Any]:
    """The person as the officer approved them: what they corrected in the form, else what the records had."""
    return {**case.applicant, **{name: value for name, value in case.answers.items() if value not in ("", None)}}


def _proof(document: IssuedDocument) -> dict[str, Any]:
    url = verification_url(document)
    return {"document": document, "verify_url": url, "qr_code": qr_code(url), "spaced_code": spaced(document.verification_code)}


def _photo(case: Case) -> str:
    """The photo as a picture of exactly the printed size, or nothing where the kind prints none."""
    outcome = case.kind.outcome
    slot = outcome.photo_slot if isinstance(outcome, PermitPdf) else ""
    found = case.documents.filter(slot=slot, replaced_at=None).last()
    if found is None:
        return ""
    with found.file.open("rb") as file, Image.open(file, formats=("JPEG", "PNG", "BMP")) as picture:
        fitted = ImageOps.fit(picture.convert("RGB"), PHOTO_SIZE, Image.Resampling.LANCZOS)
    out = BytesIO()
    fitted.save(out, "JPEG", quality=90)
    return "data:image/jpeg;base64," + b64encode(out.getvalue()).decode()
