"""What a paper says of its case or its receipt, in one number: the signature holds it, and verification counts it anew."""

import hashlib
import json
from typing import Any, Final

from portal.cases.models import Case
from portal.payments.models import Receipt

from . import papers
from .models import IssuedDocument

_REASON: Final = "SHA-256 of the facts: "


def reason(document: IssuedDocument) -> str:
    """What the signature gives as its reason."""
    return _REASON + document.facts_sha256


def facts_in(reason: str) -> str:
    """The number in a signature's reason."""
    return reason.removeprefix(_REASON)


def facts_sha256(document: IssuedDocument) -> str:
    """Of what case or receipt say now; the verification code in it makes that it tells nobody anything."""
    source = document.case or document.receipt
    facts = _permit_facts(source) if isinstance(source, Case) else _receipt_facts(source) if source else {}
    named = {"kind": document.kind, "number": document.number, "code": document.verification_code, **facts}
    return hashlib.sha256(json.dumps(named, sort_keys=True, default=str).encode()).hexdigest()


def _permit_facts(case: Case) -> dict[str, Any]:
    photo, previous = papers.photo_document(case), case.previous_permit
    return {
        "case_no": case.case_no,
        "kind_code": case.kind_code,
        "details": papers.details_of(case),
        "permit_no": case.permit_no,
        "first_permit_no": case.first_permit_no,
        "issued_on": case.permit_issued_on,
        "valid_until": case.permit_valid_until,
        "stay_until": case.permit_stay_until,
        "previous_stay_until": previous.stay_until if previous else None,
        "photo": photo.sha256 if photo else "",
    }


def _receipt_facts(receipt: Receipt) -> dict[str, Any]:
    return {
        "receipt": receipt.number,
        "amount": receipt.amount,
        "issued_at": receipt.issued_at.timestamp(),
        "payment": [receipt.payment.reference, receipt.payment.method],
        "paid_at": receipt.payment.captured_at.timestamp() if receipt.payment.captured_at else None,
        "payer": [papers.payer_of(receipt), papers.payer_number_of(receipt)],
        "lines": [[line.item, line.amount, line.case.case_no, line.case.group_no] for line in papers.lines_of(receipt)],
    }
