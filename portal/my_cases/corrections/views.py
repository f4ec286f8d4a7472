"""補正(件)–列表, 補正(件)–詳細 with its 退補案件申請書, and what belongs to them."""

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.access import StudentRequest, shows_typed, student_required
from portal.cases.queries import cases_of, with_overdue
from portal.cases.states import RETURNED
from portal.core.categories import StudentCategory
from portal.forms.form_map import blocks_of
from portal.office_calendar import queries as office_calendar

from ..queries import BIG_COLUMNS
from .visits import Visit


@require_safe
@student_required
def listed(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """補正(件)–列表 (圖 45): every case that waits for its student's correction, the first to expire on top."""
    cases = with_overdue(cases_of(request.user).defer(*BIG_COLUMNS), timezone.localdate(), office_calendar.current())
    returned = cases.filter(status__in=RETURNED).order_by("deadline", "pk")
    return render(request, "portal/my_cases/corrections.html", {"cases": returned})


@require_http_methods(["GET", "HEAD", "POST"])
@student_required
@shows_typed
def detail(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponseBase:
    """補正(件)–詳細 (圖 46-49): 審核意見 on top, the form below; and afterwards 補正(件)完成."""
    case = get_object_or_404(cases_of(request.user).select_related("correction"), case_no=case_no)
    visit = Visit(request, case)
    return visit.post() if request.method == "POST" else visit.get()


@require_http_methods(["GET", "POST"])
@student_required
def save(request: StudentRequest, category: StudentCategory, case_no: str) -> HttpResponseBase:
    """What the form's script saves while one types, as `forms:save` does; 409 when the case does not wait for it any more."""
    case = get_object_or_404(cases_of(request.user).select_related("correction"), case_no=case_no)
    visit = Visit(request, case)
    if request.method == "GET":
        return JsonResponse({"token": get_token(request)})
    if not visit.is_open or not visit.keep_typed():
        return JsonResponse({}, status=409)
    blocks = {block.anchor: [block.state, str(block.state_label)] for block in blocks_of(visit.form())}
    return JsonResponse({"saved": date_format(timezone.localtime(), "H:i:s"), "blocks": blocks})
