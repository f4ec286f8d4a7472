"""案件進度查詢–查詢 and 案件進度查詢結果列表."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.accounts.access import StudentRequest, student_required
from portal.cases import kinds
from portal.cases.queries import cases_of
from portal.core.categories import StudentCategory
from portal.payments.queries import with_money

from ..queries import BIG_COLUMNS
from .exports import as_csv
from .form import ProgressForm
from .waiting import waiting_times

PAGE_SIZE = 20


@require_safe
@student_required
def query(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """圖 52, 53: the conditions, and below them what was found. Somebody else's number finds nothing, as a missing one does."""
    offered = list(kinds.of_category(category.slug))
    asked = any(name in request.GET for name in ProgressForm.base_fields)
    form = ProgressForm(request.GET if asked else None, offered=offered)
    found = None
    if asked and form.is_valid():
        cases = form.narrow(with_money(cases_of(request.user)).defer(*BIG_COLUMNS))
        found = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    given = {name: request.GET.get(name, "") for name in ProgressForm.base_fields if name in request.GET}
    context = {
        "form": form,
        "asked": asked,
        "found": found,
        "query": urlencode(given) + "&" if given else "",
        "waiting": waiting_times(offered, now=timezone.now()),
    }
    return render(request, "portal/my_cases/progress.html", context)


@require_safe
@student_required
def export(request: StudentRequest, category: StudentCategory) -> HttpResponse:
    """下載 CSV: one's own cases, all of them or what the same query finds."""
    form = ProgressForm(request.GET, offered=kinds.of_category(category.slug))
    cases = with_money(cases_of(request.user)).defer(*BIG_COLUMNS)
    content = as_csv(form.narrow(cases) if form.is_valid() else cases.none())
    name = f"{_('我的案件')}-{timezone.localdate():%Y%m%d}.csv"
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
