"""線上繳費: list, 繳費明細, 繳費方式, 交易結果."""

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from portal.accounts.access import StudentRequest, student_required
from portal.core.categories import StudentCategory

from . import operations, queries, registry
from .forms import MethodForm, SelectionForm
from .models import Bill
from .protocol import FormPost, Redirect, Start
from .states import BillState


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def payable_list(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """線上繳費–列表: tick some 團號 and press 【繳費】, or press one 團號."""
    form = SelectionForm(_picked(request), user=request.user, today=timezone.localdate())
    if form.is_valid():
        try:
            bill = operations.open_bill(request.user, form.cleaned_data["cases"], now=timezone.now())
            return redirect("payments:bill", category, bill.number)
        except operations.Overdue:
            form.add_error("cases", _("所選案件已逾繳費期限，無法繳費。如仍需辦理，請於案件結束後重新申請。"))
        except operations.NotPayable:
            form.add_error("cases", _("所選案件已有進行中的繳費，請稍後再試。"))
        except operations.TooManyAttempts:
            form.add_error("cases", _("短時間內繳費嘗試次數過多，請於一小時後再試。"))
    ticked = form["cases"].value() or []
    return render(request, "portal/payments/list.html", {"form": form, "cases": form.payable, "ticked": ticked})


def _picked(request: StudentRequest) -> dict[str, list[str]] | None:
    """The ticked 團號, or only the one that was pressed."""
    if request.method != "POST":
        return None
    return {"cases": request.POST.getlist("only") or request.POST.getlist("cases")}


@require_GET
@student_required
def bill_detail(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponse:
    """繳費明細: what is paid, and how much in all."""
    bill = _own_bill(request, bill_no)
    if bill.state not in {BillState.OPEN, BillState.CANCELLED, BillState.EXPIRED}:
        return redirect("payments:result", category, bill_no)
    lines = bill.lines.select_related("case").order_by("case__group_no")
    today = timezone.localdate()
    context = {
        "bill": bill,
        "lines": lines,
        "is_payable": queries.is_payable(bill, today=today),
        "is_overdue": queries.is_overdue(bill, today=today),
    }
    return render(request, "portal/payments/bill.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def method(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponseBase:
    """繳費方式: choose one and press 【繳費】."""
    bill = _own_bill(request, bill_no)
    if not queries.is_payable(bill, today=timezone.localdate()):
        return redirect("payments:bill", category, bill_no)
    form = MethodForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = registry.method(form.cleaned_data["method"])
        try:
            return _go(request, bill, operations.start_payment(bill, chosen, now=timezone.now()))
        except operations.Overdue:
            return redirect("payments:bill", category, bill_no)
        except operations.NotPayable:
            return redirect("payments:result", category, bill_no)
        except operations.TooManyAttempts:
            form.add_error("method", _("短時間內繳費嘗試次數過多，請於一小時後再試。"))
    return render(request, "portal/payments/method.html", {"bill": bill, "form": form, "methods": registry.methods()})


def _go(request: StudentRequest, bill: Bill, start: Start) -> HttpResponse:
    match start:
        case Redirect(url):
            return HttpResponseRedirect(url, status=303)
        case FormPost():
            return render(request, "portal/payments/leave.html", {"bill": bill, "start": start})
    return redirect("payments:result", bill.category, bill.number)


@require_GET
@student_required
def result(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponse:
    """交易結果頁: result, date and time, amount; 「確認中」 until the gateway has said."""
    bill = _own_bill(request, bill_no)
    payment = queries.deciding_attempt(bill)
    if payment is None:
        return redirect("payments:bill", category, bill_no)
    if payment.is_live:
        operations.inquire(payment, now=timezone.now())
        bill.refresh_from_db()
    is_payable = queries.is_payable(bill, today=timezone.localdate())
    context = {
        "bill": bill,
        "payment": payment,
        "last": payment.events.last(),
        "is_payable": is_payable,
        "has_permits": any(line.case.kind.outcome.is_pdf for line in bill.lines.select_related("case")),
    }
    return render(request, "portal/payments/result.html", context)


def _own_bill(request: StudentRequest, bill_no: str) -> Bill:
    return get_object_or_404(queries.bills_of(request.user), number=bill_no)
