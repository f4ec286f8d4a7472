"""審核統計, for supervisors."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from portal.office_calendar import queries as office_calendar

from ..queries import VIEW_CASE
from ..views import StaffRequest
from . import charts, statistics


@never_cache
@require_safe
@permission_required(VIEW_CASE)  # type: ignore[untyped-decorator]
def overview(request: StaffRequest) -> HttpResponse:
    """What waits, who has it, what is decided, what is returned and why, and what is to come."""
    now, today, calendar = timezone.now(), timezone.localdate(), office_calendar.current()
    happened, ages = statistics.day_by_day(now), statistics.by_age(today, calendar)
    days, reasons = statistics.decisions_a_day(happened, today), statistics.returned_by_reason(now)
    forecast = statistics.forecast(happened, sum(each.number for each in ages), today, calendar)
    context = {
        "ages": ages,
        "ages_chart": charts.bars("待審案件的等候時間", ages),
        "days": days,
        "days_chart": charts.columns("近兩週每日審結件數", days),
        "reasons": reasons,
        "reasons_chart": charts.bars("近 90 日退補事由", reasons),
        "rate": statistics.returned_rate(happened),
        "forecast": forecast,
        "forecast_chart": charts.columns("未來五個工作日的待審件數預估", forecast.days),
        "officers": statistics.by_officer(now),
        "sample": statistics.sample(today),
    }
    return render(request, "portal/review/overview.html", context)
