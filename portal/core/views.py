"""Health and failures."""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import health as checks

NOT_REPEATED: Final = re.compile("password|token|captcha", re.IGNORECASE)
TYPED_MAX: Final = 32 * 1024  # characters: ten times the longest form


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


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page that was open too long, or from elsewhere.

    What was typed on a page of ours is not lost: the answer holds it, to be sent again with a token that is valid. Of a form on
    another site nothing is repeated: browsers say where a form was, and scripts cannot say otherwise.
    """
    ours = f"{request.scheme}://{request.get_host()}"
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin" or request.headers.get("Origin") == ours
    return render(request, "portal/errors/csrf.html", {"typed": _typed(request) if is_ours else []}, status=403)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Every field and value that was posted, but for passwords and tokens; nothing of too large a form."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values if not NOT_REPEATED.search(name)]
    return typed if sum(len(name) + len(value) for name, value in typed) <= TYPED_MAX else []
