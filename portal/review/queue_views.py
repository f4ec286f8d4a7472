"""待辦案件 and the search for a case."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import any_permission_required

from portal.cases.queries import for_review, found_by
from portal.office_calendar import queries as office_calendar

from . import queue as work
from .queries import REVIEW_CASE, VIEW_CASE
from .views import StaffRequest


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@any_permission_required(REVIEW_CASE, VIEW_CASE)  # type: ignore[untyped-decorator]
def queue(request: StaffRequest) -> HttpResponse:
    """待辦案件; a search is posted, for numbers and names belong into no address."""
    return _search(request) if request.method == "POST" else _list(request)


def _list(request: StaffRequest) -> HttpResponse:
    today, calendar = timezone.localdate(), office_calendar.current()
    filters = work.Filters(request.GET)
    cases = filters.narrow(for_review())
    tabs = work.counted(work.tabs(request.user, today, calendar), cases)
    tab = next((each for each in tabs if each.code == request.GET.get("tab")), None) or _first(tabs)
    page = work.page_of(cases, tab, request.GET.get("page", ""))
    query = request.GET.copy()
    query.pop("tab", None)
    query.pop("page", None)
    context = {
        "tabs": tabs,
        "tab": tab,
        "filters": filters,
        "page": page,
        "rows": work.rows(page, today, calendar),
        "query": query.urlencode(),
        "may_review": request.user.has_perm(REVIEW_CASE),
    }
    return render(request, "portal/review/queue.html", context)


def _first(tabs: list[work.Tab]) -> work.Tab:
    """The first with something to do, or 待審核."""
    return next((tab for tab in tabs if tab.count), tabs[1])


def _search(request: StaffRequest) -> HttpResponse:
    text = request.POST.get("q", "").strip()
    cases = work.found(found_by(text))
    if len(cases) == 1:
        return redirect("review:decision", cases[0].case_no)
    context = {
        "q": text,
        "searched": True,
        "rows": work.rows(cases, timezone.localdate(), office_calendar.current()),
        "most": work.FOUND_MAX,
        "may_review": request.user.has_perm(REVIEW_CASE),
    }
    return render(request, "portal/review/queue.html", context)
