"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """`DEMO`, and the student category that the address names (or None)."""
    match = request.resolver_match
    return {"DEMO": settings.DEMO, "category": match.kwargs.get("category") if match else None}
