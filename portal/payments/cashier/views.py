"""出納: the sums, the work list, one attempt with all that belongs to it, refunds, settlement files, the day's close."""

import logging
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.auth import any_permission_required, permission_required

from portal.accounts.models import User
from portal.cms.model_admin import exports
from portal.fields.spreadsheets import as_csv

from ..models import DayClose, Payment, Refund, SettlementFile
from ..operations import NO_DELAY, inquire
from . import books, refunds, settlement, work_list
from .forms import CloseForm, EvidenceForm, NoteForm, RefundForm, SettlementForm, days_of

log = logging.getLogger("portal.payments")
VIEW = "portal_payments.view_ledgerevent"


class StaffRequest(HttpRequest):
    """A request inside the admin: somebody is logged in."""

    user: User


@never_cache
@require_safe
@permission_required(VIEW)  # type: ignore[untyped-decorator]
def sums(request: StaffRequest) -> HttpResponse:
    """款項總覽: sums by kind and method between two days; with ?export the lines for accounting."""
    form = days_of(request.GET, timezone.localdate())
    found = books.sums(form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else []
    chosen = form.cleaned_data.get("method") if form.is_valid() else ""
    if form.is_valid() and request.GET.get("export") == "csv":
        return _export(request, form.cleaned_data["first"], form.cleaned_data["last"], chosen or "")
    rows = books.in_words([row for row in found if not chosen or row[1] == chosen])
    context = {
        "form": form,
        "rows": rows,
        "total": sum(amount for *_others, amount in rows),
        "open_items": work_list.items().count(),
        "open_refunds": work_list.refunds().count(),
    }
    return render(request, "portal/payments/cashier/sums.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("portal_payments.change_reviewitem")  # type: ignore[untyped-decorator]
def items(request: StaffRequest) -> HttpResponse:
    """待處理款項: overpaid, late, differing, reversed; closed with a note."""
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        closed = work_list.close(said["item"], note=said["note"], by=request.user, now=timezone.now())
        (messages.success if closed else messages.warning)(request, "已處理。" if closed else "這筆款項剛被別人處理過。")
        return redirect("cashier:items")
    shows_closed = "closed" in request.GET
    page = Paginator(work_list.items(closed=shows_closed), 50).get_page(request.GET.get("p"))
    context = {"rows": page, "form": form, "wanted": request.POST.get("item", ""), "shows_closed": shows_closed}
    return render(request, "portal/payments/cashier/items.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(VIEW)  # type: ignore[untyped-decorator]
def payment(request: StaffRequest, reference: str) -> HttpResponse:
    """One attempt: its bill, the other attempts, the ledger, receipts, refunds; 【查詢】 asks the gateway."""
    found = get_object_or_404(Payment.objects.select_related("bill__owner"), reference=reference)
    form = RefundForm(request.POST if "refund" in request.POST else None, initial={"amount": refunds.left(found)})
    if request.method == "POST" and "ask" in request.POST:
        found = inquire(found, now=timezone.now(), every=NO_DELAY)
        messages.info(request, f"金流回覆後的狀態：{found.get_state_display()}")
        return redirect("cashier:payment", reference)
    if form.is_bound and request.user.has_perm("portal_payments.add_refund") and form.is_valid():
        try:
            refunds.request(found, **form.cleaned_data, by=request.user, now=timezone.now())
        except refunds.NotRefundable as why:
            form.add_error("amount", str(why))
        else:
            messages.success(request, "已申請退費，請另一位出納核准。")
            return redirect("cashier:refunds")
    context = {
        "payment": found,
        "bill": found.bill,
        "lines": found.bill.lines.select_related("case"),
        "attempts": found.bill.payments.order_by("id"),
        "events": found.events.select_related("notice"),
        "receipts": found.bill.receipts.all(),
        "refunds": found.refunds.select_related("requested_by", "decided_by"),
        "left": refunds.left(found),
        "form": form,
    }
    return render(request, "portal/payments/cashier/payment.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@any_permission_required("portal_payments.add_refund", "portal_payments.approve_refund")  # type: ignore[untyped-decorator]
def refund_list(request: StaffRequest) -> HttpResponse:
    """退費."""
    rows = Refund.objects.select_related("payment__bill", "requested_by", "decided_by")
    page = Paginator(rows, 50).get_page(request.GET.get("p"))
    return render(request, "portal/payments/cashier/refunds.html", {"rows": page, "form": EvidenceForm()})


@never_cache
@require_POST
@permission_required("portal_payments.approve_refund")  # type: ignore[untyped-decorator]
def decide_refund(request: StaffRequest, uid: Any) -> HttpResponse:
    """核准, 不同意, 已退費, or by hand."""
    refund = get_object_or_404(Refund.objects.select_related("payment"), uid=uid)
    form, now = EvidenceForm(request.POST), timezone.now()
    try:
        if "approve" in request.POST:
            refunds.approve(refund, by=request.user, now=now)
        elif "decline" in request.POST:
            refunds.decline(refund, by=request.user, now=now)
        elif "by_hand" in request.POST:
            refunds.by_hand(refund)
        elif form.is_valid():
            refunds.complete(refund, evidence=form.cleaned_data["evidence"], now=now)
        else:
            raise refunds.NotRefundable(str(form.errors["evidence"][0]))
    except refunds.NotRefundable as why:
        messages.error(request, str(why))
    else:
        log.info("user %s decides on refund %s: %s", request.user.pk, refund.uid, refund.state)
        refund.refresh_from_db()
        messages.success(request, f"退費：{refund.get_state_display()}")
    return redirect("cashier:refunds")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("portal_payments.add_settlementfile")  # type: ignore[untyped-decorator]
def settlements(request: StaffRequest) -> HttpResponse:
    """對帳檔: the files so far, and the next one."""
    form = SettlementForm(request.POST, request.FILES) if request.method == "POST" else SettlementForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            known = settlement.take_in(form.cleaned_data["gateway"], file.name, file.read(), by=request.user, now=timezone.now())
        except settlement.Unfit as unfit:
            for problem in unfit.problems[:50]:
                form.add_error("file", problem)
        else:
            return redirect("cashier:settlement", known.pk)
    rows = Paginator(SettlementFile.objects.select_related("imported_by"), 20).get_page(request.GET.get("p"))
    context = {"form": form, "rows": rows, "columns": settlement.COLUMNS}
    return render(request, "portal/payments/cashier/settlements.html", context, status=400 if form.errors else 200)


@never_cache
@require_safe
@permission_required("portal_payments.add_settlementfile")  # type: ignore[untyped-decorator]
def settlement_file(request: StaffRequest, pk: int) -> HttpResponse:
    """One settlement file: what differs, what only the gateway has, what only we have."""
    file = get_object_or_404(SettlementFile.objects.select_related("imported_by"), pk=pk)
    context = {
        "file": file,
        "matched": settlement.matched(file).count(),
        "lists": [(label, rows[:200]) for label, rows in settlement.problems_of(file)],
        "only_ours": settlement.only_ours(file)[:200],
    }
    return render(request, "portal/payments/cashier/settlement.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("portal_payments.add_dayclose")  # type: ignore[untyped-decorator]
def closes(request: StaffRequest) -> HttpResponse:
    """日結."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            books.close(form.cleaned_data["day"], by=request.user, now=timezone.now())
        except books.ClosedAlready as why:
            form.add_error("day", str(why))
        else:
            messages.success(request, "已日結。")
            return redirect("cashier:closes")
    page = Paginator(DayClose.objects.select_related("closed_by"), 20).get_page(request.GET.get("p"))
    later = books.came_later(list(page))
    rows = [(close, books.in_words(close.sums), later[close.day]) for close in page]
    context = {"form": form, "rows": rows, "page": page}
    return render(request, "portal/payments/cashier/closes.html", context, status=400 if form.errors else 200)


def _export(request: StaffRequest, first: date, last: date, method: str) -> HttpResponse:
    """The lines for accounting."""
    log.info("user %s exports the ledger from %s to %s", request.user.pk, first, last)
    header, *lines = books.rows(first, last, method=method)
    exports.write_down(request.user.pk, "款項總覽", len(lines))
    response = HttpResponse(as_csv([header, *lines]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{first}-{last}.csv"'
    return response
