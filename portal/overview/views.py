"""系統狀態."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.auth import permission_required

from . import status


@never_cache
@require_safe
@permission_required("portal_core.view_taskrun")  # type: ignore[untyped-decorator]
def overview(request: HttpRequest) -> HttpResponse:
    """What runs and what waits."""
    now = timezone.now()
    context = {"probes": status.probes(), "waiting": status.waiting(now), "tasks": list(status.tasks(now)), "now": now}
    return render(request, "portal/overview/status.html", context)
