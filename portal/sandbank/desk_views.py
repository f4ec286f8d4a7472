"""What a demonstration needs of a bank besides its pages: a counter, a store, a clock and a fault panel."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from . import desk, dispatcher, operations, settlement
from .demonstration import demo_only
from .desk_forms import CounterForm, FaultForm, StoreForm
from .models import Delivery


@demo_only
@require_GET
def desk_page(request: HttpRequest) -> HttpResponse:
    """作業台: the clock, the faults, and what was sent to merchants."""
    now = timezone.now()
    context = {
        "clock": desk.clock(now),
        "form": FaultForm(initial={"faults": sorted(desk.active())}),
        "deliveries": Delivery.objects.select_related("order").order_by("-id")[:20],
    }
    return render(request, "portal/sandbank/desk.html", context)


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """臨櫃繳費: an account and an amount."""
    return _collect(request, CounterForm, "portal/sandbank/counter.html")


@demo_only
@require_http_methods(["GET", "HEAD", "POST"])
def store(request: HttpRequest) -> HttpResponse:
    """超商代收: three barcodes."""
    return _collect(request, StoreForm, "portal/sandbank/store.html")


def _collect(request: HttpRequest, form_class: type[CounterForm] | type[StoreForm], template: str) -> HttpResponse:
    form, order = form_class(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        try:
            order = operations.collect(form.collected(), now=timezone.now())
            form = form_class()
        except ValidationError as refused:
            form.add_error(None, refused)
    return render(request, template, {"form": form, "order": order})


@demo_only
@require_POST
def clock(request: HttpRequest) -> HttpResponse:
    """次一營業日, or right again; what has come due meanwhile leaves in threads of its own."""
    now = timezone.now()
    if request.POST.get("go") == "reset":
        desk.reset()
    else:
        desk.advance(now)
    for pk in dispatcher.due(now=now).values_list("pk", flat=True)[:20]:
        dispatcher.start(pk, after=dispatcher.AT_ONCE)
    return redirect("sandbank:desk")


@demo_only
@require_safe
def settlement_file(request: HttpRequest) -> HttpResponse:
    """對帳檔, as a merchant's cashier fetches it from his bank."""
    now = timezone.now()
    response = HttpResponse(settlement.written(now), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sandbank-{timezone.localdate(desk.clock(now)):%Y%m%d}.csv"'
    return response


@demo_only
@require_POST
def faults(request: HttpRequest) -> HttpResponse:
    """Exactly these are on from now."""
    form = FaultForm(request.POST)
    if form.is_valid():
        desk.switch(form.cleaned_data["faults"])
    return redirect("sandbank:desk")
