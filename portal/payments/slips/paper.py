"""The paper 繳費單: one page, printed once and kept; every reprint is that file."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.files.base import ContentFile
from django.utils import timezone

from portal.core.files import private_storage
from portal.core.purging import sweep_files
from portal.fields.dates import roc_date_long
from portal.fields.identifiers import mask, masked_name
from portal.fields.money import capital_amount
from portal.payments import attempts, registry
from portal.payments.models import Payment
from portal.pdf.barcodes import code39
from portal.pdf.characters import spelled_out

TEMPLATE: Final = "portal/payments/slip.html"
FOLDER: Final = "slips"
# A file is written before its row names it.
ORPHAN_LIFE: Final = timedelta(days=1)


class NotPrintable(Exception):
    """The paper cannot be drawn now."""


def printed(payment: Payment) -> Payment:
    """The attempt with its slip on paper, made now unless it is there and whole."""
    if _is_whole(payment):
        return payment
    from portal.pdf import rendering as pdf  # loaded late: WeasyPrint takes most of a second

    try:
        content = pdf.render(TEMPLATE, context(payment))
    except (pdf.Unprintable, registry.NotConfigured) as problem:
        raise NotPrintable(str(problem)) from problem
    return _keep(payment, content)


def context(payment: Payment) -> dict[str, Any]:
    """What stands on it; nothing of it changes once the codes are issued."""
    slip, bill = payment.slip, payment.bill
    if slip is None:
        raise NotPrintable("no code was issued")
    lines = list(bill.lines.select_related("case").order_by("case__group_no"))
    issued_on = timezone.localtime(payment.created_at).date()
    return {
        "payment": payment,
        "bill": bill,
        "lines": lines,
        "account": slip.codes.get("account", ""),
        "barcodes": [(text, code39(text)) for name, text in sorted(slip.codes.items()) if name.startswith("barcode_")],
        "payer": spelled_out(masked_name(lines[0].case.name if lines else bill.owner.chinese_name)),
        "payer_number": mask(bill.owner.ui_no),
        "issued_on": issued_on,
        "issued_on_roc": roc_date_long(issued_on),
        "pay_until_roc": roc_date_long(slip.pay_until),
        "amount_in_capitals": capital_amount(payment.amount),
        "method": registry.name_of(payment.method),
        "is_demo": registry.gateway(payment.gateway).demo_only,
    }


def _is_whole(payment: Payment) -> bool:
    if not payment.slip_file:
        return False
    try:
        with payment.slip_file.open("rb") as file:
            return hashlib.sha256(file.read()).hexdigest() == payment.slip_sha256
    except FileNotFoundError:
        return False


def _keep(payment: Payment, content: bytes) -> Payment:
    """Store the file; where another process was quicker, its file stays."""
    storage = private_storage()
    name = storage.save(f"{FOLDER}/{payment.pk}.pdf", ContentFile(content))
    if not attempts.keep_print(payment, name, hashlib.sha256(content).hexdigest()):
        storage.delete(name)
    payment.refresh_from_db()
    return payment


def sweep(*, now: datetime) -> int:
    """Delete files without a row, which a process that died left behind; how many."""
    return sweep_files(private_storage(), FOLDER, [(Payment.objects.all(), "slip_file")], now=now, grace=ORPHAN_LIFE)
