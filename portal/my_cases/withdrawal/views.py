"""案件撤銷–查詢, 案件撤銷–詳細, and the two questions between (圖 56-61)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import StudentRequest, student_required
from portal.cases import operations
from portal.cases.models import Case
from portal.cases.operations import NotAllowed, StaleCase
from portal.cases.queries import cases_of
from portal.cases.states import WITHDRAWABLE, Status
from portal.core.categories import StudentCategory

from ..queries import BIG_COLUMNS
from .forms import WithdrawalForm, WithdrawalQueryForm


@require_safe
@student_required
def query(request: StudentRequest, category: StudentCategory) -> HttpResponseBase:
    """圖 56: by 團號 or 收件號; whoever has the number no longer finds the case in the list below."""
    asked = any(name in request.GET for name in WithdrawalQueryForm.base_fields)
    form = WithdrawalQueryForm(request.GET if asked else None)
    cases = cases_of(request.user).defer(*BIG_COLUMNS)
    if asked and form.is_valid() and (found := form.find(cases)):
        return redirect("my_cases:withdrawal", category, found.case_no)
    context = {"form": form, "asked": asked and form.is_valid(), "cases": cases.filter(status__in=WITHDRAWABLE)}
    return render(request, "portal/my_cases/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
def detail(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponseBase:
    """圖 57-61: the case with 申請人列表; 撤銷 asks for the declaration, then once more, and leads back here with the result."""
    case = get_object_or_404(cases_of(request.user), case_no=case_no)
    can_be_withdrawn = case.status in WITHDRAWABLE
    if request.method == "POST":
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            return _declaration(request, case, form)
        if request.POST.get("step") == "confirmed":
            _withdraw(request, case, form.cleaned_data["version"])
            return redirect("my_cases:withdrawal", category, case.case_no)
        # At an address of its own: browsers do not go back to what answered a POST.
        return redirect(f"{request.path}?confirm={form.cleaned_data['version'] or ''}")
    if "confirm" in request.GET:
        context = {"case": case, "form": WithdrawalForm(initial={"version": request.GET["confirm"]})}
        return render(request, "portal/my_cases/withdraw_confirm.html", context)
    if "declare" in request.GET and can_be_withdrawn:
        return _declaration(request, case, WithdrawalForm(initial={"version": case.version}))
    return render(request, "portal/my_cases/withdrawal.html", {"case": case, "can_be_withdrawn": can_be_withdrawn})


def _declaration(request: StudentRequest, case: Case, form: WithdrawalForm) -> HttpResponse:
    return render(request, "portal/my_cases/withdraw_declaration.html", {"case": case, "form": form})


def _withdraw(request: StudentRequest, case: Case, version: int | None) -> None:
    """Do it, and say how it went."""
    try:
        operations.withdraw(case, actor=request.user, version=version or 0, now=timezone.now())
    except (StaleCase, NotAllowed):
        case.refresh_from_db()
        messages.error(request, _("撤銷失敗：{reason}").format(reason=_reason(case)))
    else:
        messages.success(request, _("撤銷成功：收件號 {number} 已撤銷，不再審核。").format(number=case.case_no))


def _reason(case: Case) -> str:
    """Why it was not done."""
    if case.status in WITHDRAWABLE:
        return _("案件剛有變動，目前為「{status}」。請確認後再撤銷一次。").format(status=case.public_status)
    if case.status == Status.WITHDRAWN:
        return _("案件先前已撤銷。")
    return _("案件已審核完成，目前為「{status}」，不能撤銷。").format(status=case.public_status)
