"""Health and failures."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import health as checks


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nothing of anybody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Every probe by name with "ok" or what is wrong; 503 if one is wrong."""
    answers = checks.readiness()
    wrong = any(answers.values())
    return JsonResponse({name: answer or "ok" for name, answer in answers.items()}, status=503 if wrong else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page that was open too long, or from elsewhere."""
    return render(request, "portal/errors/csrf.html", status=403)
