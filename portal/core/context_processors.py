"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """`DEMO`, the template of the band above every page, and the student category that the address names (or None)."""
    match = request.resolver_match
    return {"DEMO": settings.DEMO, "site_band": settings.SITE_BAND, "category": match.kwargs.get("category") if match else None}
