"""線上繳費: list, 繳費明細, 繳費方式, 繳費單, 交易結果."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from portal.accounts.access import StudentRequest, student_required
from portal.core.categories import StudentCategory
from portal.core.files import private_file_response

from . import operations, queries, registry
from .forms import MethodForm, SelectionForm
from .models import Bill
from .protocol import NOTHING_SAID, FormPost, Method, Redirect, Start
from .slips import paper
from .states import BillState, PaymentState


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def payable_list(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """線上繳費–列表: tick some 團號 and press 【繳費】, or press one 團號. Slips that can still be paid stand above."""
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
            form.add_error("cases", _too_many())
    context = {
        "form": form,
        "cases": form.payable,
        "ticked": form["cases"].value() or [],
        "slips": [(payment, payment.is_past(timezone.localdate())) for payment in queries.slips_of(request.user)],
    }
    return render(request, "portal/payments/list.html", context)


def _picked(request: StudentRequest) -> dict[str, list[str]] | None:
    """The ticked 團號, or only the one that was pressed."""
    if request.method != "POST":
        return None
    return {"cases": request.POST.getlist("only") or request.POST.getlist("cases")}


def _too_many() -> str:
    return _("短時間內繳費嘗試次數過多，請於一小時後再試。")


@require_GET
@student_required
def bill_detail(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponse:
    """繳費明細: what is paid, and how much in all."""
    bill = _own_bill(request, bill_no)
    if bill.state not in {BillState.OPEN, BillState.CANCELLED, BillState.EXPIRED}:
        return redirect("payments:result", category, bill_no)
    lines = list(bill.lines.select_related("case").order_by("case__group_no"))
    is_overdue = queries.is_overdue(bill, today=timezone.localdate())
    context = {
        "bill": bill,
        "lines": lines,
        "is_payable": not is_overdue and queries.waits_for_money(bill, lines),
        "is_overdue": is_overdue,
        "live": queries.live_attempt(bill),
    }
    return render(request, "portal/payments/bill.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def cancel(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponse:
    """取消繳費單: asked once more; the cases wait for payment again."""
    bill = _own_bill(request, bill_no)
    if bill.state != BillState.OPEN:
        return redirect("payments:bill", category, bill_no)
    refused = ""
    if request.method == "POST":
        try:
            operations.cancel_bill(bill, now=timezone.now())
            return redirect("payments:bill", category, bill_no)
        except operations.Unanswered:
            refused = _("金融機構尚未回覆本繳費單是否已繳費，目前無法取消，請稍後再試。")
        except operations.NotPayable:
            return redirect("payments:result", category, bill_no)
    context = {"bill": bill, "live": queries.live_attempt(bill), "refused": refused}
    return render(request, "portal/payments/cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def method(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponseBase:
    """繳費方式: choose one and press 【繳費】."""
    bill = _own_bill(request, bill_no)
    if not queries.is_payable(bill, today=timezone.localdate()):
        return redirect("payments:bill", category, bill_no)
    methods = registry.methods_for(bill.total)
    form = MethodForm(request.POST if request.method == "POST" else None, methods=methods)
    if form.is_valid():
        chosen = registry.method(form.cleaned_data["method"])
        if chosen.form:
            return redirect("payments:method-details", category, bill_no, chosen.code)
        if (response := _start(request, bill, chosen, form, "method")) is not None:
            return response
    context = {"bill": bill, "form": form, "methods": methods, "live": queries.live_attempt(bill)}
    return render(request, "portal/payments/method.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def method_details(request: StudentRequest, category: StudentCategory, bill_no: str, code: str) -> HttpResponseBase:
    """What a method has to know before the student leaves, as 交易方式 of the e-government platform."""
    bill = _own_bill(request, bill_no)
    chosen = next((each for each in registry.methods_for(bill.total) if each.code == code), None)
    if chosen is None or chosen.form is None:
        raise Http404
    if not queries.is_payable(bill, today=timezone.localdate()):
        return redirect("payments:bill", category, bill_no)
    form = chosen.form(request.POST if request.method == "POST" else None)
    if form.is_valid() and (response := _start(request, bill, chosen, form, None, form.cleaned_data)) is not None:
        return response
    return render(request, "portal/payments/method_details.html", {"bill": bill, "form": form, "chosen": chosen})


def _start(
    request: StudentRequest,
    bill: Bill,
    chosen: Method,
    form: Form,
    field: str | None,
    said: Mapping[str, str] = NOTHING_SAID,
) -> HttpResponse | None:
    """Away to the gateway or to the slip, or None: the form says why not."""
    try:
        return _go(request, bill, chosen, operations.start_payment(bill, chosen, said=said, now=timezone.now()))
    except operations.Overdue:
        return redirect("payments:bill", bill.category, bill.number)
    except operations.NotAccepted:
        form.add_error(field, _("目前無法使用此繳費方式，未扣款。請改用其他繳費方式。"))
    except operations.NotPayable:
        return redirect("payments:result", bill.category, bill.number)
    except operations.TooManyAttempts:
        form.add_error(field, _too_many())
    return None


def _go(request: StudentRequest, bill: Bill, chosen: Method, start: Start) -> HttpResponse:
    if isinstance(start, Redirect | FormPost):
        return _leave(request, bill, chosen, start)
    return redirect("payments:result", bill.category, bill.number)


def _leave(request: StudentRequest, bill: Bill, chosen: Method, start: Redirect | FormPost) -> HttpResponse:
    """A page of ours leads away, by an address that it opens or by a form.

    Where a form may lead, also through a redirect, is a matter of policies that differ from host to host; a page that opens an
    address needs none. A form that has to be posted is allowed where it leads to, whatever else the policy says.
    """
    response = render(request, "portal/payments/leave.html", {"bill": bill, "chosen": chosen, "start": start})
    if isinstance(start, Redirect):
        response.headers["Refresh"] = f"0; url={start.url}"
    else:
        where = urlsplit(start.url)
        response._csp_update = {"form-action": [f"{where.scheme}://{where.netloc}"]}  # type: ignore[attr-defined]  # as django-csp's
    return response


@require_safe
@student_required
def slip(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponseBase:
    """繳費單 PDF 檔案下載 (圖 73, 74): the live one, or the one that was paid; each print is the first one's."""
    bill = _own_bill(request, bill_no)
    payment = queries.printable_slip(bill)
    if payment is None:
        raise Http404
    try:
        printed = paper.printed(payment)
    except paper.NotPrintable:
        return render(request, "portal/downloads/render_error.html", {"name": _("繳費單")}, status=503)
    filename = f"{_('繳費單')}-{payment.reference}.pdf"
    inline = "open" in request.GET
    return private_file_response(printed.slip_file, filename=filename, content_type="application/pdf", inline=inline)


@require_GET
@student_required
def result(request: StudentRequest, category: StudentCategory, bill_no: str) -> HttpResponse:
    """交易結果頁: result, date and time, amount; 「確認中」 until the gateway has said; of a slip, where and when to pay."""
    bill = _own_bill(request, bill_no)
    payment = queries.deciding_attempt(bill)
    if payment is None:
        return redirect("payments:bill", category, bill_no)
    if payment.is_live:
        operations.inquire(payment, now=timezone.now())
        bill.refresh_from_db()
    today = timezone.localdate()
    context = {
        "bill": bill,
        "payment": payment,
        "moment": payment.captured_at or getattr(payment.events.last(), "at", None),  # the bank's time, as on the receipt
        "is_payable": queries.is_payable(bill, today=today),
        "is_slip": payment.state == PaymentState.CODE_ISSUED,
        "is_past": payment.is_past(today),
        "returned": queries.returned(payment),
        "is_refunded": bill.state == BillState.REFUNDED,
        "receipt_waits": payment.receipt is not None and not payment.receipt.is_available(today),
        "has_permits": any(line.case.kind.outcome.is_pdf for line in bill.lines.select_related("case")),
    }
    return render(request, "portal/payments/result.html", context)


def _own_bill(request: StudentRequest, bill_no: str) -> Bill:
    return get_object_or_404(queries.bills_of(request.user), number=bill_no)
