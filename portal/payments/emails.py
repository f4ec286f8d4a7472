"""Which emails 信件 a payment causes, each once, in the transaction of what it says."""

from typing import Any

from django.utils import timezone

from portal.mail import outbox
from portal.mail.placeholders import HELPLINE, Placeholder, register

from .models import Payment, Receipt, Refund


def slip_made(payment: Payment) -> None:
    """取得繳費單: where and until when to pay."""
    _queue("slip_made", payment, f"slip:{payment.reference}")


def slip_lapsing(payment: Payment) -> None:
    """繳費單即將逾期."""
    _remind("slip_lapsing", payment, f"slip-lapsing:{payment.reference}")


def payment_received(receipt: Receipt) -> None:
    """繳費完成."""
    waits = not receipt.is_available(timezone.localdate(receipt.issued_at))
    _queue("payment_received", receipt.payment, f"receipt:{receipt.number}", receipt=receipt, receipt_waits=waits)


def receipt_ready(receipt: Receipt) -> None:
    """收據可下載."""
    _remind("receipt_ready", receipt.payment, f"receipt-ready:{receipt.number}", receipt=receipt)


def _remind(kind: str, payment: Payment, cause: str, **context: Any) -> None:
    """Asked for by a schedule, as long as it may be of use."""
    if not outbox.is_queued(cause):
        _queue(kind, payment, cause, **context)


def _queue(kind: str, payment: Payment, cause: str, **context: Any) -> None:
    bill, owner = payment.bill, payment.bill.owner
    outbox.queue(
        kind=kind,
        to=owner.email,
        context={"bill": bill, "payment": payment, **context},
        cause=cause,
        language=owner.language,
    )


def refunded(refund: Refund) -> None:
    """退費完成."""
    _queue("refunded", refund.payment, f"refund:{refund.uid}", refund=refund)


# What editors may put into the words of these emails.
def _amount(label: str, amount: str) -> Placeholder:
    said = "{% blocktranslate with amount=" + amount + "|intcomma %}新臺幣 {{ amount }} 元{% endblocktranslate %}"
    return Placeholder("amount", label, said, is_needed=True)


def _link(label: str, address: str) -> Placeholder:
    return Placeholder("link", label, "{{ BASE_URL }}" + address, is_needed=True)


_EVERY = (
    Placeholder("name", "姓名", "{{ bill.owner.chinese_name }}"),
    Placeholder("bill_no", "繳費單號", "{{ bill.number }}", is_needed=True),
    HELPLINE,
)
_METHOD = Placeholder("method", "繳費方式", "{{ payment.method_name }}")
_PAID = Placeholder("paid_at", "繳費日期", '{{ payment.captured_at|date:"Y/m/d H:i:s" }}')
_RECEIPT = Placeholder("receipt_number", "收據號碼", "{{ receipt.number }}", is_needed=True)
_DEADLINE = Placeholder("deadline", "繳費期限", '{{ payment.pay_until|date:"Y/m/d" }}', is_needed=True)
_ACCOUNT = Placeholder("account", "虛擬帳號", "{{ payment.codes.account }}", is_needed=True)
_SLIP = _link("繳費單連結", '{% url "payments:result" bill.category bill.number %}')
_RECEIPTS = _link("收據下載連結", '{% url "downloads:receipts" bill.category %}')
_LINES = Placeholder(
    "cases",
    "所繳案件",
    """{% for line in bill.lines.all %}{% translate "團號" %}{% translate "：" %}{{ line.case.group_no }}{% translate "　" %}\
{% translate "收件號" %}{% translate "：" %}{{ line.case.case_no }}{% translate "　" %}{{ line.shown_item }}
{% endfor %}""",
    is_needed=True,
)
_WAITS = Placeholder(
    "receipt_day",
    "收據何時可下載",
    '{% if receipt_waits %}{% blocktranslate with day=receipt.available_on|date:"Y/m/d" %}'
    "收據自 {{ day }} 起可下載，屆時另行通知。{% endblocktranslate %}{% endif %}",
    is_needed=True,
)
register("slip_made", "繳費單", *_EVERY, _METHOD, _amount("應繳金額", "payment.amount"), _DEADLINE, _ACCOUNT, _SLIP)
register("slip_lapsing", "繳費單即將逾期", *_EVERY, _METHOD, _amount("應繳金額", "payment.amount"), _DEADLINE, _SLIP)
register(
    "payment_received",
    "繳費完成",
    *_EVERY,
    _PAID,
    _METHOD,
    _amount("交易金額", "receipt.amount"),
    _RECEIPT,
    _LINES,
    _WAITS,
    _RECEIPTS,
)
register("receipt_ready", "收據可下載", *_EVERY, _amount("交易金額", "receipt.amount"), _RECEIPT, _RECEIPTS)
register(
    "refunded",
    "退費完成",
    *_EVERY,
    _METHOD,
    _amount("退費金額", "refund.amount"),
    Placeholder("reason", "退費原因", "{{ refund.reason }}", is_needed=True),
)
