"""Health and failures."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import health
from .site import typed


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nothing of anybody."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Every probe by name with "ok" or what is wrong; 503 if one is wrong."""
    answers = health.readiness()
    wrong = any(answers.values())
    return JsonResponse({name: answer or "ok" for name, answer in answers.items()}, status=503 if wrong else 200)


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page that was open too long, or from elsewhere: of a form on another site nothing is repeated."""
    return typed.page(request, "portal/errors/csrf.html", typed.of(request) if typed.is_from_here(request) else {}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: what was typed is in the answer; asks the database for nothing."""
    posted = typed.of(request) if request.method == "POST" and not typed.is_by_script(request) else {}
    page = render_to_string("500.html", typed.context(request, posted) if posted else {})
    return HttpResponse(page, status=500, headers={"Cache-Control": "no-store, private"} if posted else None)
