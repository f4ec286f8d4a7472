"""ECPay's addresses, and the page of a code, where it is paid as if at a counter."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.sandbank import operations
from portal.sandbank.demonstration import demo_only, remember
from portal.sandbank.models import Order
from portal.sandbank.views import page_of

from . import check_mac, orders, refunds, words

# Between the merchant's clock and ours, in seconds.
CLOCKS_DIFFER = 180
LANGUAGES = {"ENG": "en", "CHI": "zh-hans"}
LABELS = {
    "BankCode": _("銀行代碼"),
    "vAccount": _("虛擬帳號"),
    "PaymentNo": _("繳費代碼"),
    "Barcode1": _("第一段條碼"),
    "Barcode2": _("第二段條碼"),
    "Barcode3": _("第三段條碼"),
    "ExpireDate": _("繳費期限"),
}


@csrf_exempt
@demo_only
@require_POST
def check_out(request: HttpRequest) -> HttpResponse:
    """AioCheckOut/V5: a browser comes with a signed form."""
    fields = check_mac.read(request.body)
    if fields is None:
        return _bad_order(request)
    try:
        order = orders.open_order(fields, now=timezone.now())
    except orders.Refused:
        return _bad_order(request)
    return remember(redirect(page_of(order), order.uid), LANGUAGES.get(fields.get("Language", ""), "zh-hant"))


def _bad_order(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sandbank/bad_order.html", status=400)


@csrf_exempt
@demo_only
@require_POST
def query_trade(request: HttpRequest) -> HttpResponse:
    """QueryTradeInfo/V5."""
    fields = _asked(request)
    if fields is None:
        return HttpResponse("10200073|CheckMacValue Error", status=400, content_type="text/plain")
    order = orders.find(fields)
    return _answer(orders.trade(order, timezone.now()) if order else words.unknown_trade(fields))


@csrf_exempt
@demo_only
@require_POST
def query_code(request: HttpRequest) -> HttpResponse:
    """QueryPaymentInfo."""
    fields = _asked(request)
    if fields is None:
        return HttpResponse("10200073|CheckMacValue Error", status=400, content_type="text/plain")
    return _answer(words.payment_info(orders.find(fields), fields))


@csrf_exempt
@demo_only
@require_POST
def do_action(request: HttpRequest) -> HttpResponse:
    """CreditDetail/DoAction."""
    fields = check_mac.read(request.body)
    if fields is None:
        return HttpResponse("10200073|CheckMacValue Error", status=400, content_type="text/plain")
    return _answer(refunds.act(fields, orders.find(fields), now=timezone.now()))


def _asked(request: HttpRequest) -> dict[str, str] | None:
    """A merchant's question: signed, and just now."""
    fields = check_mac.read(request.body)
    stamp = (fields or {}).get("TimeStamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return None
    return fields if abs(timezone.now().timestamp() - int(stamp)) <= CLOCKS_DIFFER else None


def _answer(fields: dict[str, str]) -> HttpResponse:
    return HttpResponse(check_mac.write(fields), content_type="text/html; charset=utf-8")


@demo_only
@require_GET
def codes(request: HttpRequest) -> HttpResponse:
    """Codes that wait for somebody to pay them."""
    waiting = Order.objects.filter(method__in=words.CODE_READY, state=Order.State.OPEN).order_by("-id")[:20]
    return render(request, "portal/sandbank/ecpay_codes.html", {"orders": waiting})


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, uid: UUID) -> HttpResponse:
    """取號完成: the code, and a counter that takes exactly its amount."""
    order = get_object_or_404(Order, uid=uid, method__in=words.CODE_READY)
    now = timezone.now()
    if request.method == "POST":
        if not words.is_lapsed(order, now):
            operations.receive_cash(order, now=now)
        return redirect("sandbank:ecpay-code", uid)
    shown = [(LABELS[name], value) for name, value in words.codes(order).items() if value]
    context = {"order": order, "codes": shown, "lapsed": words.is_lapsed(order, now)}
    return render(request, "portal/sandbank/ecpay_code.html", context)
