"""The Web ATM, and the e-government platform with its two steps."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from . import operations
from .demonstration import demo_only
from .models import Order
from .platform_forms import WAYS, WayForm, WebAtmForm
from .views import after, page_of

POOR = "存款餘額不足"


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def web_atm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """臺銀 WEB ATM: the reader is made up; the PIN pays."""
    order = get_object_or_404(Order, uid=uid)
    if (elsewhere := _elsewhere(order, "sandbank:web-atm")) is not None:
        return elsewhere
    form = WebAtmForm(request.POST if request.method == "POST" else None, initial={"pace": order.pace})
    if form.is_valid():
        pace, now = form.cleaned_data["pace"], timezone.now()
        if form.is_poor:
            operations.decline(order, pace=pace, message=POOR, now=now)
        else:
            operations.pay_at_once(order, pace=pace, now=now)
        return after(order)
    return render(request, "portal/sandbank/web_atm.html", {"order": order, "form": form})


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def egov(request: HttpRequest, uid: UUID) -> HttpResponse:
    """e 政府繳費平台: 付款方式, each with its fee."""
    order = get_object_or_404(Order, uid=uid)
    if (elsewhere := _elsewhere(order, "sandbank:egov")) is not None:
        return elsewhere
    if order.state == Order.State.CHALLENGE:
        return redirect("sandbank:egov-confirm", uid)
    form = WayForm(request.POST if request.method == "POST" else None, agreed=order.agreed, initial={"pace": order.pace})
    if form.is_valid():
        way = form.cleaned_data["way"]
        operations.choose_way(order, way=way, fee=WAYS[way][1], pace=form.cleaned_data["pace"], now=timezone.now())
        return redirect("sandbank:egov-confirm", uid)
    return render(request, "portal/sandbank/egov.html", {"order": order, "form": form})


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def egov_confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """確認扣款: amount, fee and what is debited in all, before anything is."""
    order = get_object_or_404(Order, uid=uid)
    if operations.is_over(order, timezone.now()) or page_of(order) != "sandbank:egov" or order.state != Order.State.CHALLENGE:
        return redirect(page_of(order), uid)
    if request.method == "POST":
        return _confirmed(request, order)
    return render(request, "portal/sandbank/egov_confirm.html", {"order": order, "way": WAYS[order.way][0]})


def _confirmed(request: HttpRequest, order: Order) -> HttpResponse:
    now = timezone.now()
    match request.POST.get("go"):
        case "pay":
            operations.pay(order, now=now)
        case "poor":
            operations.fail(order, message=POOR, now=now)
        case _:
            operations.choose_again(order, now=now)
            return redirect("sandbank:egov", order.uid)
    return after(order)


def _elsewhere(order: Order, here: str) -> HttpResponse | None:
    """Where this order is, when it is not on this page."""
    if operations.is_over(order, timezone.now()):
        return redirect("sandbank:done", order.uid)
    return redirect(page_of(order), order.uid) if page_of(order) != here else None
