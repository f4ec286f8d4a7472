"""The bank's hosted pages and its interface for merchants."""

import base64
import binascii
import json
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from . import operations, signature
from .demonstration import demo_only, remember
from .ecpay.words import CODE_READY
from .forms import TEST_CARDS, CardForm, CodeForm
from .models import Order

# Which page an order begins on; any other method is paid by card.
PAGES = {"web_atm": "sandbank:web-atm", "egov": "sandbank:egov", **dict.fromkeys(CODE_READY, "sandbank:ecpay-code")}


@csrf_exempt
@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest) -> HttpResponse:
    """A merchant sends his customer here with a signed order: in the address, or posted."""
    sent = request.POST if request.method == "POST" else request.GET
    try:
        body = base64.urlsafe_b64decode(sent.get("order", ""))
    except (binascii.Error, ValueError):
        return _bad_order(request)
    if not signature.is_valid(settings.SANDBANK_KEYS, body, sent.get("signature", ""), timezone.now()):
        return _bad_order(request)
    try:
        data = json.loads(body)
        order = operations.open_order(data, now=timezone.now())
        language = operations.word(data.get("language", ""))
    except (ValueError, RecursionError, operations.BadOrder):
        return _bad_order(request)
    return remember(redirect(page_of(order), order.uid), language)


def page_of(order: Order) -> str:
    """The view on which this order is paid."""
    return PAGES.get(order.method, "sandbank:card")


def _bad_order(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/sandbank/bad_order.html", status=400)


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest, uid: UUID) -> HttpResponse:
    """信用卡資料."""
    order = get_object_or_404(Order, uid=uid)
    if operations.is_over(order, timezone.now()):
        return redirect("sandbank:done", uid)
    if page_of(order) != "sandbank:card":
        return redirect(page_of(order), uid)
    if order.state == Order.State.CHALLENGE:
        return redirect("sandbank:challenge", uid)
    form = CardForm(request.POST if request.method == "POST" else None, initial={"pace": order.pace})
    if form.is_valid():
        return _authorise(order, form)
    return render(request, "portal/sandbank/card.html", {"order": order, "form": form, "cards": TEST_CARDS})


def _authorise(order: Order, form: CardForm) -> HttpResponse:
    pace, now = form.cleaned_data["pace"], timezone.now()
    if form.is_declined:
        operations.decline(order, pace=pace, message="發卡銀行拒絕交易", now=now)
        return after(order)
    operations.challenge(order, pace=pace, now=now)
    return redirect("sandbank:challenge", order.uid)


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """3D 驗證."""
    order = get_object_or_404(Order, uid=uid)
    if order.state != Order.State.CHALLENGE or operations.is_over(order, timezone.now()) or order.method in PAGES:
        return redirect("sandbank:card", uid)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        operations.pay(order, now=timezone.now())
        return after(order)
    return render(request, "portal/sandbank/challenge.html", {"order": order, "form": form})


@demo_only
@require_POST
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """取消交易."""
    order = get_object_or_404(Order, uid=uid)
    operations.cancel(order, now=timezone.now())
    return after(order)


@demo_only
@require_GET
def done(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The way back to the merchant; when the notice goes first, this page waits for it."""
    order = get_object_or_404(Order, uid=uid)
    if not operations.is_over(order, timezone.now()):
        return redirect(page_of(order), uid)
    waits = order.deliveries.filter(delivered_at=None).exists() and order.pace == Order.Pace.NOTICE_FIRST
    return render(request, "portal/sandbank/done.html", {"order": order, "waits": waits})


def after(order: Order) -> HttpResponse:
    """Straight back to the merchant, unless his notice goes first."""
    if order.state in operations.UNENDED or order.pace == Order.Pace.NOTICE_FIRST:
        return redirect("sandbank:done", order.uid)
    return HttpResponse(status=303, headers={"Location": order.return_url})


@csrf_exempt
@demo_only
@require_POST
def query(request: HttpRequest) -> HttpResponse:
    """A merchant asks about an order; question and answer are signed."""
    now = timezone.now()
    if not signature.is_valid(settings.SANDBANK_KEYS, request.body, request.headers.get(signature.HEADER, ""), now):
        return HttpResponse(status=401)
    try:
        asked = json.loads(request.body)
        key = {"merchant": operations.word(asked["merchant"]), "trade_no": operations.word(asked["merchant_trade_no"])}
    except (ValueError, RecursionError, KeyError, TypeError):
        return HttpResponse(status=400)
    order = Order.objects.filter(**key).first()
    answer = operations.status(order, now) if order else operations.never_heard(**key, now=now)
    body = operations.dump(answer)
    signed = signature.sign(settings.SANDBANK_KEYS, body, now)
    return HttpResponse(body, content_type="application/json", headers={signature.HEADER: signed})
