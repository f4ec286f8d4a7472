"""Health and failures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page that was open too long, or from elsewhere."""
    return render(request, "errors/csrf.html", status=403)
